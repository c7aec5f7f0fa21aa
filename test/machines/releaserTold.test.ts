/** The releaser of a run, by its statechart alone: a release that was given up answers while another goes on. */
import { expect, test } from '@jest/globals';
import { createActor, fromPromise, fromTransition, SimulatedClock } from 'xstate';
import { DEFAULT_PATIENCE } from '../../src/domain/deadlines.ts';
import { type ResourceId, resourceId } from '../../src/domain/ids.ts';
import { releaseResource, releaseResources } from '../../src/machines/index.ts';
import type { OneResource, ReleaseAnswer } from '../../src/machines/releaseResource.ts';
import type { ReleaseSettled } from '../../src/machines/releaseResources.ts';
import { go, REF, Staged } from './stagedLife.ts';

const [A, B] = [resourceId('run-1/1'), resourceId('run-1/2')];
const patience = { ...DEFAULT_PATIENCE, releaseAttempts: 1, releaseDeadlineMs: 50 };

/** A run that has `alive`; each try to release something answers when it is told to. */
function releasing(alive: readonly ResourceId[]) {
  const tries: Array<{ readonly resource: ResourceId; answer(how: ReleaseAnswer): void }> = [];
  const left = new Set(alive);
  const tryRelease = fromPromise<ReleaseAnswer, OneResource>(
    ({ input: { resource } }) =>
      new Promise((answer) => {
        tries.push({ resource, answer });
      }),
  );
  const markUnanswered = new Staged({}).done<OneResource>('markUnanswered');
  const machine = releaseResources.provide({
    actors: {
      listAlive: fromPromise(async (): Promise<readonly ResourceId[]> => [...left]),
      releaseResource: releaseResource.provide({ actors: { tryRelease, markUnanswered } }),
    },
  });
  const parent = createActor(
    fromTransition((told: readonly number[], { residue }: ReleaseSettled) => [...told, residue], []),
  ).start();
  const clock = new SimulatedClock();
  const { provisionId } = REF;
  const releaser = createActor(machine, { input: { provisionId, patience, parent }, clock }).start();
  const settle = async (at: number, how: ReleaseAnswer) => {
    const one = tries[at];
    if (one === undefined) throw new Error(`there is no try ${at}`);
    if (how === 'released') left.delete(one.resource);
    one.answer(how);
    await go(releaser, clock, []);
  };
  const told = () => parent.getSnapshot().context;
  const children = () => Object.keys(releaser.getSnapshot().children);
  return { clock, releaser, settle, told, children, tried: () => tries.map(({ resource }) => resource) };
}

test('it is tried once more when that is over, and nobody keeps its statechart', async () => {
  const { clock, releaser, settle, told, children, tried } = releasing([A, B]);
  await go(releaser, clock, [{ type: 'release.begin', which: 'all' }, patience.releaseDeadlineMs]);
  expect(tried()).toEqual([A, B]);
  await settle(0, 'failed');
  expect(children()).toEqual(['release:2']);
  await settle(1, 'released');
  expect(tried()).toEqual([A, B, A]);
  await settle(2, 'released');
  expect({ told: told(), children: children() }).toEqual({ told: [0], children: [] });
});

test('one that answers when all else is over is told of again', async () => {
  const { clock, releaser, settle, told, children, tried } = releasing([A]);
  await go(releaser, clock, [{ type: 'release.begin', which: 'all' }, patience.releaseDeadlineMs]);
  expect({ told: told(), tried: tried() }).toEqual({ told: [1], tried: [A] });
  await settle(0, 'released');
  expect({ told: told(), children: children() }).toEqual({ told: [1, 0], children: [] });
});
