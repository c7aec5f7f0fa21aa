/** What the runs of all machines have in common: a create with deadlines, a ledger, and a way back. */
import type { ActorRef, Snapshot } from 'xstate';
import type { AdmissionClass } from '../../domain/admission.ts';
import type { Deadlines, Patience } from '../../domain/deadlines.ts';
import type { Fault } from '../../domain/fault.ts';
import type { ProvisionId, ResourceId } from '../../domain/ids.ts';
import type { StepName, StepPlan } from '../../domain/step.ts';
import type { ReleaseSettled } from '../releaseResources.ts';

export interface RunInput {
  readonly provisionId: ProvisionId;
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

export type RunEvent =
  /** Stop, and undo what was done. */
  | { readonly type: 'provision.cancel'; readonly reason: string }
  /** Give back what a finished or held create owns. */
  | { readonly type: 'resources.release' }
  /** What was kept was kept long enough. */
  | { readonly type: 'lease.expired' }
  /** Try the residue again. */
  | { readonly type: 'release.retry' }
  /** Take one residue upon yourself: it is not tried any more. */
  | { readonly type: 'release.waive'; readonly resource: ResourceId }
  /** The Host Compute Service went away. */
  | { readonly type: 'service.disconnected' }
  | ReleaseSettled
  | TurnEvent;

/** Sent by the actor of a step whose class has no slot for it, and again when it has one. */
export type TurnEvent =
  | { readonly type: 'turn.awaited'; readonly class: AdmissionClass; readonly ahead: number }
  | { readonly type: 'turn.came'; readonly class: AdmissionClass };

/** How a run ended, once and for all. `exited`: as `released`, but nobody had asked what was made to end. */
export type RunOutput =
  | { readonly kind: 'failed'; readonly fault: Fault }
  | { readonly kind: 'released' }
  | { readonly kind: 'exited'; readonly reason: string };

export type RunTag =
  /** Something is going on. */
  | 'busy'
  /** The step waits for its turn; nothing was asked of the host yet. */
  | 'queued'
  /** Nothing moves until somebody says so. */
  | 'settled'
  /** What was acquired is being released. */
  | 'undoing'
  /** What was asked for is there. */
  | 'provisioned'
  | 'held'
  /** The compute service went away: where the run stood before is not known to be true any more. */
  | 'reconciling'
  /** Something is left on the host that nobody but the caller can decide about. */
  | 'needsHands';

/** What a run knows of the Host Compute Service. */
export interface ServiceView {
  /** It went away, and was not asked since. */
  readonly isLost: boolean;
  /** How often it was asked since it went away. */
  readonly attempts: number;
  /** Where the run rested when it went away; null: a create or a release went on. */
  readonly rested: 'provisioned' | 'held' | null;
}

export interface RunContext {
  readonly provisionId: ProvisionId;
  readonly deadlines: Deadlines;
  readonly patience: Patience;
  readonly step: StepName;
  readonly plan: readonly StepPlan[];
  /** Where the run is taken up; null for one that begins here. */
  readonly takenUpAt: TakenUp['at'] | null;
  /** What went wrong first; everything after it is rollback. */
  readonly fault: Fault | null;
  /** What was to be kept after a failure was asked for back, so that nothing that comes later is kept either. */
  readonly isGivenBack: boolean;
  /** How what was made ended by itself; null as long as it has not. */
  readonly exited: string | null;
  readonly service: ServiceView;
}

/** What every step actor gets. */
export interface StepInput {
  readonly provisionId: ProvisionId;
}

/** What the actor gets of a step that waits for its turn. */
export interface TurnInput {
  readonly parent: ActorRef<Snapshot<unknown>, TurnEvent>;
}
