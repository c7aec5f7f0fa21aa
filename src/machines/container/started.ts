/** What happens to a container as long as its first process lives. */
import type { ProcessInput, ProcessOutcome } from '../process/contract.ts';
import type { ContainerContext } from './contract.ts';
import { containerSetup, refOf } from './setup.ts';
import { deleteNow, notEnded, notEndedInTime, onExit, stopOf } from './transitions.ts';

/** The key of the first process of a container. */
export const INIT = 'init';

function initOf(context: ContainerContext, owner: ProcessInput['owner']): ProcessInput {
  const { provisionId, containerId, patience, pid, parameters } = context;
  return {
    provisionId,
    containerId,
    key: INIT,
    origin: pid === null ? { kind: 'new', parameters: parameters ?? {} } : { kind: 'known', pid },
    startDeadlineMs: patience.startMs,
    ...(owner === undefined ? {} : { owner }),
  };
}

export interface Ended {
  readonly event: { readonly output: ProcessOutcome };
}
const failedOf = ({ event: { output } }: Ended) => ({ failed: output.kind === 'failed' });
const codeOf = ({ event: { output } }: Ended) => (output.kind === 'exited' ? { exitCode: output.exitCode } : {});
const faultOf = ({ event: { output } }: Ended) => ({
  error: output.kind === 'failed' ? output.fault : 'it ended without a fault',
  phase: 'startingContainer' as const,
});

const neverStarted = { type: 'recordHow', params: { how: 'neverStarted' } } as const;
const graceful = { type: 'recordHow', params: { how: 'graceful' } } as const;
const asked = [
  { type: 'recordStop', params: stopOf },
  { type: 'emitStopRequested', params: stopOf },
] as const;
const askToEnd = [
  { guard: { type: 'mayNotWait', params: stopOf }, target: 'killing', actions: asked },
  { target: 'asking', actions: asked },
] as const;
const killAtOnce = { target: 'killing', actions: asked } as const;

const pausing = containerSetup.createStateConfig({
  tags: ['pausing'],
  invoke: {
    id: 'pauseSystem',
    src: 'pauseSystem',
    input: refOf,
    onDone: { target: 'paused', actions: ['forgetFault', 'emitPaused'] },
    onError: {
      target: 'running',
      actions: [
        { type: 'recordFault', params: ({ event }) => ({ error: event.error, phase: 'pausing' }) },
        'emitFailed',
      ],
    },
  },
  after: {
    changeDeadline: {
      actions: [{ type: 'recordOverdue', params: { phase: 'pausing', wait: 'changeMs' } }, 'emitFailed'],
    },
  },
  on: { 'container.stop': killAtOnce },
});

const resuming = containerSetup.createStateConfig({
  tags: ['resuming'],
  invoke: {
    id: 'resumeSystem',
    src: 'resumeSystem',
    input: refOf,
    onDone: { target: 'running', actions: ['forgetFault', 'emitResumed'] },
    onError: {
      target: 'paused',
      actions: [
        { type: 'recordFault', params: ({ event }) => ({ error: event.error, phase: 'resuming' }) },
        'emitFailed',
      ],
    },
  },
  after: {
    changeDeadline: {
      actions: [{ type: 'recordOverdue', params: { phase: 'resuming', wait: 'changeMs' } }, 'emitFailed'],
    },
  },
  on: { 'container.stop': killAtOnce },
});

const resumingToStop = containerSetup.createStateConfig({
  description: 'Nobody can be asked to end who is paused.',
  tags: ['stopping'],
  invoke: {
    id: 'resumeToStop',
    src: 'resumeSystem',
    input: refOf,
    onDone: { target: 'asking' },
    onError: { target: 'killing' },
  },
  after: { stopTimeout: { target: 'killing' } },
  on: { 'container.stop': [{ guard: { type: 'mayNotWait', params: stopOf }, target: 'killing' }, {}] },
});

const asking = containerSetup.createStateConfig({
  description: 'The first process is asked to end.',
  tags: ['stopping'],
  invoke: {
    id: 'signalInit',
    src: 'signalInit',
    input: ({ context }) => ({ ...refOf({ context }), signal: context.stop?.signal ?? 'SIGTERM' }),
    onDone: {},
    onError: { target: 'killing' },
  },
  after: { stopTimeout: { target: 'killing' } },
  on: { 'container.stop': [{ guard: { type: 'mayNotWait', params: stopOf }, target: 'killing' }, {}] },
});

