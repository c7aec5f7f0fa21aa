/** What becomes of a container whose handles are dead: the compute service, or the process that had them, went away. */
import type { SystemFoundAgain } from './contract.ts';
import { containerSetup, refOf } from './setup.ts';
import { goneWithRun } from './transitions.ts';

interface Answer {
  readonly event: { readonly output: SystemFoundAgain };
}
const foundOf = ({ event }: Answer) => ({ found: event.output.state });
const whether = (is: SystemFoundAgain['state']) => ({
  type: 'found' as const,
  params: ({ event }: Answer) => ({ found: event.output.state, is }),
});

export const reconciling = containerSetup.createStateConfig({
  description: 'The host is asked for the system: it may have gone on, or ended, while nobody could see it.',
  tags: ['reconciling'],
  on: { 'container.delete': { target: 'deleting' }, 'run.ended': goneWithRun('unexpected') },
  initial: 'asking',
  states: {
    asking: {
      entry: 'countQuestion',
      invoke: {
        id: 'lookAtSystem',
        src: 'lookAtSystem',
        input: refOf,
        onDone: [
          {
            guard: { type: 'hasEnded', params: foundOf },
            target: '#container.stopped',
            actions: [{ type: 'recordHow', params: { how: 'unexpected' } }, 'forgetQuestions'],
          },
          {
            guard: whether('created'),
            target: '#container.alive.created',
            actions: ['forgetQuestions', 'recordLostStart', 'forgetEnd'],
          },
          {
            guard: 'initIsKnown',
            target: '#container.alive.started.reattaching',
            actions: [
              { type: 'recordPaused', params: ({ event }) => ({ isPaused: event.output.state === 'paused' }) },
              'forgetEnd',
            ],
          },
          {
            guard: 'startWasLost',
            target: '#container.alive.terminating',
            actions: [
              'forgetQuestions',
              { type: 'recordHow', params: { how: 'neverStarted' } },
              'recordLostStart',
              'emitFailed',
            ],
          },
          { target: '#container.alive.unattended', actions: ['forgetQuestions', 'forgetEnd'] },
        ],
        onError: [
          { guard: 'mayAskAgain', target: 'waiting' },
          {
            target: '#container.unreachable',
            actions: { type: 'recordFault', params: ({ event }) => ({ error: event.error, phase: 'running' }) },
          },
        ],
      },
      after: {
        changeDeadline: {
          target: '#container.unreachable',
          actions: 'recordUnanswered',
        },
      },
    },
    waiting: { after: { reconcileRetry: { target: 'asking' } } },
  },
});

export const unreachable = containerSetup.createStateConfig({
  description: 'The compute service did not come back. What was made may be there or not.',
  tags: ['unreachable'],
  entry: ['forgetQuestions', 'emitFailed'],
  on: {
    'container.stop': { target: 'reconciling' },
    'container.start': { target: 'reconciling' },
    'service.disconnected': { target: 'reconciling' },
    'service.reconciled': { target: 'reconciling' },
    'container.delete': { target: 'deleting' },
    'run.ended': goneWithRun('unexpected'),
  },
});
