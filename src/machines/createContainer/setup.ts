import { setup } from 'xstate';
import type { Allocations } from '../../domain/allocations.ts';
import type { MachineEvent, SystemAfterLoss } from '../../domain/events.ts';
import type { HostFacts } from '../../domain/host.ts';
import type { CreateRequest, Settings } from '../../domain/request.ts';
import { STEPS, type StepName } from '../../domain/step.ts';
import { asFault } from '../faults.ts';
import { releaseResources } from '../releaseResources.ts';
import { type OfError, runActions, runDelays, runGuards } from '../run/actions.ts';
import type { RunTag, StepInput, TurnInput } from '../run/contract.ts';
import { changing, saying } from '../run/making.ts';
import { toBeProvided } from '../toBeProvided.ts';
import type {
  Allocated,
  CreateContainerContext,
  CreateContainerEvent,
  CreateContainerInput,
  CreateContainerOutput,
  PreparedInput,
  Validated,
} from './contract.ts';

const acquiring: readonly StepName[] = STEPS.slice(STEPS.indexOf('installingDrivers'));

interface OfContext {
  readonly context: CreateContainerContext;
}

const change = changing<CreateContainerContext, CreateContainerEvent>();
const say = saying<CreateContainerContext, CreateContainerEvent>();

const actions = {
  ...runActions<CreateContainerContext, CreateContainerEvent>(),
  emitRetrying: say(({ step, layerAttempts, patience }, { error }: OfError) => ({
    type: 'step.retrying',
    step,
    attempt: layerAttempts + 1,
    delayMs: patience.layerRetryMs,
    fault: asFault(error, step),
  })),
  keepSettings: change((_, { settings, facts }: { settings: Settings; facts: HostFacts }) => ({ settings, facts })),
  keepValidated: change(({ allocations }, { validated }: { validated: Validated }) => ({
    spec: validated.spec,
    plan: validated.plan,
    allocations: { ...allocations, ...validated.allocated },
  })),
  keepAllocated: change(({ allocations }, { allocated }: { allocated: Allocated }) => ({
    allocations: { ...allocations, ...allocated },
  })),
  keepDocument: change((_, { document }: { document: object }) => ({ document })),
  emitExited: say((_, { reason }: { reason: string }) => ({ type: 'container.exited', reason })),
  countLayerAttempt: change(({ layerAttempts }) => ({ layerAttempts: layerAttempts + 1 })),
};

const guards = {
  ...runGuards,
  isInVm: ({ context }: OfContext) => context.settings?.vm !== undefined,
  appliesInVm: ({ context }: OfContext, params: { step: StepName }) =>
    context.settings?.vm !== undefined && runGuards.applies({ context }, params),
  layersMayBeRetried: ({ context }: OfContext, { error }: OfError) =>
    asFault(error, context.step).transient && context.layerAttempts < context.patience.layerAttempts,
  keepsResources: ({ context }: OfContext) => {
    const keeps = context.settings?.keepOnFailure ?? false;
    return keeps && !context.isGivenBack && acquiring.includes(context.step);
  },
};

export const createContainerSetup = setup({
  types: {
    input: {} as CreateContainerInput,
    context: {} as CreateContainerContext,
    events: {} as CreateContainerEvent,
    output: {} as CreateContainerOutput,
    tags: {} as RunTag,
    emitted: {} as MachineEvent,
  },
  actors: {
    initialize: toBeProvided<{ settings: Settings; facts: HostFacts }, StepInput & { request: CreateRequest }>(
      'initialize',
    ),
    validate: toBeProvided<Validated, StepInput & { request: CreateRequest; settings: Settings; facts: HostFacts }>(
      'validate',
    ),
    installDrivers: toBeProvided<void, PreparedInput & { allocations: Allocations; step: StepName }>('installDrivers'),
    joinNetworkOfVm: toBeProvided<void, PreparedInput & { allocations: Allocations } & TurnInput>('joinNetworkOfVm'),
    mountLayersInVm: toBeProvided<Allocated, PreparedInput & { allocations: Allocations } & TurnInput>(
      'mountLayersInVm',
    ),
    attachMounts: toBeProvided<Allocated, PreparedInput & { allocations: Allocations }>('attachMounts'),
    assignDevices: toBeProvided<Allocated, PreparedInput & { allocations: Allocations }>('assignDevices'),
    configureNetwork: toBeProvided<Allocated, PreparedInput & TurnInput>('configureNetwork'),
    createScratch: toBeProvided<void, PreparedInput & { layers: Allocated['layers'] } & TurnInput>('createScratch'),
    activateLayer: toBeProvided<void, PreparedInput & TurnInput>('activateLayer'),
    prepareLayer: toBeProvided<void, PreparedInput & { layers: Allocated['layers'] } & TurnInput>('prepareLayer'),
    undoLayers: toBeProvided<void, StepInput>('undoLayers'),
    locateVolume: toBeProvided<Allocated, PreparedInput & TurnInput>('locateVolume'),
    resolveMounts: toBeProvided<Allocated, PreparedInput>('resolveMounts'),
    createCredentials: toBeProvided<Allocated, PreparedInput & { allocations: Allocations }>('createCredentials'),
    buildDocument: toBeProvided<object, PreparedInput & { facts: HostFacts; allocations: Allocations }>(
      'buildDocument',
    ),
    createComputeSystem: toBeProvided<void, StepInput & TurnInput & { settings: Settings; document: object }>(
      'createComputeSystem',
    ),
    /** Asks the call that runs to stop, and says which one it is; null when none runs. */
    stopCall: toBeProvided<string | null, StepInput>('stopCall'),
    /** Opens the system of the run anew; rejects as long as the service is not there. */
    reopenSystem: toBeProvided<SystemAfterLoss, StepInput>('reopenSystem'),
    releaseResources,
  },
  actions,
  guards,
  delays: {
    ...runDelays,
    layerRetry: ({ context }: OfContext) => context.patience.layerRetryMs,
  },
});
