import { createContainerSetup } from './setup.ts';
import { noteCancel } from './transitions.ts';

/** What becomes of a run whose call has not answered in time. */
const outcomeUnknown = createContainerSetup.createStateConfig({
  description: 'The call has not answered in time. The rest is undone; when it answers, the run reopens.',
  initial: 'asking',
  states: {
    asking: {
      tags: ['busy'],
      invoke: {
        id: 'stopOverdueCall',
        src: 'stopCall',
        input: ({ context }) => ({ provisionId: context.provisionId }),
        onDone: {
          target: 'deciding',
          actions: [
            { type: 'nameUnansweredCall', params: ({ event }) => ({ call: event.output }) },
            'emitOutcomeUnknown',
          ],
        },
        onError: { target: 'deciding', actions: 'emitOutcomeUnknown' },
      },
    },
    deciding: { always: [{ guard: 'keepsResources', target: 'held' }, { target: 'undoing' }] },
    undoing: {
      tags: ['busy', 'undoing'],
      entry: ['beginRelease', 'emitReleaseStarted'],
      on: {
        'release.settled': {
          target: 'unanswered',
          actions: { type: 'emitReleaseFinished', params: ({ event }) => ({ residue: event.residue }) },
        },
      },
    },
    unanswered: {
      tags: ['settled', 'needsHands'],
      on: {
        'release.retry': { target: 'undoing' },
        'release.waive': { actions: { type: 'waive', params: ({ event }) => ({ resource: event.resource }) } },
      },
    },
    held: {
      tags: ['settled', 'held', 'needsHands'],
      entry: 'emitHeld',
      on: { 'resources.release': { target: 'undoing' } },
    },
  },
});

/**
 * The inside of every state that owns a host call. The call belongs to the state around this, so that none of these
 * can drop it: a cancel or a deadline asks it to stop and goes on waiting for its answer.
 */
export const supervised = createContainerSetup.createStateConfig({
  initial: 'inTime',
  states: {
    inTime: {
      tags: ['busy'],
      after: { stepDeadline: { target: 'outcomeUnknown', actions: 'recordDeadline' } },
      on: { 'provision.cancel': { target: 'stopping', actions: noteCancel } },
    },
    stopping: {
      tags: ['busy'],
      description: 'The call was asked to stop; its answer decides.',
      invoke: {
        id: 'stopCall',
        src: 'stopCall',
        input: ({ context }) => ({ provisionId: context.provisionId }),
        onDone: {},
        onError: {},
      },
      after: { stopGrace: { target: 'outcomeUnknown' } },
    },
    outcomeUnknown,
  },
});
