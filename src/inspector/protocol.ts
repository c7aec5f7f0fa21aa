/**
 * What the server tells the page: one stream of server-sent events, `GET /api/stream?run=ID`, whose data are these
 * messages as JSON. `run` is left out as long as no run is looked at.
 */
import type { Fault } from '../domain/fault.ts';
import type { ProvisionStatus } from '../domain/provisionStatus.ts';
import type { Phase } from '../domain/step.ts';
import type { RunLine } from '../journal/store.ts';
import type { Waiting } from '../observe/waiting.ts';

export const STREAM_PATH = '/api/stream';

/** `interrupted`: its process is gone, and it was not at rest. */
export type ShownStatus = ProvisionStatus | 'interrupted';

/** One row in the list of runs. */
export interface RunOverview {
  readonly id: string;
  /** The container or utility VM that it makes. */
  readonly systemId: string;
  readonly kind: 'container' | 'vm';
  readonly status: ShownStatus;
  /** The active state of the statechart, dots between the levels; '' when nothing tells of it. */
  readonly path: string;
  readonly step: Phase;
  /** ISO 8601. */
  readonly startedAt: string;
  /** When something was last told of it, ISO 8601. */
  readonly lastAt: string;
  /** What it waits for, since when and until when, in milliseconds from `startedAt`. */
  readonly waiting: Waiting;
  readonly fault: Pick<Fault, 'code' | 'message' | 'step'> | null;
  /** How many things of it are on the host, or may be. */
  readonly onHost: number;
  /** How many of these could not be released. */
  readonly residue: number;
}

/** Something that cannot be shown, and what to do about it. */
export interface Problem {
  /** Stable, kebab-case: `run-unknown`, `run-file-unreadable`, `run-too-long`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export type InspectorMessage =
  | {
      readonly type: 'runs';
      /** Whether these are all there are; otherwise those that are new or have changed. */
      readonly isAll: boolean;
      readonly runs: readonly RunOverview[];
      /** The time of the server, ISO 8601: ages are counted from it. */
      readonly now: string;
      /** Files that cannot be read; only told when `isAll`. */
      readonly problems?: readonly Problem[];
    }
  | {
      readonly type: 'lines';
      readonly run: string;
      /** How many lines of the run came before these: 0 begins it anew. */
      readonly from: number;
      readonly lines: readonly RunLine[];
      /** Whether the server knows more lines that are still to come in this answer. */
      readonly isBehind: boolean;
    }
  | ({ readonly type: 'problem'; readonly run: string } & Problem);
