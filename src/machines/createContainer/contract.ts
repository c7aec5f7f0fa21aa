import type { Allocations } from '../../domain/allocations.ts';
import type { Finding } from '../../domain/finding.ts';
import type { HostFacts } from '../../domain/host.ts';
import type { CreateRequest, Settings } from '../../domain/request.ts';
import type { StepPlan } from '../../domain/step.ts';
import type { RunContext, RunEvent, RunInput, RunOutput, RunTag, StepInput } from '../run/contract.ts';

export interface CreateContainerInput extends RunInput {
  readonly request: CreateRequest;
}

export type CreateContainerEvent = RunEvent;
export type CreateContainerOutput = RunOutput;
export type CreateContainerTag = RunTag;

/** What an actor of a step learned for the document. */
export type Allocated = Partial<Allocations>;

export interface Validated {
  /** The parsed OCI spec. */
  readonly spec: unknown;
  readonly plan: readonly StepPlan[];
  readonly warnings: readonly Finding[];
  readonly allocated: Allocated;
}

export interface CreateContainerContext extends RunContext {
  readonly request: CreateRequest;
  readonly settings: Settings | null;
  readonly facts: HostFacts | null;
  readonly spec: unknown;
  readonly allocations: Allocations;
  readonly document: object | null;
  readonly layerAttempts: number;
}

export interface PreparedInput extends StepInput {
  readonly settings: Settings;
  readonly spec: unknown;
}
