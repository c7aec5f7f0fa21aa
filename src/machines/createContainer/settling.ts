/** The ends of a create, good and bad, and the ways out of them. */

import { lostAtRest, reconcilingOf } from '../run/reconciling.ts';
import { beginningOf, givingBackOf, residueOfRun } from '../run/settling.ts';
import { createContainerSetup } from './setup.ts';

const NAMES = { there: 'provisioned', givenBack: 'releasing', gone: 'released' } as const;

export const beginning = createContainerSetup.createStateConfig(beginningOf(NAMES));

export const provisioned = createContainerSetup.createStateConfig({
  description: 'The compute system exists, and all that it stands on is held.',
  tags: ['settled', 'provisioned'],
  on: { 'resources.release': { target: 'releasing' }, 'service.disconnected': lostAtRest('provisioned') },
});

export const releasing = createContainerSetup.createStateConfig({
  ...givingBackOf(NAMES),
  description: 'The container is given back.',
});

export const exited = createContainerSetup.createStateConfig({
  ...givingBackOf(NAMES),
  description: 'The container has ended by itself; what it stood on is released.',
});

export const reconciling = createContainerSetup.createStateConfig(reconcilingOf(NAMES));

export const residue = createContainerSetup.createStateConfig(residueOfRun(NAMES));

export const released = createContainerSetup.createStateConfig({
  type: 'final',
  description: 'The container is gone; nothing of it is left.',
  tags: ['settled'],
});
