/** The life of a container that was created, from its start to its end. */
import type { Fault } from './fault.ts';
import type { ContainerId, ProvisionId } from './ids.ts';

/**
 * Where a container stands. `starting`, `pausing`, `resuming`, `stopping`, `reconciling` and `deleting` move by themselves;
 * `deleted` is the end.
 */
export const LIFE_STATUSES = [
  'created',
  'starting',
  'running',
  'pausing',
  'paused',
  'resuming',
  'stopping',
  'reconciling',
  'stopped',
  'deleting',
  'deleted',
] as const;
export type LifeStatus = (typeof LIFE_STATUSES)[number];

/**
 * How a container ended. `graceful`: its first process ended by itself or when it was asked to; `forced`: it was
 * terminated; `unexpected`: nobody had asked, and its system ended below it; `crashed guest`: the utility VM that it
 * was in ended; `never started`: it was deleted, or could not be started.
 */
export type ExitManner = 'graceful' | 'forced' | 'unexpected' | 'crashedGuest' | 'neverStarted';

export interface ContainerExit {
  readonly how: ExitManner;
  /** Of its first process, 0 to 2^32 - 1; absent where the host does not tell (any more). */
  readonly exitCode?: number;
  /** When this process learned of it: ISO 8601. */
  readonly at: string;
}

export interface ContainerState {
  readonly provisionId: ProvisionId;
  readonly containerId: ContainerId;
  readonly status: LifeStatus;
  /** The active state of the statechart, dots between the levels. */
  readonly path: string;
  /** Of the first process, while the host knows it. */
  readonly pid?: number;
  /** From `stopped` on. */
  readonly exit?: ContainerExit;
  /** What went wrong last: a start, a pause, a delete. */
  readonly fault?: Fault;
}

/** What the life of a container says while it goes on. */
export type LifeEvent =
  | { readonly type: 'container.started'; readonly pid: number }
  | { readonly type: 'container.startFailed'; readonly fault: Fault }
  | { readonly type: 'container.paused' }
  | { readonly type: 'container.resumed' }
  | { readonly type: 'container.refused'; readonly method: LifeMethod; readonly fault: Fault }
  | { readonly type: 'container.stopRequested'; readonly signal: string; readonly timeoutMs: number }
  | { readonly type: 'container.terminated'; readonly reason: string }
  | { readonly type: 'container.stopped'; readonly exit: ContainerExit }
  | { readonly type: 'container.deleted' }
  | { readonly type: 'process.started'; readonly pid: number }
  | { readonly type: 'process.exited'; readonly pid: number; readonly exitCode?: number };

export const LIFE_METHODS = [
  'start',
  'exec',
  'signal',
  'shutdown',
  'pause',
  'resume',
  'stats',
  'processes',
  'update',
  'wait',
  'delete',
] as const;
export type LifeMethod = (typeof LIFE_METHODS)[number];
