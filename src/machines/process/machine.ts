/**
 * The life of one process in a container: made by us, or found again after a restart; until it has exited and its
 * handle is closed. Its picture is in docs/machines/.
 */
import { assign, emit, sendTo, setup } from 'xstate';
import type { LifeEvent } from '../../domain/containerLife.ts';
import type { Fault } from '../../domain/fault.ts';
import { asFault, notInTime, systemEndedFirst } from '../faults.ts';
import { callbackToBeProvided, toBeProvided } from '../toBeProvided.ts';
import type {
  ExitSaid,
  ProcessContext,
  ProcessEvent,
  ProcessInput,
  ProcessOutcome,
  ProcessRef,
  ProcessTag,
  ReopenedProcess,
} from './contract.ts';

export interface OfPid {
  readonly pid: number;
}

const refOf = ({ context }: { context: ProcessContext }): ProcessRef => ({
  provisionId: context.provisionId,
  containerId: context.containerId,
  key: context.key,
});
/** How often in a row its handle is opened anew. */
const REOPENINGS = 3;

const pidOf = ({ context: { pid, origin } }: { context: ProcessContext }) =>
  pid ?? (origin.kind === 'known' ? origin.pid : 0);
const exitedWith = ({ exitCode }: ExitSaid): ProcessOutcome => ({
  kind: 'exited',
  ...(exitCode === undefined ? {} : { exitCode }),
});
const ownExit = ({ event }: { event: ExitSaid }) => ({ exitCode: event.exitCode });
const failing = (fault: Fault): ProcessOutcome => ({ kind: 'failed', fault });

const processSetup = setup({
  types: {
    input: {} as ProcessInput,
    context: {} as ProcessContext,
    events: {} as ProcessEvent,
    output: {} as ProcessOutcome,
    emitted: {} as LifeEvent,
    tags: {} as ProcessTag,
  },
  actors: {
    createProcess: toBeProvided<OfPid, ProcessRef & Pick<ProcessInput, 'origin'>>('createProcess'),
    reopenProcess: toBeProvided<ReopenedProcess, ProcessRef & OfPid>('reopenProcess'),
    /** Sends `process.exited` when the host says so, also of one that had exited before it was watched. */
    watchProcess: callbackToBeProvided<ProcessRef, ProcessEvent>('watchProcess'),
    /** What its handle still tells; resolves without a code when that is nothing. */
    lastWords: toBeProvided<ExitSaid, ProcessRef>('lastWords'),
    /** Terminates it and closes its handle. */
    endProcess: toBeProvided<void, ProcessRef>('endProcess'),
    closeProcess: toBeProvided<void, ProcessRef>('closeProcess'),
  },
  actions: {
    recordPid: assign((_, { pid }: OfPid) => ({ pid })),
    countReopening: assign(({ context }) => ({ attempts: context.attempts + 1 })),
    forgetReopenings: assign(() => ({ attempts: 0 })),
    recordExit: assign((_, exit: ExitSaid) => ({ outcome: exitedWith(exit) })),
    recordFault: assign(({ context: { outcome } }, { error }: { error: unknown }) => ({
      outcome: outcome ?? failing(asFault(error, 'executing')),
    })),
    recordDeadline: assign(({ context }) => ({ outcome: failing(notInTime(context.startDeadlineMs)) })),
    recordSystemEnd: assign(() => ({ outcome: failing(systemEndedFirst()) })),
    tellRunning: sendTo(
      ({ context, self }) => context.owner ?? self,
      ({ context }) => ({ type: 'process.running', pid: context.pid ?? 0 }) as const,
    ),
    tellUnanswered: sendTo(
      ({ context, self }) => context.owner ?? self,
      ({ context: { outcome, startDeadlineMs } }) =>
        ({
          type: 'process.unanswered',
          fault: outcome?.kind === 'failed' ? outcome.fault : notInTime(startDeadlineMs),
        }) as const,
    ),
    emitStarted: emit(({ context }) => ({ type: 'process.started', pid: context.pid ?? 0 }) as const),
    emitExited: emit(({ context: { pid, outcome } }) => ({
      type: 'process.exited' as const,
      pid: pid ?? 0,
      ...(outcome?.kind === 'exited' && outcome.exitCode !== undefined ? { exitCode: outcome.exitCode } : {}),
    })),
  },
  guards: {
    mayReopen: ({ context }) => context.attempts < REOPENINGS,
    isKnown: ({ context }) => context.origin.kind === 'known',
    hasFailed: ({ context }) => context.outcome?.kind === 'failed',
    hasExited: (_, { status }: ReopenedProcess) => status === 'exited',
    isGone: (_, { status }: ReopenedProcess) => status === 'gone',
  },
  delays: { startDeadline: ({ context }) => context.startDeadlineMs },
});

const foundOf = ({ event }: { event: { output: ReopenedProcess } }) => event.output;
const recordError = {
  type: 'recordFault',
  params: ({ event }: { event: { error: unknown } }) => ({ error: event.error }),
} as const;

