import { supervised, supervisedInTurn } from '../run/supervised.ts';
import { cancelNow, failed, givenUp, loseServiceNow } from '../run/transitions.ts';
import { createContainerSetup } from './setup.ts';
import { allocatingInput, preparedInput } from './stepInputs.ts';
import { allocates, decidingWhere, tryLayersAgain } from './transitions.ts';

/** The layers: given to the VM, or for process isolation mounted on the host, and mounted again as long as the host says 'not ready yet'. */
export const mountingLayers = createContainerSetup.createStateConfig({
  initial: 'deciding',
  states: {
    deciding: decidingWhere('mountingLayers', 'activating', 'mountingInVm'),
    mountingInVm: {
      ...supervisedInTurn,
      description: 'The VM is given the layers and the scratch, and its guest puts them together.',
      invoke: {
        id: 'mountLayersInVm',
        src: 'mountLayersInVm',
        input: ({ context, self }) => ({ ...allocatingInput(context), parent: self }),
        ...allocates('mountingLayers'),
      },
    },
    activating: {
      ...supervisedInTurn,
      description: 'The scratch disk is mounted on the host.',
      entry: 'countLayerAttempt',
      invoke: {
        id: 'activateLayer',
        src: 'activateLayer',
        input: ({ context, self }) => ({ ...preparedInput(context), parent: self }),
        onDone: [givenUp, { target: 'preparing' }],
        onError: [givenUp, tryLayersAgain, failed],
      },
    },
    preparing: {
      ...supervisedInTurn,
      description: 'The filter is attached that shows the scratch together with its parents.',
      invoke: {
        id: 'prepareLayer',
        src: 'prepareLayer',
        input: ({ context, self }) => ({
          ...preparedInput(context),
          layers: context.allocations.layers,
          parent: self,
        }),
        onDone: [givenUp, { target: 'locating' }],
        onError: [givenUp, tryLayersAgain, failed],
      },
    },
    undoingAttempt: {
      ...supervised,
      description: 'What the attempt left mounted is taken down before the next one.',
      invoke: {
        id: 'undoLayers',
        src: 'undoLayers',
        input: ({ context }) => ({ provisionId: context.provisionId }),
        onDone: [givenUp, { target: 'waitingToRetry' }],
        onError: [givenUp, failed],
      },
    },
    waitingToRetry: {
      tags: ['busy'],
      after: { layerRetry: { target: 'activating' } },
      on: { 'provision.cancel': cancelNow, 'service.disconnected': loseServiceNow },
    },
    locating: {
      ...supervisedInTurn,
      description: 'The host names the volume of the mounted scratch.',
      invoke: {
        id: 'locateVolume',
        src: 'locateVolume',
        input: ({ context, self }) => ({ ...preparedInput(context), parent: self }),
        ...allocates('mountingLayers'),
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'resolvingMounts' },
});
