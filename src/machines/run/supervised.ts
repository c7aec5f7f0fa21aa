import type { AdmissionClass, QueuePlace } from '../../domain/admission.ts';
import type { ProvisionId, ResourceId } from '../../domain/ids.ts';
import { cancelNow, failForServiceLoss, loseServiceNow, noteCancel } from './transitions.ts';

const runOf = ({ context }: { context: { readonly provisionId: ProvisionId } }) => ({
  provisionId: context.provisionId,
});
const callOf = ({ event }: { event: { readonly output: string | null } }) => ({ call: event.output });
const placeOf = ({ event }: { event: QueuePlace }) => ({ place: { class: event.class, ahead: event.ahead } });
const classOf = ({ event }: { event: { readonly class: AdmissionClass } }) => ({ class: event.class });
const residueOf = ({ event }: { event: { readonly residue: number } }) => ({ residue: event.residue });
const resourceOf = ({ event }: { event: { readonly resource: ResourceId } }) => ({ resource: event.resource });

/** What becomes of a run whose call has not answered in time. */
const outcomeUnknown = {
  description: 'The call has not answered in time. The rest is undone; when it answers, the run reopens.',
  initial: 'asking',
  states: {
    asking: {
      tags: ['busy'],
      invoke: {
        id: 'stopOverdueCall',
        src: 'stopCall',
        input: runOf,
        onDone: {
          target: 'deciding',
          actions: [{ type: 'nameUnansweredCall', params: callOf }, 'emitOutcomeUnknown'],
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
          actions: { type: 'emitReleaseFinished', params: residueOf },
        },
      },
    },
    unanswered: {
      tags: ['settled', 'needsHands'],
      on: {
        'release.retry': { target: 'undoing' },
        'release.waive': { actions: { type: 'waive', params: resourceOf } },
        'release.settled': { actions: { type: 'emitReleaseFinished', params: residueOf } },
      },
    },
    held: {
      tags: ['settled', 'held', 'needsHands'],
      entry: 'emitHeld',
      on: {
        'resources.release': { target: 'undoing', actions: 'noteGivenBack' },
        'lease.expired': { target: 'undoing', actions: ['noteGivenBack', 'emitLeaseExpired'] },
      },
    },
  },
} as const;

const inTime = {
  tags: ['busy'],
  after: { stepDeadline: { target: 'outcomeUnknown', actions: 'recordDeadline' } },
  on: {
    'provision.cancel': { target: 'stopping', actions: noteCancel },
    'service.disconnected': { target: 'stopping', actions: failForServiceLoss },
  },
} as const;

const stopping = {
  tags: ['busy'],
  description: 'The call was asked to stop; its answer decides.',
  invoke: { id: 'stopCall', src: 'stopCall', input: runOf, onDone: {}, onError: {} },
  after: { stopGrace: { target: 'outcomeUnknown' } },
} as const;

/**
 * The inside of every state that owns a host call. The call belongs to the state around this, so that none of these
 * can drop it: a cancel or a deadline asks it to stop and goes on waiting for its answer.
 */
export const supervised = { initial: 'inTime', states: { inTime, stopping, outcomeUnknown } } as const;

/**
 * The same where only so much of such work goes on at once. Whoever waits has asked nothing of the host, so that a
 * cancel may drop it; its deadline begins when it has waited.
 */
export const supervisedInTurn = {
  initial: 'inTime',
  states: {
    inTime: {
      ...inTime,
      on: { ...inTime.on, 'turn.awaited': { target: 'queued', actions: { type: 'emitQueued', params: placeOf } } },
    },
    queued: {
      tags: ['busy', 'queued'],
      description: 'The work waits for its turn.',
      on: {
        'turn.came': { target: 'inTime', actions: { type: 'emitAdmitted', params: classOf } },
        'provision.cancel': cancelNow,
        'service.disconnected': loseServiceNow,
      },
    },
    stopping,
    outcomeUnknown,
  },
} as const;
