import { supervisedInTurn } from '../run/supervised.ts';
import { deciding, failed, finish, givenUp } from '../run/transitions.ts';
import { createContainerSetup } from './setup.ts';
import { allocatingInput, preparedInput } from './stepInputs.ts';
import { keepAllocated } from './transitions.ts';

/** The network of the container: on the host, and then in the VM that hosts it. */
export const networking = createContainerSetup.createStateConfig({
  initial: 'deciding',
  states: {
    deciding: deciding('networking', 'configuring'),
    configuring: {
      ...supervisedInTurn,
      description: 'The given namespace is joined, or one is made and the endpoints are put into it.',
      invoke: {
        id: 'configureNetwork',
        src: 'configureNetwork',
        input: ({ context, self }) => ({ ...preparedInput(context), parent: self }),
        onDone: [
          givenUp,
          { guard: 'isInVm', target: 'joiningInVm', actions: keepAllocated },
          { target: 'done', actions: [keepAllocated, finish('networking')] },
        ],
        onError: [givenUp, failed],
      },
    },
    joiningInVm: {
      ...supervisedInTurn,
      description: 'The guest learns of the namespace, and each endpoint gets a NIC in the VM.',
      invoke: {
        id: 'joinNetworkOfVm',
        src: 'joinNetworkOfVm',
        input: ({ context, self }) => ({ ...allocatingInput(context), parent: self }),
        onDone: [givenUp, { target: 'done', actions: finish('networking') }],
        onError: [givenUp, failed],
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'allocating' },
});
