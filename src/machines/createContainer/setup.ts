import { assign, emit, enqueueActions, sendTo, setup } from 'xstate';
import type { Allocations } from '../../domain/allocations.ts';
import type { MachineEvent } from '../../domain/events.ts';
import type { Finding } from '../../domain/finding.ts';
import type { HostFacts } from '../../domain/host.ts';
import type { ResourceId } from '../../domain/ids.ts';
import type { CreateRequest, Settings } from '../../domain/request.ts';
import { STEPS, type StepName, type StepPlan } from '../../domain/step.ts';
import { asFault, cancelled, deadlineExceeded, unanswered } from '../faults.ts';
import { releaseResources } from '../releaseResources.ts';
import { toBeProvided } from '../toBeProvided.ts';
import type {
  Allocated,
  CreateContainerContext,
  CreateContainerEvent,
  CreateContainerInput,
  CreateContainerOutput,
  CreateContainerTag,
  PreparedInput,
  StepInput,
  TakenUp,
  Validated,
} from './contract.ts';

const acquiresFrom = STEPS.indexOf('installingDrivers');

const isPlanned = (plan: readonly StepPlan[], step: StepName): boolean =>
  plan.some((planned) => planned.step === step && planned.applies);

export const createContainerSetup = setup({
  types: {
    input: {} as CreateContainerInput,
    context: {} as CreateContainerContext,
    events: {} as CreateContainerEvent,
    output: {} as CreateContainerOutput,
    tags: {} as CreateContainerTag,
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
    joinNetworkOfVm: toBeProvided<void, PreparedInput & { allocations: Allocations }>('joinNetworkOfVm'),
    mountLayersInVm: toBeProvided<Allocated, PreparedInput & { allocations: Allocations }>('mountLayersInVm'),
    attachMounts: toBeProvided<Allocated, PreparedInput & { allocations: Allocations }>('attachMounts'),
    assignDevices: toBeProvided<Allocated, PreparedInput & { allocations: Allocations }>('assignDevices'),
    configureNetwork: toBeProvided<Allocated, PreparedInput>('configureNetwork'),
    createScratch: toBeProvided<void, PreparedInput & { layers: Allocated['layers'] }>('createScratch'),
    activateLayer: toBeProvided<void, PreparedInput>('activateLayer'),
    prepareLayer: toBeProvided<void, PreparedInput & { layers: Allocated['layers'] }>('prepareLayer'),
    undoLayers: toBeProvided<void, StepInput>('undoLayers'),
    locateVolume: toBeProvided<Allocated, PreparedInput>('locateVolume'),
    resolveMounts: toBeProvided<Allocated, PreparedInput>('resolveMounts'),
    createCredentials: toBeProvided<Allocated, PreparedInput & { allocations: Allocations }>('createCredentials'),
    buildDocument: toBeProvided<object, PreparedInput & { facts: HostFacts; allocations: Allocations }>(
      'buildDocument',
    ),
    createComputeSystem: toBeProvided<void, StepInput & { settings: Settings; document: object }>(
      'createComputeSystem',
    ),
    /** Asks the call that runs to stop, and says which one it is; null when none runs. */
    stopCall: toBeProvided<string | null, StepInput>('stopCall'),
    releaseResources,
  },
  actions: {
    beginStep: assign((_, params: { step: StepName }) => ({ step: params.step })),
    emitStarted: emit((_, params: { step: StepName }) => ({ type: 'step.started' as const, step: params.step })),
    emitFinished: emit((_, params: { step: StepName }) => ({ type: 'step.finished' as const, step: params.step })),
    emitSkipped: emit(({ context }, params: { step: StepName }) => {
      const plan = context.plan.find((planned) => planned.step === params.step);
      const reason = plan === undefined || plan.applies ? 'it does not apply' : plan.reason;
      return { type: 'step.skipped' as const, step: params.step, reason };
    }),
    emitWarnings: enqueueActions(({ enqueue }, params: { warnings: readonly Finding[] }) => {
      for (const finding of params.warnings) enqueue.emit({ type: 'request.warned', finding });
    }),
    emitRetrying: emit(({ context }, params: { error: unknown }) => ({
      type: 'step.retrying' as const,
      step: context.step,
      attempt: context.layerAttempts + 1,
      delayMs: context.patience.layerRetryMs,
      fault: asFault(params.error, context.step),
    })),
    emitFailed: emit(({ context }, params: { error: unknown }) => ({
      type: 'step.failed' as const,
      step: context.step,
      fault: asFault(params.error, context.step),
    })),
    emitOutcomeUnknown: emit(({ context }) => ({
      type: 'step.outcomeUnknown' as const,
      step: context.step,
      fault: context.fault ?? deadlineExceeded(context.step, context.deadlines[context.step]),
    })),
    emitCancelRequested: emit((_, params: { reason: string }) => ({
      type: 'provision.cancelRequested' as const,
      reason: params.reason,
    })),
    emitCompleted: emit({ type: 'provision.completed' }),
    emitHeld: emit(({ context }) => ({
      type: 'provision.held' as const,
      fault: context.fault ?? asFault('held without a fault', context.step),
    })),
    emitReleaseStarted: emit(({ context }) => ({
      type: 'release.started' as const,
      purpose: context.fault === null ? ('release' as const) : ('rollback' as const),
    })),
    emitReleaseFinished: emit(({ context }, params: { residue: number }) => ({
      type: 'release.finished' as const,
      purpose: context.fault === null ? ('release' as const) : ('rollback' as const),
      residue: params.residue,
    })),
    keepSettings: assign((_, params: { settings: Settings; facts: HostFacts }) => params),
    keepValidated: assign(({ context }, params: { validated: Validated }) => ({
      spec: params.validated.spec,
      plan: params.validated.plan,
      allocations: { ...context.allocations, ...params.validated.allocated },
    })),
    keepAllocated: assign(({ context }, params: { allocated: Allocated }) => ({
      allocations: { ...context.allocations, ...params.allocated },
    })),
    keepDocument: assign((_, params: { document: object }) => ({ document: params.document })),
    countLayerAttempt: assign(({ context }) => ({ layerAttempts: context.layerAttempts + 1 })),
    recordFault: assign(({ context }, params: { error: unknown }) => ({
      fault: context.fault ?? asFault(params.error, context.step),
    })),
    nameUnansweredCall: assign(({ context }, params: { call: string | null }) => ({
      fault: context.fault === null || params.call === null ? context.fault : unanswered(context.fault, params.call),
    })),
    recordDeadline: assign(({ context }) => ({
      fault: context.fault ?? deadlineExceeded(context.step, context.deadlines[context.step]),
    })),
    recordCancel: assign(({ context }, params: { reason: string }) => ({
      fault: context.fault ?? cancelled(context.step, params.reason),
    })),
    beginRelease: sendTo('releaser', ({ context }) => ({
      type: 'release.begin',
      which: context.fault === null ? 'container' : 'all',
    })),
    undoIntents: sendTo('releaser', { type: 'release.begin', which: 'intended' }),
    waive: sendTo('releaser', (_, params: { resource: ResourceId }) => ({
      type: 'release.waive',
      resource: params.resource,
    })),
  },
  guards: {
    applies: ({ context }, params: { step: StepName }) => isPlanned(context.plan, params.step),
    isTakenUpAt: ({ context }, params: { at: TakenUp['at'] }) => context.takenUpAt === params.at,
    appliesInVm: ({ context }, params: { step: StepName }) =>
      context.settings?.vm !== undefined && isPlanned(context.plan, params.step),
    isInVm: ({ context }) => context.settings?.vm !== undefined,
    hasFailed: ({ context }) => context.fault !== null,
    layersMayBeRetried: ({ context }, params: { error: unknown }) =>
      asFault(params.error, context.step).transient && context.layerAttempts < context.patience.layerAttempts,
    keepsResources: ({ context }) => {
      const keeps = context.settings?.keepOnFailure ?? false;
      return keeps && STEPS.indexOf(context.step) >= acquiresFrom;
    },
    failedAndNothingIsLeft: ({ context }, params: { residue: number }) =>
      context.fault !== null && params.residue === 0,
    nothingIsLeft: (_, params: { residue: number }) => params.residue === 0,
  },
  delays: {
    stepDeadline: ({ context }) => context.deadlines[context.step],
    stopGrace: ({ context }) => context.patience.stopGraceMs,
    layerRetry: ({ context }) => context.patience.layerRetryMs,
  },
});
