import { supervised } from '../run/supervised.ts';
import { deciding, failed, finish, givenUp, skip } from '../run/transitions.ts';
import { mountingLayers } from './mountingLayers.ts';
import { createContainerSetup } from './setup.ts';
import { preparedInput } from './stepInputs.ts';
import { allocates } from './transitions.ts';

const creatingScratch = createContainerSetup.createStateConfig({
  description: 'A scratch that is not there is made.',
  initial: 'deciding',
  states: {
    deciding: deciding('creatingScratch', 'creating'),
    creating: {
      ...supervised,
      invoke: {
        id: 'createScratch',
        src: 'createScratch',
        input: ({ context }) => ({ ...preparedInput(context), layers: context.allocations.layers }),
        onDone: [givenUp, { target: 'done', actions: finish('creatingScratch') }],
        onError: [givenUp, failed],
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'mountingLayers' },
});

const resolvingMounts = createContainerSetup.createStateConfig({
  description: 'The sources of the mounts are followed to where they really lie.',
  initial: 'deciding',
  states: {
    deciding: deciding('resolvingMounts', 'resolving'),
    resolving: {
      ...supervised,
      invoke: {
        id: 'resolveMounts',
        src: 'resolveMounts',
        input: ({ context }) => preparedInput(context),
        ...allocates('resolvingMounts'),
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'creatingCredentials' },
});

const creatingCredentials = createContainerSetup.createStateConfig({
  description: 'A credential guard instance is made for the group managed service account.',
  initial: 'deciding',
  states: {
    deciding: deciding('creatingCredentials', 'creating'),
    creating: {
      ...supervised,
      invoke: {
        id: 'createCredentials',
        src: 'createCredentials',
        input: ({ context }) => preparedInput(context),
        ...allocates('creatingCredentials'),
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'assigningDevices' },
});

/** Everything that the container is made of besides its network. */
export const allocating = createContainerSetup.createStateConfig({
  initial: 'creatingScratch',
  states: {
    creatingScratch,
    mountingLayers,
    resolvingMounts,
    creatingCredentials,
    assigningDevices: {
      description: 'Devices are assigned to a hosting VM; process isolation names them in the document.',
      always: { target: 'reinstallingDrivers', actions: skip('assigningDevices') },
    },
    reinstallingDrivers: {
      description: 'Drivers are installed again in a hosting VM when its devices are there.',
      always: { target: 'done', actions: skip('reinstallingDrivers') },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'documenting' },
});
