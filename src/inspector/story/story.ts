/** What is shown of one run. All times are milliseconds from its start, over all processes that drove it. */

import type { CodeClass } from '../../domain/fault.ts';
import type { Finding } from '../../domain/finding.ts';
import type { ResourceKind, ResourceState } from '../../domain/resource.ts';
import type { Phase, StepName } from '../../domain/step.ts';
import type { StepState } from '../../observe/provisionState.ts';
import type { Waiting } from '../../observe/waiting.ts';
import type { ShownStatus } from '../protocol.ts';

/** A code of the host in words. */
export interface CodeStory {
  /** `0x80070015`. */
  readonly hresult: string;
  /** `ERROR_NOT_READY`. */
  readonly name: string;
  readonly meaning: string;
  readonly advice: string;
  readonly class: CodeClass;
  /** The host's own words, where it gave some. */
  readonly detail?: string;
}

/** The statechart was in this state once. */
export interface StateVisit {
  /** Dots between the levels: `allocating.mountingLayers.activating.inTime`. */
  readonly path: string;
  readonly enteredMs: number;
  /** null: it is there now. */
  readonly leftMs: number | null;
}

export interface RetryStory {
  readonly step: StepName;
  /** The try that comes: 2 is the first again. */
  readonly attempt: number;
  readonly reason: string;
  readonly atMs: number;
  /** When the next try begins. */
  readonly nextMs: number;
}

export interface CallStory {
  readonly number: number;
  /** In the words of the port: `layers.activate`. */
  readonly call: string;
  readonly phase: Phase | null;
  /** What it is about. */
  readonly subject: string;
  readonly startedMs: number;
  /** null: it has not answered. */
  readonly durationMs: number | null;
  /** null: it succeeded, or has not answered. */
  readonly failure: CodeStory | null;
}

/** `releasing`: a call that gives it back is on its way. */
export type ShownResourceState = ResourceState | 'releasing';

export interface ResourceStory {
  readonly id: string;
  /** Position in the order of acquisition, from 0. */
  readonly order: number;
  readonly kind: ResourceKind;
  readonly description: string;
  readonly step: Phase;
  readonly state: ShownResourceState;
  /** The states that it was in, in order; a time that nobody has told is null. */
  readonly history: ReadonlyArray<{ readonly state: ResourceState; readonly atMs: number | null }>;
  /** How often its release was tried. */
  readonly attempts: number;
  /** Whether it is on the host, or may be. */
  readonly isOnHost: boolean;
  /** Why the last release failed, or whose it is. */
  readonly error: string | null;
  readonly code: CodeStory | null;
  /** The VM with which it went. */
  readonly wentWith: string | null;
  /** Lines for PowerShell that show it on the host. */
  readonly commands: readonly string[];
}

/** Why the run did not get where it was asked to go. */
export interface FailureStory {
  readonly code: string;
  readonly message: string;
  /** What to do. */
  readonly hint: string;
  readonly step: Phase;
  /** What it was about. */
  readonly resource: string | null;
  /** The call and the code of the host. */
  readonly host: (CodeStory & { readonly call: string }) | null;
  readonly findings: readonly Finding[];
  readonly atMs: number | null;
}

/** One line in the sequence of what happened. */
export interface HappeningStory {
  readonly number: number;
  readonly atMs: number;
  readonly kind: 'step' | 'state' | 'call' | 'resource' | 'retry' | 'fault' | 'run';
  /** `step.started`, `call.answered`, `resource.held`, ... */
  readonly type: string;
  /** In words. */
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'bad' | 'warning';
  /** Of a call: its number in `calls`. */
  readonly call?: number;
  readonly code?: CodeStory;
}

export interface Story {
  readonly id: string;
  readonly systemId: string;
  readonly kind: 'container' | 'vm';
  readonly status: ShownStatus;
  readonly path: string;
  readonly step: Phase;
  /** Every step of the create in order; `reason`: why it was skipped, or what went wrong. */
  readonly steps: readonly StepState[];
  /** ISO 8601. */
  readonly startedAt: string;
  /** The time of what was told last. */
  readonly lastMs: number;
  /** Whether nothing more will happen. */
  readonly hasEnded: boolean;
  readonly visits: readonly StateVisit[];
  readonly retries: readonly RetryStory[];
  readonly calls: readonly CallStory[];
  readonly resources: readonly ResourceStory[];
  /** What is left on the host, or may be. */
  readonly left: readonly ResourceStory[];
  readonly happenings: readonly HappeningStory[];
  /** What was wrong with the request and did no harm. */
  readonly warnings: readonly Finding[];
  readonly failure: FailureStory | null;
  readonly waiting: Waiting;
  /** Of what is held: until when, ISO 8601. */
  readonly heldUntil: string | null;
  /** The document that was sent, without its secrets. */
  readonly document: unknown;
  /** What was asked for, without its secrets. */
  readonly request: unknown;
  /** The processes that drove it, the last one now. */
  readonly processes: readonly string[];
}
