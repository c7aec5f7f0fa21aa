/** The ends of a create, good and bad, and the ways out of them. */
import { createContainerSetup } from './setup.ts';

const residueOf = ({ event }: { event: { readonly residue: number } }) => ({ residue: event.residue });
const reportResidue = { type: 'emitReleaseFinished', params: residueOf } as const;
const nothingIsLeft = { type: 'nothingIsLeft', params: residueOf } as const;

export const provisioned = createContainerSetup.createStateConfig({
  description: 'The compute system exists, and all that it stands on is held.',
  tags: ['settled', 'provisioned'],
  entry: 'emitCompleted',
  on: { 'resources.release': { target: 'releasing' } },
});

/** A run that another process began goes on where that one left it. */
export const beginning = createContainerSetup.createStateConfig({
  description: 'A new run begins; one that another process left is taken up where its ledger says that it stood.',
  always: [
    { guard: { type: 'isTakenUpAt', params: { at: 'provisioned' } }, target: 'provisioned' },
    { guard: { type: 'isTakenUpAt', params: { at: 'held' } }, target: 'held' },
    { guard: { type: 'isTakenUpAt', params: { at: 'residue' } }, target: 'residue' },
    { guard: { type: 'isTakenUpAt', params: { at: 'interrupted' } }, target: 'rollingBack' },
    { target: 'initializing' },
  ],
});

/** Whether what was acquired is kept for the caller to look at. */
export const failing = createContainerSetup.createStateConfig({
  always: [{ guard: 'keepsResources', target: 'holding' }, { target: 'rollingBack' }],
});

export const holding = createContainerSetup.createStateConfig({
  description: 'What may or may not have been acquired is undone, so that the caller is given what is really there.',
  tags: ['busy'],
  entry: 'undoIntents',
  on: {
    'release.settled': [{ guard: nothingIsLeft, target: 'rolledBack', actions: reportResidue }, { target: 'held' }],
  },
});

export const held = createContainerSetup.createStateConfig({
  description: 'The create failed and the caller asked to keep what it had acquired.',
  tags: ['settled', 'held', 'needsHands'],
  entry: 'emitHeld',
  on: { 'resources.release': { target: 'rollingBack' } },
});

const undo = createContainerSetup.createStateConfig({
  tags: ['busy', 'undoing'],
  entry: ['emitReleaseStarted', 'beginRelease'],
});

export const rollingBack = createContainerSetup.createStateConfig({
  ...undo,
  description: 'Everything that was acquired is released; nobody can cancel this.',
  on: {
    'release.settled': [
      { guard: nothingIsLeft, target: 'rolledBack', actions: reportResidue },
      { target: 'residue', actions: reportResidue },
    ],
  },
});

export const releasing = createContainerSetup.createStateConfig({
  ...undo,
  description: 'The container is given back.',
  on: {
    'release.settled': [
      { guard: nothingIsLeft, target: 'released', actions: reportResidue },
      { target: 'residue', actions: reportResidue },
    ],
  },
});

export const residue = createContainerSetup.createStateConfig({
  description: 'Something could not be released. It can be tried again, or waived by name.',
  tags: ['settled', 'needsHands'],
  on: {
    'release.retry': [{ guard: 'hasFailed', target: 'rollingBack' }, { target: 'releasing' }],
    'release.waive': { actions: { type: 'waive', params: ({ event }) => ({ resource: event.resource }) } },
    'release.settled': [
      { guard: { type: 'failedAndNothingIsLeft', params: residueOf }, target: 'rolledBack', actions: reportResidue },
      { guard: nothingIsLeft, target: 'released', actions: reportResidue },
      { actions: reportResidue },
    ],
  },
});

export const rolledBack = createContainerSetup.createStateConfig({
  type: 'final',
  description: 'The create failed; nothing of it is left.',
  tags: ['settled'],
});

export const released = createContainerSetup.createStateConfig({
  type: 'final',
  description: 'The container is gone; nothing of it is left.',
  tags: ['settled'],
});
