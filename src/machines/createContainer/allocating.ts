import { supervised, supervisedInTurn } from '../run/supervised.ts';
import { deciding, failed, finish, givenUp } from '../run/transitions.ts';
import { installing } from './installing.ts';
import { mountingLayers } from './mountingLayers.ts';
import { createContainerSetup } from './setup.ts';
import { allocatingInput, preparedInput } from './stepInputs.ts';
import { allocates, decidingWhere } from './transitions.ts';

const creatingScratch = createContainerSetup.createStateConfig({
  description: 'A scratch that is not there is made.',
  initial: 'deciding',
  states: {
    deciding: deciding('creatingScratch', 'creating'),
    creating: {
      ...supervisedInTurn,
      invoke: {
        id: 'createScratch',
        src: 'createScratch',
        input: ({ context, self }) => ({
          ...preparedInput(context),
          layers: context.allocations.layers,
          parent: self,
        }),
        onDone: [givenUp, { target: 'done', actions: finish('creatingScratch') }],
        onError: [givenUp, failed],
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'mountingLayers' },
});

const resolvingMounts = createContainerSetup.createStateConfig({
  description: 'The sources of the mounts are followed to where they really lie, or given to the VM.',
  initial: 'deciding',
  states: {
    deciding: decidingWhere('resolvingMounts', 'resolving', 'attaching'),
    resolving: {
      ...supervised,
      invoke: {
        id: 'resolveMounts',
        src: 'resolveMounts',
        input: ({ context }) => preparedInput(context),
        ...allocates('resolvingMounts'),
      },
    },
    attaching: {
      ...supervised,
      description: 'The VM is given the folders, disks and pipes of the mounts.',
      invoke: {
        id: 'attachMounts',
        src: 'attachMounts',
        input: ({ context }) => allocatingInput(context),
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
        input: ({ context }) => allocatingInput(context),
        ...allocates('creatingCredentials'),
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'assigningDevices' },
});

const assigningDevices = createContainerSetup.createStateConfig({
  description: 'Devices are assigned to the hosting VM; process isolation names them in the document.',
  initial: 'deciding',
  states: {
    deciding: deciding('assigningDevices', 'assigning'),
    assigning: {
      ...supervised,
      invoke: {
        id: 'assignDevices',
        src: 'assignDevices',
        input: ({ context }) => allocatingInput(context),
        ...allocates('assigningDevices'),
      },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'reinstallingDrivers' },
});

/** Everything that the container is made of besides its network. */
export const allocating = createContainerSetup.createStateConfig({
  initial: 'creatingScratch',
  states: {
    creatingScratch,
    mountingLayers,
    resolvingMounts,
    creatingCredentials,
    assigningDevices,
    reinstallingDrivers: {
      ...installing('reinstallingDrivers'),
      description:
        'Drivers are installed again in a Windows guest when its devices are there: then they are ready for use.',
      onDone: { target: 'done' },
    },
    done: { type: 'final' },
  },
  onDone: { target: 'documenting' },
});
