/**
 * The releaser of a provision: idle until it is told to begin, then every resource of the ledger, one after the other,
 * in the order that the ledger gives. It goes on past every release that fails or hangs, and it cannot be cancelled.
 */
import { type ActorRef, assign, type Snapshot, sendTo, setup, spawnChild, stopChild } from 'xstate';
import type { Patience } from '../domain/deadlines.ts';
import type { ProvisionId, ResourceId } from '../domain/ids.ts';
import { type ResourceSettled, releaseResource } from './releaseResource.ts';
import { toBeProvided } from './toBeProvided.ts';

/** Sent to the parent when every resource was tried, and again when something changes after that. */
export interface ReleaseSettled {
  readonly type: 'release.settled';
  /** How many resources are still alive. */
  readonly residue: number;
}

export interface ReleaseResourcesInput {
  readonly provisionId: ProvisionId;
  readonly patience: Patience;
  readonly parent: ActorRef<Snapshot<unknown>, ReleaseSettled>;
}

/**
 * `all` that is alive; what makes up the `container`, which is all but the scratch that its caller keeps; or only what
 * was `intended` and may or may not be there, also when it could not be undone before.
 */
export type WhichResources = 'all' | 'container' | 'intended';

export type ReleaseResourcesEvent =
  | { readonly type: 'release.begin'; readonly which: WhichResources }
  | { readonly type: 'release.waive'; readonly resource: ResourceId }
  | ResourceSettled;

export interface ReleaseResourcesContext extends ReleaseResourcesInput {
  readonly which: WhichResources;
  /** What is still to be tried in this pass, in order. */
  readonly queue: readonly ResourceId[];
  /** Releases whose call has not answered: they are not tried a second time beside it. */
  readonly unanswered: readonly ResourceId[];
  /** What is to be waived, in order: also what was asked for while something else was done. */
  readonly toWaive: readonly ResourceId[];
  /** It was told to begin while it was at it: what is alive by then was not all in its list. */
  readonly again: boolean;
}

export interface OneRun {
  readonly provisionId: ProvisionId;
}

/**
 * Alike in every run: a statechart of XState remembers each type of event that it has ever seen, and the end of a child
 * is an event with the child's id in its type.
 */
const childId = (resource: ResourceId): string => `release:${resource.slice(resource.lastIndexOf('/') + 1)}`;

