/** What a run makes, and the statechart that makes it. */
import { type ActorOptions, createActor, type Subscription } from 'xstate';
import type { MachineEvent } from '../domain/events.ts';
import type { SystemId } from '../domain/ids.ts';
import type { CreateRequest } from '../domain/request.ts';
import { STEPS, type StepName, VM_STEPS } from '../domain/step.ts';
import type { CreateVmRequest } from '../domain/vmRequest.ts';
import type { AskedOfRun } from '../journal/store.ts';
import type { createContainer } from '../machines/createContainer/machine.ts';
import type { RunContext, RunInput, RunTag } from '../machines/run/contract.ts';
import type { UtilityVmEvent, UtilityVmInput } from '../machines/utilityVm/contract.ts';
import type { utilityVm } from '../machines/utilityVm/machine.ts';

export type CreateMachine = typeof createContainer;
export type VmMachine = typeof utilityVm;

/** What the engine sends; the machine of a container knows no `vm.*`. */
export type EngineEvent = UtilityVmEvent;

export interface RunSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped';
  readonly value: unknown;
  readonly context: RunContext & { readonly document: object | null };
  hasTag(tag: RunTag): boolean;
  can(event: EngineEvent): boolean;
}

/** An actor of either machine. */
export interface RunActor {
  start(): unknown;
  send(event: EngineEvent): void;
  getSnapshot(): RunSnapshot;
  on(type: '*', told: (event: MachineEvent) => void): Subscription;
  subscribe(observer: { next(snapshot: RunSnapshot): void; error(error: unknown): void }): Subscription;
}

export type RunActorOptions = Pick<ActorOptions<CreateMachine>, 'clock' | 'inspect'>;

export interface RunSubject {
  readonly id: SystemId;
  readonly asked: AskedOfRun;
  readonly steps: readonly StepName[];
  actorOf(input: RunInput, options: RunActorOptions): RunActor;
}

export function containerSubject(machine: CreateMachine, id: SystemId, request: CreateRequest): RunSubject {
  return {
    id,
    asked: { kind: 'container', request },
    steps: STEPS,
    actorOf: (input, options) => createActor(machine, { input: { ...input, request }, ...options }),
  };
}

export function vmSubject(
  machine: VmMachine,
  id: SystemId,
  request: CreateVmRequest,
  own: Pick<UtilityVmInput, 'keepOnFailure' | 'ownDeadlines'> = {},
): RunSubject {
  return {
    id,
    asked: { kind: 'vm', request },
    steps: VM_STEPS,
    actorOf: (input, options) => createActor(machine, { input: { ...input, ...own, request }, ...options }),
  };
}
