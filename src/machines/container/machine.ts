/**
 * The life of one container after its create: started, paused, stopped, deleted, and found again when the compute
 * service or our own process went away. Its first process is a child with a statechart of its own; what it stands on
 * is given back by the run that had made it. Its picture is in docs/machines/.
 */
import { alive } from './alive.ts';
import { type ContainerContext, type ContainerInput, DEFAULT_LIFE_PATIENCE } from './contract.ts';
import { deleted, deleting, stopped, undeleted } from './ending.ts';
import { reconciling, unreachable } from './reconciling.ts';
import { containerSetup, endOf } from './setup.ts';

function contextOf({ provisionId, containerId, os, patience, restored }: ContainerInput): ContainerContext {
  return {
    provisionId,
    containerId,
    os,
    patience: { ...DEFAULT_LIFE_PATIENCE, ...patience },
    parameters: null,
    pid: restored?.pid ?? null,
    isRestored: restored !== undefined,
    stop: null,
    systemHasEnded: false,
    isPaused: false,
    attempts: 0,
    exitCode: restored?.exit?.exitCode ?? null,
    how: restored?.exit?.how ?? null,
    fault: null,
  };
}

export const container = containerSetup.createMachine({
  id: 'container',
  context: ({ input }) => contextOf(input),
  on: { 'run.ended': { target: '.deleted' } },
  initial: 'beginning',
  states: {
    beginning: {
      description: 'A life that was begun before goes on where the host says that it stands.',
      always: [{ guard: 'isRestored', target: 'reconciling' }, { target: 'alive' }],
    },
    alive,
    reconciling,
    unreachable,
    stopped,
    deleting,
    undeleted,
    deleted,
  },
  output: ({ context }) => endOf(context),
  options: { maxIterations: 1000 },
});
