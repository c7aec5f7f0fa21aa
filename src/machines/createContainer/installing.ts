import { supervised } from '../run/supervised.ts';
import { deciding, failed, finish, givenUp } from '../run/transitions.ts';
import { createContainerSetup } from './setup.ts';
import { allocatingInput } from './stepInputs.ts';

/** The inside of a step that installs the drivers of the spec in the guest. */
export const installing = <S extends 'installingDrivers' | 'reinstallingDrivers'>(step: S) =>
  createContainerSetup.createStateConfig({
    initial: 'deciding',
    states: {
      deciding: deciding(step, 'installing'),
      installing: {
        ...supervised,
        invoke: {
          id: `${step}.installDrivers`,
          src: 'installDrivers',
          input: ({ context }) => ({ ...allocatingInput(context), step }),
          onDone: [givenUp, { target: 'done', actions: finish(step) }],
          onError: [givenUp, failed],
        },
      },
      done: { type: 'final' },
    },
  });
