import { supervised } from '../run/supervised.ts';
import { cancelNow, deciding, failed, givenUp } from '../run/transitions.ts';
import { createContainerSetup } from './setup.ts';
import { preparedInput } from './stepInputs.ts';
import { allocates, tryLayersAgain } from './transitions.ts';

/** The layers of a process-isolated container: mounted, and mounted again as long as the host says 'not ready yet'. */
export const mountingLayers = createContainerSetup.createStateConfig({
  initial: 'deciding',
  states: {
    deciding: deciding('mountingLayers', 'activating'),
    activating: {
      ...supervised,
      description: 'The scratch disk is mounted on the host.',
      entry: 'countLayerAttempt',
      invoke: {
        id: 'activateLayer',
        src: 'activateLayer',
        input: ({ context }) => preparedInput(context),
        onDone: [givenUp, { target: 'preparing' }],
        onError: [givenUp, tryLayersAgain, failed],
      },
    },
    preparing: {
      ...supervised,
      description: 'The filter is attached that shows the scratch together with its parents.',
      invoke: {
        id: 'prepareLayer',
        src: 'prepareLayer',
        input: ({ context }) => ({ ...preparedInput(context), layers: context.allocations.layers }),
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
      on: { 'provision.cancel': cancelNow },
    },
    locating: {
      ...supervised,
      description: 'The host names the volume of the mounted scratch.',
      invoke: {
        id: 'locateVolume',
        src: 'locateVolume',
        input: ({ context }) => preparedInput(context),
        ...allocates('mountingLayers'),
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'resolvingMounts' },
});
