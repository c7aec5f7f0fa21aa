/**
 * The release of one resource: tried, tried again, and in the end either done or residue. It lives until its call has
 * answered, also when nobody waits for it any more. Its picture is in docs/machines/.
 */
import { type ActorRef, assign, type Snapshot, sendTo, setup } from 'xstate';
import type { Patience } from '../domain/deadlines.ts';
import type { ProvisionId, ResourceId } from '../domain/ids.ts';
import { toBeProvided } from './toBeProvided.ts';

/** Sent to the parent; `unanswered` may be followed by one of the others when the call answers after all. */
export interface ResourceSettled {
  readonly type: 'resource.settled';
  readonly resource: ResourceId;
  readonly how: 'released' | 'residue' | 'unanswered';
}

export interface ReleaseResourceInput {
  readonly provisionId: ProvisionId;
  readonly resource: ResourceId;
  readonly patience: Patience;
  readonly parent: ActorRef<Snapshot<unknown>, ResourceSettled>;
}

export interface ReleaseResourceContext extends ReleaseResourceInput {
  readonly attempts: number;
}

/** Whether the resource is gone, and if not, whether another try could help, or has to be made. */
export type ReleaseAnswer = 'released' | 'failed' | 'unresolved' | 'overtaken';

export interface OneResource {
  readonly provisionId: ProvisionId;
  readonly resource: ResourceId;
}

export const releaseResource = setup({
  types: {
    input: {} as ReleaseResourceInput,
    context: {} as ReleaseResourceContext,
    events: {} as { readonly type: 'release.abandoned' },
    output: {} as { readonly resource: ResourceId },
  },
  actors: {
    tryRelease: toBeProvided<ReleaseAnswer, OneResource>('tryRelease'),
    markUnanswered: toBeProvided<void, OneResource>('markUnanswered'),
  },
  actions: {
    countAttempt: assign({ attempts: ({ context }) => context.attempts + 1 }),
    report: sendTo(
      ({ context }) => context.parent,
      ({ context }, params: { how: ResourceSettled['how'] }): ResourceSettled => ({
        type: 'resource.settled',
        resource: context.resource,
        how: params.how,
      }),
    ),
  },
  guards: {
    isReleased: (_, params: { answer: ReleaseAnswer }) => params.answer === 'released',
    wasOvertaken: (_, params: { answer: ReleaseAnswer }) => params.answer === 'overtaken',
    mayTryAgain: ({ context }, params: { answer: ReleaseAnswer }) =>
      params.answer === 'failed' && context.attempts < context.patience.releaseAttempts,
  },
  delays: {
    releaseDeadline: ({ context }) => context.patience.releaseDeadlineMs,
    releaseRetry: ({ context }) => context.patience.releaseRetryMs,
  },
}).createMachine({
  id: 'releaseResource',
  context: ({ input }) => ({ ...input, attempts: 0 }),
  initial: 'releasing',
  states: {
    releasing: {
      entry: 'countAttempt',
      invoke: {
        id: 'tryRelease',
        src: 'tryRelease',
        input: ({ context }) => ({ provisionId: context.provisionId, resource: context.resource }),
        onDone: [
          { guard: { type: 'isReleased', params: ({ event }) => ({ answer: event.output }) }, target: 'released' },
          {
            guard: { type: 'wasOvertaken', params: ({ event }) => ({ answer: event.output }) },
            target: 'releasing',
            reenter: true,
          },
          {
            guard: { type: 'mayTryAgain', params: ({ event }) => ({ answer: event.output }) },
            target: 'waitingToRetry',
          },
          { target: 'residue' },
        ],
        onError: { target: 'residue' },
      },
      initial: 'inTime',
      states: {
        inTime: {
          after: { releaseDeadline: { target: 'overdue' } },
        },
        overdue: {
          description: 'The call has not answered. The other resources are released meanwhile.',
          invoke: {
            id: 'markUnanswered',
            src: 'markUnanswered',
            input: ({ context }) => ({ provisionId: context.provisionId, resource: context.resource }),
            onDone: { actions: { type: 'report', params: { how: 'unanswered' } } },
            onError: { actions: { type: 'report', params: { how: 'unanswered' } } },
          },
        },
      },
    },
    waitingToRetry: {
      after: { releaseRetry: { target: 'releasing' } },
    },
    released: { type: 'final', entry: { type: 'report', params: { how: 'released' } } },
    residue: { type: 'final', entry: { type: 'report', params: { how: 'residue' } } },
  },
  output: ({ context }) => ({ resource: context.resource }),
  options: { maxIterations: 1000 },
});
