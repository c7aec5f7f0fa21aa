/** What a run begins with, what it asks its releaser for, and how long it asks after a service that went away. */
import { describe, expect, test } from '@jest/globals';
import { createActor, SimulatedClock } from 'xstate';
import { DEFAULT_DEADLINES, DEFAULT_PATIENCE } from '../../src/domain/deadlines.ts';
import { type Fault, hostActors, provisionId } from '../../src/index.ts';
import { createContainer, type RunInput, releaseResources, utilityVm } from '../../src/machines/index.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { fullRequest, hostOptions, idle, plainSpec } from '../support/requests.ts';
import { go, Staged } from './stagedLife.ts';

const RUN = provisionId('run-1');
const request = { id: 'web-1', spec: plainSpec() };
const fault: Fault = { code: 'access-denied', message: 'no', hint: 'ask', step: 'networking', transient: false };

const contextOf = (input: Partial<RunInput>, deadlines = {}) =>
  createActor(createContainer, {
    input: { provisionId: RUN, request: { ...request, deadlines }, ...input },
  }).getSnapshot().context;

describe('what a run begins with', () => {
  test('what is no deadline counts for nothing: its validation lives to say so', () => {
    const { deadlines } = contextOf(
      { deadlines: { validating: -1, documenting: 0, networking: 9 } },
      { initializing: Number.NaN, creatingScratch: Number.POSITIVE_INFINITY, networking: 7 },
    );
    expect(deadlines).toEqual({ ...DEFAULT_DEADLINES, networking: 7 });
  });

  test.each([
    ['begins', {}, 'initializing'],
    ['is taken up when it was provisioned', { takenUp: { at: 'provisioned' } }, 'creatingComputeSystem'],
    ['is taken up in the middle', { takenUp: { at: 'interrupted', fault } }, 'initializing'],
  ] as const)('one that %s', (_, input, step) => {
    const service = { isLost: false, attempts: 0, rested: null };
    const allocations = { layers: [], mountSources: [], deviceExtensions: [] };
    expect(contextOf(input)).toMatchObject({
      step,
      service,
      allocations,
      patience: DEFAULT_PATIENCE,
      plan: [],
      exited: null,
    });
  });
});

describe('what the run of a VM begins with', () => {
  const contextOfVm = (input: Partial<RunInput>) =>
    createActor(utilityVm, { input: { provisionId: RUN, request: { guest: 'linux' }, ...input } }).getSnapshot()
      .context;

  test('it keeps nothing that it was not told to keep', () => {
    expect(contextOfVm({})).toMatchObject({ keepOnFailure: false, step: 'initializing', deadlines: DEFAULT_DEADLINES });
  });

  test('taken up when it was provisioned, it has its last step behind it', () => {
    expect(contextOfVm({ takenUp: { at: 'provisioned' } }).step).toBe('configuringGuest');
  });
});

describe('what a run asks to be released', () => {
  async function askedOf(input: Partial<RunInput>, events: readonly object[]) {
    const stage = new Staged({});
    const machine = createContainer.provide({
      actors: { releaseResources: releaseResources.provide({ actors: { listAlive: stage.actor('listAlive', []) } }) },
    });
    const clock = new SimulatedClock();
    const run = createActor(machine, { input: { provisionId: RUN, request, ...input }, clock }).start();
    await go(run, clock, events);
    return stage.inputsOf('listAlive')[0];
  }

  test.each([
    ['whose create has failed: all of it', {}, [], 'all'],
    [
      'that is given back: its container',
      { takenUp: { at: 'provisioned' } },
      [{ type: 'resources.release' }],
      'container',
    ],
  ] as const)('one %s', async (_, input, events, which) => {
    expect(await askedOf(input, events)).toEqual({ provisionId: RUN, which });
  });
});

test('the sentence of an unanswered call names no call where none is on its way', async () => {
  const host = simulatedHost(hostOptions());
  host.inject({ call: 'compute.create', when: 'never' });
  const machine = createContainer.provide({
    actors: { ...hostActors({ host }), stopCall: new Staged({}).actor('stopCall', null) },
  });
  const clock = new SimulatedClock();
  const input = { provisionId: RUN, request: { ...fullRequest(), deadlines: { creatingComputeSystem: 50 } } };
  const run = createActor(machine, { input, clock }).start();
  await idle(60);
  await go(run, clock, [50]);
  expect(run.getSnapshot().context.fault?.message).toBe(
    'creatingComputeSystem was not done after 50 ms, and its outcome is unknown',
  );
});
