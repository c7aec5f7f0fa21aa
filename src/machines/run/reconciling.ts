/** What becomes of a run when the Host Compute Service went away, wherever the run stands. */
import type { SystemAfterLoss } from '../../domain/events.ts';
import type { ProvisionId } from '../../domain/ids.ts';

/** The names of the states in which what was asked for is there, is given back, and is gone. */
export interface LifeNames {
  readonly there: string;
  readonly givenBack: string;
  readonly gone: string;
}

const runOf = ({ context }: { context: { readonly provisionId: ProvisionId } }) => ({
  provisionId: context.provisionId,
});
const foundOf = ({ event }: { event: { readonly output: SystemAfterLoss } }) => ({ found: event.output });
const EXIT = { reason: 'it went away with the compute service' } as const;

const loseService = ['noteServiceLoss', 'emitServiceLost'] as const;

/** At the root of every run: noted wherever nothing else is to be done before a call or a release has answered. */
export const serviceLoss = { 'service.disconnected': { actions: loseService } } as const;

/** Of a run that rests: where it goes on when the service is back. */
export const lostAtRest = <At extends 'provisioned' | 'held'>(at: At) =>
  ({
    target: 'reconciling',
    actions: [{ type: 'noteRest', params: { at } }, ...loseService],
  }) as const;

const reopening = {
  description: 'The dead handles are dropped, and the system of the run is opened by its id.',
  entry: 'countQuestion',
  invoke: {
    id: 'reopenSystem',
    src: 'reopenSystem',
    input: runOf,
    onDone: [
      { guard: 'serviceIsLost', target: 'waiting' },
      {
        guard: { type: 'hasVanished', params: foundOf },
        target: 'done',
        actions: [
          { type: 'emitReconciled', params: foundOf },
          { type: 'recordExit', params: EXIT },
          { type: 'emitExited', params: EXIT },
        ],
      },
      { target: 'done', actions: { type: 'emitReconciled', params: foundOf } },
    ],
    onError: [
      { guard: 'mayAskServiceAgain', target: 'waiting' },
      { guard: { type: 'rested', params: { at: 'provisioned' } }, target: 'unreachable', actions: 'emitUnreachable' },
      { target: 'done', actions: 'emitUnreachable' },
    ],
  },
  initial: 'inTime',
  states: {
    inTime: { tags: ['busy'], after: { reconcileDeadline: { target: 'overdue' } } },
    overdue: {
      tags: ['settled', 'needsHands'],
      description: 'The service does not answer; the run goes on when it does.',
    },
  },
} as const;

const unreachable = {
  description: 'The service did not come back. What was made may be there or not: nothing of it is touched.',
  tags: ['settled', 'needsHands'],
  on: {
    'release.retry': { target: 'done', actions: 'forgetRest' },
    'resources.release': { target: 'done', actions: 'forgetRest' },
    'service.disconnected': { target: 'reopening', actions: loseService },
  },
} as const;

/** Nothing is decided before the service is back, or has been waited for long enough. */
export const reconcilingOf = <Names extends LifeNames>({ there, givenBack }: Names) =>
  ({
    description: 'The compute service went away, and its handles are dead. It is waited for.',
    tags: ['reconciling'],
    entry: 'beginReconciling',
    initial: 'reopening',
    on: { 'resources.release': { actions: ['forgetRest', 'noteGivenBack'] } },
    states: {
      reopening,
      waiting: { tags: ['busy'], after: { reconcileRetry: { target: 'reopening' } } },
      unreachable,
      done: { type: 'final' },
    },
    onDone: [
      { guard: { type: 'rested', params: { at: 'held' } }, target: 'held', actions: 'forgetRest' },
      { guard: 'hasExited', target: 'exited', actions: 'forgetRest' },
      { guard: { type: 'rested', params: { at: 'provisioned' } }, target: there, actions: 'forgetRest' },
      { guard: 'hasNotFailed', target: givenBack },
      { guard: 'keepsResources', target: 'holding' },
      { target: 'rollingBack' },
    ],
  }) as const;
