/** The transitions and actions that steps of a container alone have, by their names. */
import type { ContainerStepName } from '../../domain/step.ts';
import { begin, deciding, errorOf, failed, finish, givenUp } from '../run/transitions.ts';
import type { Allocated } from './contract.ts';

const allocatedOf = ({ event }: { event: { readonly output: Allocated } }) => ({ allocated: event.output });

export const keepAllocated = { type: 'keepAllocated', params: allocatedOf } as const;

/** How a step begins that does something else for a container in a VM. */
export const decidingWhere = <S extends ContainerStepName, OnHost extends string, InVm extends string>(
  step: S,
  onHost: OnHost,
  inVm: InVm,
) =>
  ({
    always: [
      { guard: { type: 'appliesInVm', params: { step } }, target: inVm, actions: begin(step) },
      ...deciding(step, onHost).always,
    ],
  }) as const;

/** How the last call of a step ends: with what it allocated kept, given up or failed. */
export const allocates = <S extends ContainerStepName>(step: S) =>
  ({
    onDone: [givenUp, { target: 'done', actions: [keepAllocated, finish(step)] }],
    onError: [givenUp, failed],
  }) as const;

/** The layers were not ready yet. */
export const tryLayersAgain = {
  guard: { type: 'layersMayBeRetried', params: errorOf },
  target: 'undoingAttempt',
  actions: { type: 'emitRetrying', params: errorOf },
} as const;
