import { describe, expect, test } from '@jest/globals';
import { fromPromise, sendTo, setup } from 'xstate';
import { hostActors, provisionId } from '../../src/index.ts';
import { createContainer, utilityVm } from '../../src/machines/index.ts';
import {
  type MachineOf,
  type PathOptions,
  type ProvisionPath,
  provisionPaths,
  runPath,
  scenarios,
} from '../../src/testing/index.ts';

const { plain, linuxVm } = scenarios;

const RUNS: Readonly<Record<string, PathOptions>> = {
  'a container': { scenario: plain },
  'a container whose failure keeps what it has': { scenario: plain, keepOnFailure: true },
  'a VM': { scenario: linuxVm },
  'a container that is taken up when it was provisioned': { scenario: plain, start: 'provisioned' },
  'a container that is taken up when it was held': { scenario: plain, start: 'held' },
  'a container that is taken up with residue': { scenario: plain, start: 'residue' },
  'a container that is taken up in the middle': { scenario: plain, start: 'interrupted' },
};

const lost = ({ before, after }: Awaited<ReturnType<typeof runPath>>) =>
  before.filter((line) => !after.includes(line) && !line.includes('shop'));

describe.each(Object.entries(RUNS))('every path with one mishap of %s', (_, options) => {
  test('is gone by the engine as by the statechart alone', async () => {
    const machine = options.scenario.kind === 'vm' ? utilityVm : createContainer;
    const paths = await provisionPaths(machine, options);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(lost(await runPath(path))).toEqual([]);
  });
});

/** A pod of a user: an image is pulled, and a container made of it that is given back when the pod drains. */
const podMachine: MachineOf = (actors) =>
  setup({
    actors: {
      pullImage: fromPromise<string>(async () => 'an image'),
      container: createContainer.provide({ actors: hostActors(actors) }),
    },
    guards: {
      isThere: (_, { tags }: { tags: unknown }) => tags instanceof Set && tags.has('provisioned'),
    },
  }).createMachine({
    id: 'pod',
    initial: 'pulling',
    states: {
      pulling: {
        invoke: { id: 'pullImage', src: 'pullImage', onDone: { target: 'running' }, onError: { target: 'failed' } },
      },
      running: {
        invoke: {
          id: 'container',
          src: 'container',
          input: { provisionId: provisionId('run'), request: plain.request },
          onSnapshot: {
            guard: {
              type: 'isThere',
              params: ({ event }) => ({ tags: 'tags' in event.snapshot ? event.snapshot.tags : undefined }),
            },
            target: '.ready',
          },
          onDone: { target: 'gone' },
        },
        initial: 'creating',
        states: {
          creating: {},
          ready: { on: { drain: { actions: sendTo('container', { type: 'resources.release' }), target: 'draining' } } },
          draining: {},
        },
      },
      gone: { type: 'final' },
      failed: { type: 'final' },
    },
  });

const FAILED = {
  code: 'no-image',
  message: 'there is none',
  hint: 'push it',
  step: 'initializing',
  transient: false,
} as const;

const POD: PathOptions = {
  scenario: plain,
  answers: {
    pullImage: [
      { words: 'succeeds', output: 'an image' },
      { words: 'finds no image', error: FAILED },
    ],
  },
  events: [{ type: 'drain' }],
};

test("paths of a user's own statechart go through ours, and are gone by both", async () => {
  const paths = await provisionPaths(podMachine, POD);
  const names = paths.map(({ name }) => name);
  expect(names).toContain('pullImage finds no image -> failed');
  expect(names.some((name) => name.startsWith('it is told drain'))).toBe(true);
  expect(names.some((name) => name.includes('container: activateLayer fails with ERROR_ACCESS_DENIED'))).toBe(true);
  for (const path of paths) await runPath(path);
});

/** The path, on a statechart that rolls nothing back. */
function broken(path: ProvisionPath): ProvisionPath {
  const machineOf: MachineOf = (actors) =>
    createContainer.provide({ actors: hostActors(actors), actions: { beginStep: () => {} } });
  return { ...path, setting: { ...path.setting, machineOf } };
}

test('a run that does otherwise than its path says so, with the step', async () => {
  const [path] = await provisionPaths(createContainer, { scenario: plain, mishaps: 0 });
  expect(path?.name).toBe('everything succeeds -> provisioned');
  if (path === undefined) return;
  await expect(runPath(broken(path))).resolves.toMatchObject({ end: 'provisioned' });
  const [first, ...rest] = path.steps;
  const skipped = { ...path, steps: rest };
  expect(first?.happening.type).toBe('initialize succeeds');
  await expect(runPath(skipped)).rejects.toThrow();
});

test('paths are bounded, and refuse codes that do not exist', async () => {
  await expect(provisionPaths(createContainer, { scenario: plain, codes: ['NO_SUCH_CODE'] })).rejects.toThrow(
    'NO_SUCH_CODE',
  );
  const few = await provisionPaths(createContainer, { scenario: plain, filter: ({ kind }) => kind === 'succeeds' });
  expect(few.map(({ name }) => name)).toEqual(['everything succeeds -> provisioned']);
  const simple = await provisionPaths(createContainer, { scenario: plain, kind: 'simple', mishaps: 0 });
  expect(simple.map(({ name }) => name)).toContain('everything succeeds -> provisioned');
});