const killing = containerSetup.createStateConfig({
  description: 'The system is ended by force, and its first process with it.',
  tags: ['stopping'],
  entry: [{ type: 'recordHow', params: { how: 'forced' } }, 'emitTerminating'],
  invoke: {
    id: 'terminateRunning',
    src: 'terminateSystem',
    input: refOf,
    onDone: { target: 'ending', actions: 'recordSystemEnd' },
    onError: notEnded,
  },
  after: {
    terminateDeadline: notEndedInTime,
  },
  on: { 'container.stop': {} },
});

export const started = containerSetup.createStateConfig({
  invoke: {
    id: INIT,
    src: 'process',
    input: ({ context, self }) => initOf(context, self),
    onDone: [
      {
        guard: 'systemHasEnded',
        target: '#container.stopped',
        actions: { type: 'recordCode', params: codeOf },
      },
      {
        guard: { type: 'initNeverWas', params: failedOf },
        target: '#container.alive.terminating',
        actions: [neverStarted, { type: 'recordFault', params: faultOf }, 'emitFailed'],
      },
      {
        guard: { type: 'initIsLost', params: failedOf },
        target: '#container.reconciling.waiting',
        actions: { type: 'recordFault', params: faultOf },
      },
      {
        guard: { type: 'initFailed', params: failedOf },
        target: '#container.unreachable',
        actions: { type: 'recordFault', params: faultOf },
      },
      {
        guard: 'isForced',
        target: '#container.alive.terminating',
        actions: { type: 'recordCode', params: codeOf },
      },
      {
        target: '#container.alive.shuttingDown',
        actions: [graceful, { type: 'recordCode', params: codeOf }],
      },
    ],
    onError: {
      target: '#container.alive.terminating',
      actions: [
        { type: 'recordFault', params: ({ event }) => ({ error: event.error, phase: 'running' }) },
        'emitFailed',
      ],
    },
  },
  on: {
    'system.exited': { target: '.ending', actions: onExit },
    'process.unanswered': {
      target: '#container.alive.terminating',
      actions: [
        neverStarted,
        { type: 'recordFault', params: ({ event }) => ({ error: event.fault, phase: 'startingContainer' }) },
        'emitFailed',
      ],
    },
  },
  initial: 'startingInit',
  states: {
    startingInit: {
      description: 'The system runs; its first process is made.',
      tags: ['starting'],
      on: {
        'process.running': {
          target: 'running',
          actions: [{ type: 'recordPid', params: ({ event }) => ({ pid: event.pid }) }, 'emitStarted'],
        },
        'container.stop': { target: 'killing', actions: [neverStarted, ...asked] },
      },
    },
    reattaching: {
      description: 'The system is as it was; its first process is found by its pid.',
      tags: ['reconciling'],
      on: {
        'process.running': [
          { guard: 'isPaused', target: 'paused', actions: ['forgetQuestions', 'forgetFault'] },
          { target: 'running', actions: ['forgetQuestions', 'forgetFault'] },
        ],
        'container.stop': killAtOnce,
      },
    },
    running: {
      tags: ['running'],
      on: { 'container.pause': { target: 'pausing', actions: 'forgetFault' }, 'container.stop': askToEnd },
    },
    pausing,
    paused: {
      tags: ['paused'],
      on: {
        'container.resume': { target: 'resuming', actions: 'forgetFault' },
        'container.stop': [
          { guard: { type: 'mayNotWait', params: stopOf }, ...killAtOnce },
          { target: 'resumingToStop', actions: asked },
        ],
      },
    },
    resuming,
    resumingToStop,
    asking,
    killing,
    ending: {
      description: 'The system has ended; its first process says what it still can.',
      tags: ['stopping'],
      entry: 'tellInit',
      after: { changeDeadline: { target: '#container.stopped' } },
      on: { 'container.stop': {}, 'system.exited': {} },
    },
    stuck: {
      description: 'The system could not be ended. It can be tried again, or deleted.',
      tags: ['stuck'],
      entry: 'emitFailed',
      on: { 'container.stop': killAtOnce, 'container.delete': deleteNow },
    },
  },
});
