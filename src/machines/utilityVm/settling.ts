/** The life of a VM that runs, and its ends. */

import { lostAtRest, reconcilingOf } from '../run/reconciling.ts';
import { beginningOf, givingBackOf, residueOfRun } from '../run/settling.ts';
import { utilityVmSetup } from './setup.ts';

const NAMES = { there: 'running', givenBack: 'stopping', gone: 'stopped' } as const;

const reasonOf = ({ event }: { event: { readonly reason: string } }) => ({ reason: event.reason });

export const beginning = utilityVmSetup.createStateConfig(beginningOf(NAMES));

export const running = utilityVmSetup.createStateConfig({
  description: 'The guest has been reached and configured; containers can be put into the VM.',
  tags: ['settled', 'provisioned'],
  on: {
    'service.disconnected': lostAtRest('provisioned'),
    'vm.stop': { target: 'stopping' },
    'resources.release': { target: 'stopping' },
    'vm.exited': {
      target: 'exited',
      actions: [
        { type: 'recordExit', params: reasonOf },
        { type: 'emitExited', params: reasonOf },
      ],
    },
  },
});

export const stopping = utilityVmSetup.createStateConfig({
  ...givingBackOf(NAMES),
  description: 'The VM is ended through a fresh handle, and what it stands on is released.',
});

export const exited = utilityVmSetup.createStateConfig({
  ...givingBackOf(NAMES),
  description: 'The VM has ended by itself; what it stood on is released.',
});

const afterLoss = reconcilingOf(NAMES);

export const reconciling = utilityVmSetup.createStateConfig({
  ...afterLoss,
  on: { ...afterLoss.on, 'vm.stop': afterLoss.on['resources.release'] },
});

export const residue = utilityVmSetup.createStateConfig(residueOfRun(NAMES));

export const stopped = utilityVmSetup.createStateConfig({
  type: 'final',
  description: 'The VM is gone; nothing of it is left but what its caller keeps.',
  tags: ['settled'],
});
