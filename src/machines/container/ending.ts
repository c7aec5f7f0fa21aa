/** The end of a container's life: it has stopped, and what it stood on is given back. */
import { containerSetup, refOf } from './setup.ts';

const residueOf = ({ event }: { event: { readonly output: { readonly residue: number } } }) => ({
  residue: event.output.residue,
});

export const stopped = containerSetup.createStateConfig({
  description: 'Nothing runs in it any more; what it stood on is still held.',
  tags: ['stopped'],
  entry: 'emitStopped',
  on: { 'container.delete': { target: 'deleting' } },
});

export const deleting = containerSetup.createStateConfig({
  description: 'The run that made the container gives back all that it stood on.',
  tags: ['deleting'],
  entry: 'forgetFault',
  invoke: {
    id: 'releaseContainer',
    src: 'releaseContainer',
    input: refOf,
    onDone: [{ guard: { type: 'nothingIsLeft', params: residueOf }, target: 'deleted' }, { target: 'undeleted' }],
    onError: {
      target: 'undeleted',
      actions: { type: 'recordFault', params: ({ event }) => ({ error: event.error, phase: 'stopping' }) },
    },
  },
});

export const undeleted = containerSetup.createStateConfig({
  description: 'Something could not be released. It can be tried again.',
  tags: ['stopped'],
  on: { 'container.delete': { target: 'deleting' } },
});

export const deleted = containerSetup.createStateConfig({
  type: 'final',
  description: 'The container is gone; nothing of it is left but its residue, where somebody waived it.',
  tags: ['deleted'],
  entry: 'emitDeleted',
});
