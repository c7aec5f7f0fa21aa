/**
 * The life of one container's resources: from a request to a compute system, and back. Every host call belongs to the
 * state that made it; whatever goes wrong, what was acquired is released, or listed by name.
 * Its picture is in docs/machines/.
 */
import { runContextOf, runOutputOf } from '../run/context.ts';
import { serviceLoss } from '../run/reconciling.ts';
import { releaser } from '../run/releaser.ts';
import { failures } from '../run/settling.ts';
import { supervised, supervisedInTurn } from '../run/supervised.ts';
import { begin, documents, failed, finish, givenUp, validates } from '../run/transitions.ts';
import { allocating } from './allocating.ts';
import type { CreateContainerContext, CreateContainerInput, Validated } from './contract.ts';
import { installing } from './installing.ts';
import { networking } from './networking.ts';
import { beginning, exited, provisioned, reconciling, released, releasing, residue } from './settling.ts';
import { createContainerSetup } from './setup.ts';
import { initialized, preparedInput } from './stepInputs.ts';

function contextOf(input: CreateContainerInput): CreateContainerContext {
  return {
    ...runContextOf(input, 'creatingComputeSystem', input.request.deadlines),
    request: input.request,
    settings: null,
    facts: null,
    spec: null,
    allocations: { layers: [], mountSources: [], deviceExtensions: [] },
    document: null,
    layerAttempts: 0,
  };
}

export const createContainer = createContainerSetup.createMachine({
  id: 'createContainer',
  context: ({ input }) => contextOf(input),
  invoke: releaser,
  on: serviceLoss,
  initial: 'beginning',
  states: {
    beginning,
    initializing: {
      ...supervised,
      description: 'The facts of the host are read, and every option gets its value.',
      entry: begin('initializing'),
      invoke: {
        id: 'initialize',
        src: 'initialize',
        input: ({ context }) => ({ provisionId: context.provisionId, request: context.request }),
        onDone: [
          givenUp,
          {
            target: 'validating',
            actions: [{ type: 'keepSettings', params: ({ event }) => event.output }, finish('initializing')],
          },
        ],
        onError: [givenUp, failed],
      },
    },
    validating: {
      ...supervised,
      description: 'All that is wrong with the request is found, before anything is acquired.',
      entry: begin('validating'),
      invoke: {
        id: 'validate',
        src: 'validate',
        input: ({ context }) => ({
          provisionId: context.provisionId,
          request: context.request,
          ...initialized(context),
        }),
        ...validates<Validated, 'installingDrivers'>('installingDrivers'),
      },
    },
    installingDrivers: {
      ...installing('installingDrivers'),
      description: 'Guest drivers go into a hosting VM before its network does.',
      onDone: { target: 'networking' },
    },
    networking,
    allocating,
    documenting: {
      ...supervised,
      description: 'The request, the facts and the allocations become the document for HCS.',
      entry: begin('documenting'),
      invoke: {
        id: 'buildDocument',
        src: 'buildDocument',
        input: ({ context }) => ({
          ...preparedInput(context),
          facts: initialized(context).facts,
          allocations: context.allocations,
        }),
        ...documents('creatingComputeSystem'),
      },
    },
    creatingComputeSystem: {
      ...supervisedInTurn,
      description: 'HCS makes the compute system; nothing runs in it yet.',
      entry: begin('creatingComputeSystem'),
      invoke: {
        id: 'createComputeSystem',
        src: 'createComputeSystem',
        input: ({ context, self }) => ({
          provisionId: context.provisionId,
          settings: initialized(context).settings,
          document: context.document ?? {},
          parent: self,
        }),
        onDone: [givenUp, { target: 'provisioned', actions: [finish('creatingComputeSystem'), 'emitCompleted'] }],
        onError: [givenUp, failed],
      },
    },
    provisioned,
    exited,
    reconciling,
    ...failures,
    releasing,
    residue,
    released,
  },
  output: ({ context }) => runOutputOf(context),
  options: { maxIterations: 1000 },
});
