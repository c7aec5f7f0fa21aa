/**
 * The life of one container's resources: from a request to a compute system, and back. Every host call belongs to the
 * state that made it; whatever goes wrong, what was acquired is released, or listed by name.
 * Its picture is in docs/machines/.
 */
import { DEFAULT_DEADLINES, DEFAULT_PATIENCE, type Deadlines } from '../../domain/deadlines.ts';
import { allocating } from './allocating.ts';
import type { CreateContainerContext, CreateContainerInput, CreateContainerOutput } from './contract.ts';
import { installing } from './installing.ts';
import { networking } from './networking.ts';
import {
  beginning,
  failing,
  held,
  holding,
  provisioned,
  released,
  releasing,
  residue,
  rolledBack,
  rollingBack,
} from './settling.ts';
import { createContainerSetup } from './setup.ts';
import { initialized, preparedInput } from './stepInputs.ts';
import { supervised } from './supervised.ts';
import { begin, failed, finish, givenUp } from './transitions.ts';

/** What is no deadline is a finding of the validation, which must live to say so. */
function usable(deadlines: Partial<Deadlines> = {}): Partial<Deadlines> {
  return Object.fromEntries(Object.entries(deadlines).filter(([, ms]) => Number.isFinite(ms) && ms > 0));
}

function contextOf(input: CreateContainerInput): CreateContainerContext {
  return {
    provisionId: input.provisionId,
    request: input.request,
    deadlines: { ...DEFAULT_DEADLINES, ...usable(input.deadlines), ...usable(input.request.deadlines) },
    patience: { ...DEFAULT_PATIENCE, ...input.patience },
    step: input.takenUp?.at === 'provisioned' ? 'creatingComputeSystem' : 'initializing',
    settings: null,
    facts: null,
    spec: null,
    plan: [],
    allocations: { layers: [], mountSources: [], deviceExtensions: [] },
    document: null,
    layerAttempts: 0,
    takenUpAt: input.takenUp?.at ?? null,
    fault: input.takenUp !== undefined && 'fault' in input.takenUp ? input.takenUp.fault : null,
  };
}

export const createContainer = createContainerSetup.createMachine({
  id: 'createContainer',
  context: ({ input }) => contextOf(input),
  invoke: {
    id: 'releaser',
    src: 'releaseResources',
    input: ({ context, self }) => ({
      provisionId: context.provisionId,
      patience: context.patience,
      parent: self,
    }),
    onDone: {},
    onError: {
      target: '.residue',
      actions: { type: 'recordFault', params: ({ event }) => ({ error: event.error }) },
    },
  },
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
        onDone: [
          givenUp,
          {
            target: 'installingDrivers',
            actions: [
              { type: 'keepValidated', params: ({ event }) => ({ validated: event.output }) },
              { type: 'emitWarnings', params: ({ event }) => ({ warnings: event.output.warnings }) },
              finish('validating'),
            ],
          },
        ],
        onError: [givenUp, failed],
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
        onDone: [
          givenUp,
          {
            target: 'creatingComputeSystem',
            actions: [
              { type: 'keepDocument', params: ({ event }) => ({ document: event.output }) },
              finish('documenting'),
            ],
          },
        ],
        onError: [givenUp, failed],
      },
    },
    creatingComputeSystem: {
      ...supervised,
      description: 'HCS makes the compute system; nothing runs in it yet.',
      entry: begin('creatingComputeSystem'),
      invoke: {
        id: 'createComputeSystem',
        src: 'createComputeSystem',
        input: ({ context }) => ({
          provisionId: context.provisionId,
          settings: initialized(context).settings,
          document: context.document ?? {},
        }),
        onDone: [givenUp, { target: 'provisioned', actions: finish('creatingComputeSystem') }],
        onError: [givenUp, failed],
      },
    },
    provisioned,
    failing,
    holding,
    held,
    rollingBack,
    releasing,
    residue,
    rolledBack,
    released,
  },
  output: ({ context }): CreateContainerOutput =>
    context.fault === null ? { kind: 'released' } : { kind: 'failed', fault: context.fault },
  options: { maxIterations: 1000 },
});
