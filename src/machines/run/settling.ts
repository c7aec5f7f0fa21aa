/** The ends of a run, good and bad, and the ways out of them. Each machine names its own good end. */
import type { ResourceId } from '../../domain/ids.ts';
import { type LifeNames, lostAtRest } from './reconciling.ts';

const residueOf = ({ event }: { event: { readonly residue: number } }) => ({ residue: event.residue });
const resourceOf = ({ event }: { event: { readonly resource: ResourceId } }) => ({ resource: event.resource });
const reportResidue = { type: 'emitReleaseFinished', params: residueOf } as const;
const nothingIsLeft = { type: 'nothingIsLeft', params: residueOf } as const;

/** A run that another process began goes on where that one left it. */
export const beginningOf = <Names extends LifeNames>({ there }: Names) =>
  ({
    description: 'A new run begins; one that another process left is taken up where its ledger says that it stood.',
    always: [
      { guard: { type: 'isTakenUpAt', params: { at: 'provisioned' } }, target: there, actions: 'emitCompleted' },
      { guard: { type: 'isTakenUpAt', params: { at: 'held' } }, target: 'held', actions: 'emitHeld' },
      { guard: { type: 'isTakenUpAt', params: { at: 'residue' } }, target: 'residue' },
      { guard: { type: 'isTakenUpAt', params: { at: 'interrupted' } }, target: 'rollingBack' },
      { target: 'initializing' },
    ],
  }) as const;

/** When the compute service is there, whether what was acquired is kept for the caller to look at. */
const failing = {
  id: 'failing',
  always: [
    { guard: 'serviceIsLost', target: 'reconciling' },
    { guard: 'failedForServiceLoss', target: 'reconciling', actions: 'emitServiceLost' },
    { guard: 'keepsResources', target: 'holding' },
    { target: 'rollingBack' },
  ],
} as const;

const holding = {
  description: 'What may or may not have been acquired is undone, so that the caller is given what is really there.',
  tags: ['busy'],
  entry: 'undoIntents',
  on: {
    'release.settled': [
      { guard: nothingIsLeft, target: 'rolledBack', actions: reportResidue },
      { guard: 'serviceIsLost', target: 'reconciling' },
      { target: 'held', actions: 'emitHeld' },
    ],
  },
} as const;

const held = {
  description:
    'The create failed and the caller asked to keep what it had acquired, until they give it back or the lease runs out.',
  tags: ['settled', 'held', 'needsHands'],
  on: {
    'resources.release': { target: 'rollingBack' },
    'lease.expired': { target: 'rollingBack', actions: 'emitLeaseExpired' },
    'service.disconnected': lostAtRest('held'),
  },
} as const;

/** Everything that is alive is released, and then all of it is gone, or there is residue. */
const undoUntil = <Gone extends string>(gone: Gone) =>
  ({
    tags: ['busy', 'undoing'],
    entry: ['emitReleaseStarted', 'beginRelease'],
    on: {
      'release.settled': [
        { guard: nothingIsLeft, target: gone, actions: reportResidue },
        { guard: 'serviceIsLost', target: 'reconciling' },
        { target: 'residue', actions: reportResidue },
      ],
    },
  }) as const;

const rollingBack = {
  ...undoUntil('rolledBack'),
  description: 'Everything that was acquired is released; nobody can cancel this.',
} as const;

const rolledBack = {
  type: 'final',
  description: 'The create failed; nothing of it is left.',
  tags: ['settled'],
} as const;

export const givingBackOf = <Names extends LifeNames>({ gone }: Names) => undoUntil(gone);

export const residueOfRun = <Names extends LifeNames>({ givenBack, gone }: Names) =>
  ({
    description: 'Something could not be released. It can be tried again, or waived by name.',
    tags: ['settled', 'needsHands'],
    on: {
      'release.retry': [{ guard: 'hasFailed', target: 'rollingBack' }, { target: givenBack }],
      'release.waive': { actions: { type: 'waive', params: resourceOf } },
      'release.settled': [
        { guard: { type: 'failedAndNothingIsLeft', params: residueOf }, target: 'rolledBack', actions: reportResidue },
        { guard: nothingIsLeft, target: gone, actions: reportResidue },
        { actions: reportResidue },
      ],
    },
  }) as const;

/** The ends of a create that failed: the same for every run. */
export const failures = { failing, holding, held, rollingBack, rolledBack } as const;
