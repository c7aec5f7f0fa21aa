/**
 * The life of one utility VM: from a request to a VM whose guest answers, until it is stopped or ends by itself. Every
 * host call belongs to the state that made it; whatever goes wrong, what was acquired is released, or listed by name.
 * Its picture is in docs/machines/.
 */
import { runContextOf, runOutputOf } from '../run/context.ts';
import { serviceLoss } from '../run/reconciling.ts';
import { releaser } from '../run/releaser.ts';
import { failures } from '../run/settling.ts';
import { supervised, supervisedInTurn } from '../run/supervised.ts';
import { begin, deciding, documents, failed, finish, givenUp, validates } from '../run/transitions.ts';
import type { UtilityVmContext, UtilityVmInput, ValidatedVm } from './contract.ts';
import { beginning, exited, reconciling, residue, running, stopped, stopping } from './settling.ts';
import { utilityVmSetup } from './setup.ts';
import { groundOf, validatedInput } from './stepInputs.ts';

function contextOf(input: UtilityVmInput): UtilityVmContext {
  return {
    ...runContextOf(input, 'configuringGuest', input.ownDeadlines),
    request: input.request,
    keepOnFailure: input.keepOnFailure ?? false,
    ground: null,
    validated: null,
    document: null,
  };
}

const preparing = utilityVmSetup.createStateConfig({
  initial: 'deciding',
  states: {
    deciding: deciding('preparing', 'preparingHost'),
    preparingHost: {
      ...supervised,
      description: 'Folders and files are made for the VM, and it is given access to what it opens.',
      invoke: {
        id: 'prepareHost',
        src: 'prepareHost',
        input: ({ context }) => validatedInput(context),
        onDone: [givenUp, { target: 'done', actions: finish('preparing') }],
        onError: [givenUp, failed],
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'documenting' },
});

export const utilityVm = utilityVmSetup.createMachine({
  id: 'utilityVm',
  context: ({ input }) => contextOf(input),
  invoke: releaser,
  on: serviceLoss,
  initial: 'beginning',
  states: {
    beginning,
    initializing: {
      ...supervised,
      description: 'The facts of the host are read, and what lies where boot files may lie.',
      entry: begin('initializing'),
      invoke: {
        id: 'initialize',
        src: 'initialize',
        input: ({ context: { provisionId, request } }) => ({ provisionId, request }),
        onDone: [
          givenUp,
          {
            target: 'validating',
            actions: [
              { type: 'keepGround', params: ({ event }) => ({ ground: event.output }) },
              finish('initializing'),
            ],
          },
        ],
        onError: [givenUp, failed],
      },
    },
    validating: {
      ...supervised,
      description: 'Every option gets its value, and all that is wrong with them is found at once.',
      entry: begin('validating'),
      invoke: {
        id: 'validate',
        src: 'validate',
        input: ({ context }) => ({
          provisionId: context.provisionId,
          request: context.request,
          ground: groundOf(context),
        }),
        ...validates<ValidatedVm, 'preparing'>('preparing'),
      },
    },
    preparing,
    documenting: {
      ...supervised,
      description: 'The options and the facts become the document for HCS.',
      entry: begin('documenting'),
      invoke: {
        id: 'buildDocument',
        src: 'buildDocument',
        input: ({ context }) => validatedInput(context),
        ...documents('creating'),
      },
    },
    creating: {
      ...supervisedInTurn,
      description: 'HCS makes the VM; nothing runs in it yet.',
      entry: begin('creating'),
      invoke: {
        id: 'createVm',
        src: 'createVm',
        input: ({ context, self }) => ({ ...validatedInput(context), document: context.document ?? {}, parent: self }),
        onDone: [givenUp, { target: 'starting', actions: finish('creating') }],
        onError: [givenUp, failed],
      },
    },
    starting: {
      ...supervisedInTurn,
      description: 'The VM boots, until its guest is connected.',
      entry: begin('starting'),
      invoke: {
        id: 'startVm',
        src: 'startVm',
        input: ({ context, self }) => ({ ...validatedInput(context), parent: self }),
        onDone: [givenUp, { target: 'configuringGuest', actions: finish('starting') }],
        onError: [givenUp, failed],
      },
    },
    configuringGuest: {
      ...supervised,
      description:
        'A Linux guest is told its security policy, and the VM is noted for those who put containers into it.',
      entry: begin('configuringGuest'),
      invoke: {
        id: 'configureGuest',
        src: 'configureGuest',
        input: ({ context }) => validatedInput(context),
        onDone: [givenUp, { target: 'running', actions: [finish('configuringGuest'), 'emitCompleted'] }],
        onError: [givenUp, failed],
      },
    },
    running,
    stopping,
    exited,
    reconciling,
    ...failures,
    residue,
    stopped,
  },
  output: ({ context }) => runOutputOf(context),
  options: { maxIterations: 1000 },
});
