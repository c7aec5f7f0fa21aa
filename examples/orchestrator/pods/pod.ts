/** What a pod is asked to be, and where it stands: plain data. */
import type { ContainerExit, CreateRequest } from 'slipway';
import type { Why } from './why.ts';

declare const brand: unique symbol;
/** The name of a pod, and the id of its container. */
export type PodId = string & { readonly [brand]: 'PodId' };

/** When the container of a pod is started again that has ended. `onFailure`: unless it has ended with 0. */
export const RESTART_POLICIES = ['always', 'onFailure', 'never'] as const;
export type RestartPolicy = (typeof RESTART_POLICIES)[number];

export interface PodManifest {
  readonly id: PodId;
  readonly restart: RestartPolicy;
  readonly request: Pick<CreateRequest, 'spec' | 'schemaVersion' | 'networkNamespace'>;
}

/** How a pod came to an end that it is not to be brought back from. */
export type PodEnd =
  | { readonly kind: 'exited'; readonly exit: ContainerExit }
  | { readonly kind: 'failed'; readonly why: Why };

/**
 * How far a pod has come, as far as it must be known after a restart of the orchestrator. `started`: its first process
 * runs, has run, or was about to be started; `exit`: how it has ended.
 */
export type Progress =
  | { readonly kind: 'unstarted' }
  | { readonly kind: 'started'; readonly exit?: ContainerExit }
  | { readonly kind: 'over'; readonly end: PodEnd };

/** What is written down of a pod. */
export interface PodRecord {
  readonly manifest: PodManifest;
  readonly desired: 'running' | 'deleted';
  readonly progress: Progress;
}

/**
 * `recovering`: what is left of it from before is looked at. `queued`: too many others are being created. `releasing`:
 * what its container stood on is given back. `exited` and `failed` are the end, by its restart policy or because trying
 * again is no use. `drained`: it is started again with the next orchestrator.
 */
export type PodPhase =
  | 'recovering'
  | 'queued'
  | 'creating'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'releasing'
  | 'backingOff'
  | 'exited'
  | 'failed'
  | 'drained'
  | 'deleted';

export interface PodState {
  readonly id: PodId;
  readonly restart: RestartPolicy;
  readonly phase: PodPhase;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** How often its container was started by this orchestrator. */
  readonly starts: number;
  /** Where the statechart of its create stands. */
  readonly path?: string;
  /** Of its first process. */
  readonly pid?: number;
  /** How it ended last. */
  readonly exit?: ContainerExit;
  /** What went wrong last. */
  readonly why?: Why;
  /** When it is tried again, ISO 8601. */
  readonly retryAt?: string;
}
