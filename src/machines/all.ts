import type { AnyStateMachine } from 'xstate';
import { container } from './container/machine.ts';
import { createContainer } from './createContainer/machine.ts';
import { process } from './process/machine.ts';
import { releaseResource } from './releaseResource.ts';
import { releaseResources } from './releaseResources.ts';
import { utilityVm } from './utilityVm/machine.ts';

/** Every statechart there is: those of runs, those of lives, and the releasers. */
export const ALL_MACHINES: readonly AnyStateMachine[] = [
  createContainer,
  utilityVm,
  container,
  process,
  releaseResources,
  releaseResource,
];
