import { setup } from 'xstate';
import type { MachineEvent, SystemAfterLoss } from '../../domain/events.ts';
import { type StepName, VM_STEPS } from '../../domain/step.ts';
import type { CreateVmRequest } from '../../domain/vmRequest.ts';
import { releaseResources } from '../releaseResources.ts';
import { runActions, runDelays, runGuards } from '../run/actions.ts';
import type { RunTag, StepInput, TurnInput } from '../run/contract.ts';
import { changing, saying } from '../run/making.ts';
import { toBeProvided } from '../toBeProvided.ts';
import type {
  UtilityVmContext,
  UtilityVmEvent,
  UtilityVmInput,
  UtilityVmOutput,
  ValidatedInput,
  ValidatedVm,
  VmGround,
} from './contract.ts';

const acquiring: readonly StepName[] = VM_STEPS.slice(VM_STEPS.indexOf('preparing'));

const change = changing<UtilityVmContext, UtilityVmEvent>();
const say = saying<UtilityVmContext, UtilityVmEvent>();

const actions = {
  ...runActions<UtilityVmContext, UtilityVmEvent>(),
  keepGround: change((_, { ground }: { ground: VmGround }) => ({ ground })),
  keepValidated: change((_, { validated }: { validated: ValidatedVm }) => ({ validated, plan: validated.plan })),
  keepDocument: change((_, { document }: { document: object }) => ({ document })),
  emitExited: say((_, { reason }: { reason: string }) => ({ type: 'vm.exited', reason })),
};

export const utilityVmSetup = setup({
  types: {
    input: {} as UtilityVmInput,
    context: {} as UtilityVmContext,
    events: {} as UtilityVmEvent,
    output: {} as UtilityVmOutput,
    tags: {} as RunTag,
    emitted: {} as MachineEvent,
  },
  actors: {
    initialize: toBeProvided<VmGround, StepInput & { request: CreateVmRequest }>('initialize'),
    validate: toBeProvided<ValidatedVm, StepInput & { request: CreateVmRequest; ground: VmGround }>('validate'),
    prepareHost: toBeProvided<void, ValidatedInput>('prepareHost'),
    buildDocument: toBeProvided<object, ValidatedInput>('buildDocument'),
    createVm: toBeProvided<void, ValidatedInput & TurnInput & { document: object }>('createVm'),
    startVm: toBeProvided<void, ValidatedInput & TurnInput>('startVm'),
    configureGuest: toBeProvided<void, ValidatedInput>('configureGuest'),
    /** Asks the call that runs to stop, and says which one it is; null when none runs. */
    stopCall: toBeProvided<string | null, StepInput>('stopCall'),
    reopenSystem: toBeProvided<SystemAfterLoss, StepInput>('reopenSystem'),
    releaseResources,
  },
  actions,
  guards: {
    ...runGuards,
    keepsResources: ({ context }: { readonly context: UtilityVmContext }) =>
      context.keepOnFailure && !context.isGivenBack && acquiring.includes(context.step),
  },
  delays: runDelays,
});
