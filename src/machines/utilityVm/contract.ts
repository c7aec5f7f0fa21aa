import type { Deadlines } from '../../domain/deadlines.ts';
import type { Finding } from '../../domain/finding.ts';
import type { HostEvidence, HostFacts } from '../../domain/host.ts';
import type { StepPlan } from '../../domain/step.ts';
import type { UtilityVmOptions } from '../../domain/utilityVm.ts';
import type { VmPreparation } from '../../domain/vmPreparation.ts';
import type { CreateVmRequest } from '../../domain/vmRequest.ts';
import type { RunContext, RunEvent, RunInput, RunOutput, StepInput } from '../run/contract.ts';

export interface UtilityVmInput extends RunInput {
  readonly request: CreateVmRequest;
  /** After a failure, keep what was acquired instead of releasing it. Default: false. */
  readonly keepOnFailure?: boolean;
  /** How long a step may take where it should differ from `deadlines`: the request's own. */
  readonly ownDeadlines?: Partial<Deadlines>;
}

export type UtilityVmEvent =
  | RunEvent
  /** End the VM, and give back what it stands on. */
  | { readonly type: 'vm.stop' }
  /** The VM has ended, and nobody had asked for it. */
  | { readonly type: 'vm.exited'; readonly reason: string };

export type UtilityVmOutput = RunOutput;

/** What was read of the host before anything is decided. */
export interface VmGround {
  /** The id of the VM when the request gives none. */
  readonly id: string;
  readonly facts: HostFacts;
  /** What lies where Linux boot files may lie. */
  readonly bootEvidence: HostEvidence;
}

/** A request that can be carried out, with all that follows from it. */
export interface ValidatedVm {
  readonly options: UtilityVmOptions;
  /** The layer that a Windows VM boots from; '' for a Linux one. */
  readonly imageLayer: string;
  readonly preparations: readonly VmPreparation[];
  readonly plan: readonly StepPlan[];
  readonly warnings: readonly Finding[];
}

export interface UtilityVmContext extends RunContext {
  readonly request: CreateVmRequest;
  readonly keepOnFailure: boolean;
  readonly ground: VmGround | null;
  readonly validated: ValidatedVm | null;
  readonly document: object | null;
}

export interface ValidatedInput extends StepInput {
  readonly ground: VmGround;
  readonly validated: ValidatedVm;
}
