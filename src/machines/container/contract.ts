import type { ContainerExit, ExitManner } from '../../domain/containerLife.ts';
import type { Fault } from '../../domain/fault.ts';
import type { ContainerId, ProvisionId } from '../../domain/ids.ts';
import type { GuestOs, ProcessParameters, SystemExit } from '../../domain/process.ts';
import type { ProcessTold } from '../process/contract.ts';

/** The waits of a container's life, in milliseconds. */
export interface LifePatience {
  /** How long the start of the system, and then that of a process, may take. */
  readonly startMs: number;
  /** How long a pause, a resume or a signal may take before it counts as failed. */
  readonly changeMs: number;
  /** How long a system may take to end by itself when its first process has ended. */
  readonly shutdownMs: number;
  /** How long it may take to be ended by force. */
  readonly terminateMs: number;
  /** The pause before the compute service is asked again that had gone away. */
  readonly reconcileRetryMs: number;
  /** How often it is asked. */
  readonly reconcileAttempts: number;
}

export const DEFAULT_LIFE_PATIENCE: LifePatience = {
  startMs: 240_000,
  changeMs: 60_000,
  shutdownMs: 30_000,
  terminateMs: 120_000,
  reconcileRetryMs: 1_000,
  reconcileAttempts: 120,
};

export interface ContainerRef {
  readonly provisionId: ProvisionId;
  readonly containerId: ContainerId;
  /** What runs in it. */
  readonly os: GuestOs;
}

export interface ContainerInput extends ContainerRef {
  /** Default: {@link DEFAULT_LIFE_PATIENCE}. */
  readonly patience?: Partial<LifePatience>;
  /** Its life was begun by another process, or by this one before: it goes on where the host says that it stands. */
  readonly restored?: { readonly pid?: number; readonly exit?: ContainerExit };
}

/** What the host says of a system that is looked at. */
export interface SystemFoundAgain {
  readonly state: 'created' | 'running' | 'paused' | 'stopped' | 'gone';
}

export type ContainerEvent =
  | { readonly type: 'container.start'; readonly parameters: ProcessParameters }
  | { readonly type: 'container.pause' }
  | { readonly type: 'container.resume' }
  /** The first process is asked to end; after `timeoutMs` the system is terminated. */
  | { readonly type: 'container.stop'; readonly signal: string | number; readonly timeoutMs: number }
  | { readonly type: 'container.delete' }
  /** The host says that the system has exited. */
  | { readonly type: 'system.exited'; readonly exit: SystemExit; readonly withVm?: boolean }
  | { readonly type: 'service.disconnected' }
  /** The run that had made the container has found the service there again. */
  | { readonly type: 'service.reconciled' }
  /** The run that had made the container has given it back. */
  | { readonly type: 'run.ended' }
  | ProcessTold;

export interface StopAsked {
  readonly signal: string | number;
  readonly timeoutMs: number;
}

export interface ContainerContext extends ContainerRef {
  readonly patience: LifePatience;
  readonly parameters: ProcessParameters | null;
  /** Of its first process. */
  readonly pid: number | null;
  readonly isRestored: boolean;
  readonly stop: StopAsked | null;
  readonly systemHasEnded: boolean;
  /** Whether the host had paused it when it was found again. */
  readonly isPaused: boolean;
  readonly attempts: number;
  readonly exitCode: number | null;
  /** Once something has decided it. */
  readonly how: ExitManner | null;
  /** What went wrong last. */
  readonly fault: Fault | null;
}

/** What is known of its end; when, only its owner can say. */
export interface ContainerOutput {
  readonly how: ExitManner;
  readonly exitCode?: number;
}

export type ContainerTag =
  | 'created'
  | 'starting'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'resuming'
  | 'stopping'
  | 'stuck'
  | 'reconciling'
  | 'unreachable'
  | 'stopped'
  | 'deleting'
  | 'deleted';