export const releaseResources = setup({
  types: {
    input: {} as ReleaseResourcesInput,
    context: {} as ReleaseResourcesContext,
    events: {} as ReleaseResourcesEvent,
    tags: {} as 'undoing',
  },
  actors: {
    /** The resources that are alive, in the order of release. */
    listAlive: toBeProvided<readonly ResourceId[], OneRun & { which: WhichResources }>('listAlive'),
    waiveResource: toBeProvided<void, OneRun & { resource: ResourceId }>('waiveResource'),
    releaseResource,
  },
  actions: {
    fillQueue: assign(({ context }, params: { alive: readonly ResourceId[] }) => ({
      queue: params.alive.filter((resource) => !context.unanswered.includes(resource)),
    })),
    dropFirst: assign({ queue: ({ context }) => context.queue.slice(1) }),
    noteUnanswered: assign(({ context }, params: { resource: ResourceId }) => ({
      unanswered: [...context.unanswered, params.resource],
    })),
    noteAnswered: assign(({ context }, params: { resource: ResourceId }) => ({
      unanswered: context.unanswered.filter((resource) => resource !== params.resource),
    })),
    noteWhich: assign((_, params: { which: WhichResources }) => ({ which: params.which })),
    setAgain: assign((_, params: { again: boolean }) => ({ again: params.again })),
    noteToWaive: assign(({ context }, params: { resource: ResourceId }) => ({
      toWaive: [...context.toWaive, params.resource],
    })),
    dropWaived: assign({ toWaive: ({ context }) => context.toWaive.slice(1) }),
    releaseFirst: spawnChild('releaseResource', {
      id: ({ context }) => childId(firstOf(context.queue)),
      input: ({ context, self }) => ({
        provisionId: context.provisionId,
        resource: firstOf(context.queue),
        patience: context.patience,
        parent: self,
      }),
    }),
    stopRelease: stopChild((_, params: { resource: ResourceId }) => childId(params.resource)),
    report: sendTo(
      ({ context }) => context.parent,
      (_, params: { residue: number }): ReleaseSettled => ({ type: 'release.settled', residue: params.residue }),
    ),
  },
  guards: {
    queueIsEmpty: ({ context }) => context.queue.length === 0,
    mustGoOverItAgain: ({ context }) => context.again,
    mustWaive: ({ context }) => context.toWaive.length > 0,
    isUnanswered: (_, params: { how: ResourceSettled['how'] }) => params.how === 'unanswered',
    isTheCurrentOne: ({ context }, params: { resource: ResourceId }) => context.queue[0] === params.resource,
  },
}).createMachine({
  id: 'releaseResources',
  context: ({ input }) => ({ ...input, which: 'all', queue: [], unanswered: [], toWaive: [], again: false }),
  initial: 'idle',
  on: {
    'release.begin': {
      actions: [
        { type: 'noteWhich', params: ({ event }) => ({ which: event.which }) },
        { type: 'setAgain', params: { again: true } },
      ],
    },
    'release.waive': { actions: { type: 'noteToWaive', params: ({ event }) => ({ resource: event.resource }) } },
    'resource.settled': {
      description: 'A release that nobody waited for any more has answered.',
      target: '.listing',
      actions: [
        { type: 'noteAnswered', params: ({ event }) => ({ resource: event.resource }) },
        { type: 'stopRelease', params: ({ event }) => ({ resource: event.resource }) },
      ],
    },
  },
  states: {
    idle: {
      on: {
        'release.begin': {
          target: 'listing',
          actions: { type: 'noteWhich', params: ({ event }) => ({ which: event.which }) },
        },
        'release.waive': {
          target: 'waiving',
          actions: { type: 'noteToWaive', params: ({ event }) => ({ resource: event.resource }) },
        },
      },
    },
    listing: {
      tags: ['undoing'],
      invoke: {
        id: 'listAlive',
        src: 'listAlive',
        input: ({ context }) => ({ provisionId: context.provisionId, which: context.which }),
        onDone: {
          target: 'choosing',
          actions: { type: 'fillQueue', params: ({ event }) => ({ alive: event.output }) },
        },
        onError: { target: 'counting' },
      },
    },
    choosing: {
      always: [{ guard: 'queueIsEmpty', target: 'counting' }, { target: 'releasing' }],
    },
    releasing: {
      tags: ['undoing'],
      description: 'One resource at a time, the youngest first.',
      entry: 'releaseFirst',
      on: {
        'resource.settled': [
          {
            guard: { type: 'isUnanswered', params: ({ event }) => ({ how: event.how }) },
            target: 'choosing',
            actions: [{ type: 'noteUnanswered', params: ({ event }) => ({ resource: event.resource }) }, 'dropFirst'],
          },
          {
            guard: { type: 'isTheCurrentOne', params: ({ event }) => ({ resource: event.resource }) },
            target: 'choosing',
            actions: [{ type: 'stopRelease', params: ({ event }) => ({ resource: event.resource }) }, 'dropFirst'],
          },
          {
            description: 'A release that was given up has answered: what stood in the way of others may be gone.',
            actions: [
              { type: 'noteAnswered', params: ({ event }) => ({ resource: event.resource }) },
              { type: 'stopRelease', params: ({ event }) => ({ resource: event.resource }) },
              { type: 'setAgain', params: { again: true } },
            ],
          },
        ],
      },
    },
    waiving: {
      invoke: {
        id: 'waiveResource',
        src: 'waiveResource',
        input: ({ context }) => ({ provisionId: context.provisionId, resource: firstOf(context.toWaive) }),
        onDone: { target: 'counting', actions: 'dropWaived' },
        onError: { target: 'counting', actions: 'dropWaived' },
      },
    },
    counting: {
      invoke: {
        id: 'countAlive',
        src: 'listAlive',
        input: ({ context }) => ({ provisionId: context.provisionId, which: 'all' }),
        onDone: [
          {
            guard: 'mustGoOverItAgain',
            target: 'listing',
            actions: { type: 'setAgain', params: { again: false } },
          },
          { guard: 'mustWaive', target: 'waiving' },
          {
            target: 'idle',
            actions: { type: 'report', params: ({ event }) => ({ residue: event.output.length }) },
          },
        ],
        onError: { target: 'idle', actions: { type: 'report', params: { residue: Number.POSITIVE_INFINITY } } },
      },
    },
  },
  options: { maxIterations: 1000 },
});

function firstOf(list: readonly ResourceId[]): ResourceId {
  const [first] = list;
  if (first === undefined) throw new RangeError('there is no resource left to work on');
  return first;
}