/** The handle is closed; a close that fails or does not answer keeps nobody. */
const closedUntil = <const Id extends string, const End extends string>(id: Id, end: End) =>
  ({
    tags: ['settled'],
    invoke: { id, src: 'closeProcess', input: refOf, onDone: { target: end }, onError: { target: end } },
    after: { startDeadline: { target: end } },
  }) as const;

export const process = processSetup.createMachine({
  id: 'process',
  context: ({ input }) => ({ ...input, pid: null, outcome: null, attempts: 0 }),
  initial: 'beginning',
  states: {
    beginning: { always: [{ guard: 'isKnown', target: 'reopening' }, { target: 'creating' }] },
    creating: {
      description: 'The host makes the process. Its call is never dropped: what comes too late is undone.',
      invoke: {
        id: 'createProcess',
        src: 'createProcess',
        input: ({ context }) => ({ ...refOf({ context }), origin: context.origin }),
        onDone: [
          { guard: 'hasFailed', target: 'undoing' },
          {
            target: 'running',
            actions: [{ type: 'recordPid', params: ({ event }) => event.output }, 'emitStarted', 'tellRunning'],
          },
        ],
        onError: { target: 'failed', actions: recordError },
      },
      initial: 'inTime',
      states: {
        inTime: {
          tags: ['busy'],
          after: { startDeadline: { target: 'late', actions: 'recordDeadline' } },
          on: { 'system.ended': { target: 'late', actions: 'recordSystemEnd' } },
        },
        late: { tags: ['settled'], entry: 'tellUnanswered' },
      },
    },
    reopening: {
      description: 'A process that was made before is found by its pid.',
      tags: ['busy'],
      entry: [{ type: 'recordPid', params: ({ context }) => ({ pid: pidOf({ context }) }) }, 'countReopening'],
      invoke: {
        id: 'reopenProcess',
        src: 'reopenProcess',
        input: ({ context }) => ({ ...refOf({ context }), pid: pidOf({ context }) }),
        onDone: [
          {
            guard: { type: 'hasExited', params: foundOf },
            target: 'closing',
            actions: { type: 'recordExit', params: foundOf },
          },
          {
            guard: { type: 'isGone', params: foundOf },
            target: 'closing',
            actions: { type: 'recordExit', params: foundOf },
          },
          { target: 'running', actions: 'tellRunning' },
        ],
        onError: [
          { guard: 'mayReopen', target: 'reopening', reenter: true },
          { target: 'leaving', actions: recordError },
        ],
      },
      after: { startDeadline: { target: 'leaving', actions: 'recordDeadline' } },
      on: { 'handle.lost': { target: 'lost' } },
    },
    running: {
      tags: ['running'],
      invoke: {
        id: 'watchProcess',
        src: 'watchProcess',
        input: refOf,
        onDone: {},
        onError: { target: 'reopening' },
      },
      on: {
        'process.exited': { target: 'closing', actions: { type: 'recordExit', params: ownExit } },
        'system.ended': { target: 'hearing' },
        'handle.lost': { target: 'lost' },
        'watch.failed': [
          { guard: 'mayReopen', target: 'reopening' },
          { target: 'leaving', actions: { type: 'recordFault', params: ({ event }) => ({ error: event.fault }) } },
        ],
      },
    },
    lost: {
      description: 'The compute service went away, and its handle with it. It is looked for when the service is back.',
      tags: ['busy'],
      entry: 'forgetReopenings',
      on: {
        'system.found': { target: 'reopening' },
        'system.ended': { target: 'closing', actions: { type: 'recordExit', params: {} } },
      },
    },
    hearing: {
      description: 'Its system has ended: its handle is asked for the exit code that it may still have.',
      tags: ['busy'],
      invoke: {
        id: 'lastWords',
        src: 'lastWords',
        input: refOf,
        onDone: {
          target: 'closing',
          actions: { type: 'recordExit', params: ({ event }) => event.output },
        },
        onError: { target: 'closing', actions: { type: 'recordExit', params: {} } },
      },
      on: { 'process.exited': { target: 'closing', actions: { type: 'recordExit', params: ownExit } } },
      after: { startDeadline: { target: 'closing', actions: { type: 'recordExit', params: {} } } },
    },
    closing: {
      ...closedUntil('closeProcess', 'exited'),
      description: 'It has exited; its handle is closed.',
      entry: 'emitExited',
    },
    leaving: {
      ...closedUntil('closeLost', 'failed'),
      description: 'What becomes of it cannot be seen; the handle that it has is closed.',
    },
    undoing: {
      description: 'It came when nobody waited for it any more.',
      tags: ['undoing'],
      invoke: {
        id: 'endProcess',
        src: 'endProcess',
        input: refOf,
        onDone: { target: 'failed' },
        onError: { target: 'failed' },
      },
    },
    exited: { type: 'final', tags: ['settled'] },
    failed: { type: 'final', tags: ['settled'] },
  },
  output: ({ context }) => context.outcome ?? { kind: 'exited' },
  options: { maxIterations: 1000 },
});
