/** What happens to a container as long as its system lives. */
import { initUnknown } from '../faults.ts';
import { containerSetup, refOf } from './setup.ts';
import { started } from './started.ts';
import { deleteNow, exitOf, goneWithRun, notEnded, notEndedInTime, onExit, stopOf } from './transitions.ts';

/** Before anything ran in it, or when that has ended already: there is nobody to be asked. */
const endAtOnce = {
  target: 'terminating',
  actions: [
    { type: 'recordStop', params: stopOf },
    { type: 'emitStopRequested', params: stopOf },
  ],
} as const;

const neverStarted = { type: 'recordHow', params: { how: 'neverStarted' } } as const;

export const alive = containerSetup.createStateConfig({
  invoke: { id: 'watchSystem', src: 'watchSystem', input: refOf, onDone: {}, onError: { target: 'reconciling' } },
  on: {
    'system.exited': { target: 'stopped', actions: onExit },
    'service.disconnected': { target: 'reconciling' },
    'run.ended': goneWithRun('forced'),
  },
  initial: 'created',
  states: {
    created: {
      description: 'The system is there; nothing runs in it yet.',
      tags: ['created'],
      on: {
        'container.start': {
          target: 'startingSystem',
          actions: { type: 'keepParameters', params: ({ event }) => ({ parameters: event.parameters }) },
        },
        'container.stop': { ...endAtOnce, actions: [neverStarted, ...endAtOnce.actions] },
        'container.delete': { ...deleteNow, actions: neverStarted },
      },
    },
    startingSystem: {
      description: 'The system starts; its first process is made then.',
      tags: ['starting'],
      invoke: {
        id: 'startSystem',
        src: 'startSystem',
        input: refOf,
        onDone: { target: 'started' },
        onError: {
          target: 'terminating',
          actions: [
            neverStarted,
            { type: 'recordFault', params: ({ event }) => ({ error: event.error, phase: 'startingContainer' }) },
            'emitFailed',
          ],
        },
      },
      after: {
        startDeadline: {
          target: 'terminating',
          actions: [
            neverStarted,
            { type: 'recordOverdue', params: { phase: 'startingContainer', wait: 'startMs' } },
            'emitFailed',
          ],
        },
      },
      on: { 'container.stop': { ...endAtOnce, actions: [neverStarted, ...endAtOnce.actions] } },
    },
    started,
    unattended: {
      description: 'It runs, and which process was its first is not known: only the system as a whole can be asked.',
      tags: ['running'],
      on: {
        'container.pause': {
          actions: [{ type: 'recordFault', params: { error: initUnknown('pausing'), phase: 'pausing' } }, 'emitFailed'],
        },
        'container.stop': [
          { guard: { type: 'mayNotWait', params: stopOf }, ...endAtOnce },
          { ...endAtOnce, target: 'shuttingDown' },
        ],
      },
    },
    shuttingDown: {
      description: 'Its first process has ended; the system is asked to end too.',
      tags: ['stopping'],
      invoke: {
        id: 'shutDownSystem',
        src: 'shutDownSystem',
        input: refOf,
        onDone: {},
        onError: { target: 'terminating' },
      },
      after: { shutdownDeadline: { target: 'terminating' } },
      on: {
        'container.stop': [{ guard: { type: 'mayNotWait', params: stopOf }, target: 'terminating' }, {}],
        'system.exited': {
          target: '#container.stopped',
          actions: { type: 'recordHow', params: { how: 'graceful' } },
        },
      },
    },
    terminating: {
      description: 'The system is ended by force.',
      tags: ['stopping'],
      entry: [{ type: 'recordHow', params: { how: 'forced' } }, 'emitTerminating'],
      invoke: {
        id: 'terminateSystem',
        src: 'terminateSystem',
        input: refOf,
        onDone: { target: '#container.stopped' },
        onError: notEnded,
      },
      after: {
        terminateDeadline: notEndedInTime,
      },
      on: { 'container.stop': {}, 'system.exited': { target: '#container.stopped' } },
    },
    stuck: {
      description: 'The system could not be ended. It can be tried again, or deleted.',
      tags: ['stuck'],
      entry: 'emitFailed',
      on: {
        'container.stop': { target: 'terminating' },
        'container.delete': deleteNow,
        'system.exited': { target: '#container.stopped', actions: exitOf },
      },
    },
  },
});
