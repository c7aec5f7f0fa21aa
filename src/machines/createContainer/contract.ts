import type { Allocations } from '../../domain/allocations.ts';
import type { Deadlines, Patience } from '../../domain/deadlines.ts';
import type { Fault } from '../../domain/fault.ts';
import type { Finding } from '../../domain/finding.ts';
import type { HostFacts } from '../../domain/host.ts';
import type { ProvisionId, ResourceId } from '../../domain/ids.ts';
import type { CreateRequest, Settings } from '../../domain/request.ts';
import type { StepName, StepPlan } from '../../domain/step.ts';
import type { ReleaseSettled } from '../releaseResources.ts';

export interface CreateContainerInput {
  readonly provisionId: ProvisionId;
  readonly request: CreateRequest;
  /** Default: {@link DEFAULT_DEADLINES}. The request's own come before both. */
  readonly deadlines?: Partial<Deadlines>;
  /** Default: {@link DEFAULT_PATIENCE}. */
  readonly patience?: Partial<Patience>;
  /** Takes up a run that another process began, where its ledger says that it stood. */
  readonly takenUp?: TakenUp;
}

/** `fault`: why it failed, where it did. A run that was `interrupted` is rolled back. */
export type TakenUp =
  | { readonly at: 'provisioned' }
  | { readonly at: 'held'; readonly fault: Fault }
  | { readonly at: 'residue'; readonly fault: Fault | null }
  | { readonly at: 'interrupted'; readonly fault: Fault };

export type CreateContainerEvent =
  /** Stop, and undo what was done. */
  | { readonly type: 'provision.cancel'; readonly reason: string }
  /** Give back what a finished or held create owns. */
  | { readonly type: 'resources.release' }
  /** Try the residue again. */
  | { readonly type: 'release.retry' }
  /** Take one residue upon yourself: it is not tried any more. */
  | { readonly type: 'release.waive'; readonly resource: ResourceId }
  | ReleaseSettled;

/** How a run ended, once and for all. */
export type CreateContainerOutput = { readonly kind: 'failed'; readonly fault: Fault } | { readonly kind: 'released' };

export type CreateContainerTag =
  /** Something is going on. */
  | 'busy'
  /** Nothing moves until somebody says so. */
  | 'settled'
  /** What was acquired is being released. */
  | 'undoing'
  | 'provisioned'
  | 'held'
  /** Something is left on the host that nobody but the caller can decide about. */
  | 'needsHands';

/** What an actor of a step learned for the document. */
export type Allocated = Partial<Allocations>;

export interface Validated {
  /** The parsed OCI spec. */
  readonly spec: unknown;
  readonly plan: readonly StepPlan[];
  readonly warnings: readonly Finding[];
  readonly allocated: Allocated;
}

export interface CreateContainerContext {
  readonly provisionId: ProvisionId;
  readonly request: CreateRequest;
  readonly deadlines: Deadlines;
  readonly patience: Patience;
  readonly step: StepName;
  readonly settings: Settings | null;
  readonly facts: HostFacts | null;
  readonly spec: unknown;
  readonly plan: readonly StepPlan[];
  readonly allocations: Allocations;
  readonly document: object | null;
  readonly layerAttempts: number;
  /** Where the run is taken up; null for one that begins here. */
  readonly takenUpAt: TakenUp['at'] | null;
  /** What went wrong first; everything after it is rollback. */
  readonly fault: Fault | null;
}

/** What every step actor gets. */
export interface StepInput {
  readonly provisionId: ProvisionId;
}

export interface PreparedInput extends StepInput {
  readonly settings: Settings;
  readonly spec: unknown;
}
