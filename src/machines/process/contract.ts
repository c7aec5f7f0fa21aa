import type { ActorRef, Snapshot } from 'xstate';
import type { Fault } from '../../domain/fault.ts';
import type { ContainerId, ProvisionId } from '../../domain/ids.ts';
import type { ProcessParameters } from '../../domain/process.ts';

/** Which process the actors work on: its handle and its pipes are known to them under `key`. */
export interface ProcessRef {
  readonly provisionId: ProvisionId;
  readonly containerId: ContainerId;
  /** Names the process before it has a pid; unique in its run. */
  readonly key: string;
}

/** A new one, or one that another process of ours has made. */
export type ProcessOrigin =
  | { readonly kind: 'new'; readonly parameters: ProcessParameters }
  | { readonly kind: 'known'; readonly pid: number };

/** What a process tells whoever has it. */
export type ProcessTold =
  | { readonly type: 'process.running'; readonly pid: number }
  /** It was not there in time; what becomes of it is undone. */
  | { readonly type: 'process.unanswered'; readonly fault: Fault };

export interface ProcessInput extends ProcessRef {
  readonly origin: ProcessOrigin;
  /** Milliseconds in which it must be there. */
  readonly startDeadlineMs: number;
  /** Told of its start. */
  readonly owner?: ActorRef<Snapshot<unknown>, ProcessTold>;
}

export type ProcessEvent =
  /** The host says that it has exited. */
  | { readonly type: 'process.exited'; readonly exitCode?: number }
  /** Its system has ended: its handle tells no more than it has to tell now. */
  | { readonly type: 'system.ended' }
  /** It cannot be watched through its handle. */
  | { readonly type: 'watch.failed'; readonly fault: Fault }
  /** The compute service went away, and the handle with it: nobody knows what becomes of the process. */
  | { readonly type: 'handle.lost' }
  /** The service is back, and the system is there. */
  | { readonly type: 'system.found' };

/** How it ended. */
export type ProcessOutcome =
  | { readonly kind: 'exited'; readonly exitCode?: number }
  | { readonly kind: 'failed'; readonly fault: Fault };

export interface ProcessContext extends ProcessInput {
  readonly pid: number | null;
  readonly outcome: ProcessOutcome | null;
  /** How often its handle was opened anew without success. */
  readonly attempts: number;
}

/** What the host says of the end of a process; without a code where it says nothing (any more). */
export interface ExitSaid {
  readonly exitCode?: number | undefined;
}

/** What the host says of a process that was there before. */
export interface ReopenedProcess {
  readonly status: 'running' | 'exited' | 'gone';
  readonly exitCode?: number;
}

export type ProcessTag = 'busy' | 'running' | 'settled' | 'undoing';
