/** The life of a container that was created, from its start to its end. */
import type { Fault } from './fault.ts';

/**
 * Where a container stands. `starting`, `pausing`, `resuming`, `stopping`, `reconciling` and `deleting` move by
 * themselves. `stuck`: it could not be ended; it can be tried again. `unreachable`: the compute service did not come
 * back. `deleted` is the end.
 */
export const LIFE_STATUSES = [
  'created',
  'starting',
  'running',
  'pausing',
  'paused',
  'resuming',
  'stopping',
  'stuck',
  'reconciling',
  'unreachable',
  'stopped',
  'deleting',
  'deleted',
] as const;
export type LifeStatus = (typeof LIFE_STATUSES)[number];

/**
 * How a container ended. `graceful`: its first process ended by itself or when it was asked to; `forced`: it was
 * terminated; `unexpected`: nobody had asked, and its system ended below it; `crashedGuest`: the utility VM that it
 * was in ended; `neverStarted`: nothing ever ran in it.
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
  | { readonly type: 'container.paused' }
  | { readonly type: 'container.resumed' }
  | { readonly type: 'container.stopRequested'; readonly signal: string | number; readonly timeoutMs: number }
  | { readonly type: 'container.terminating' }
  | { readonly type: 'container.stopped'; readonly how: ExitManner; readonly exitCode?: number }
  /** It could not be ended, or its start, pause or resume failed. */
  | { readonly type: 'container.failed'; readonly fault: Fault }
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
