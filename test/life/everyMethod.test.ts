import { describe, expect, test } from '@jest/globals';
import { LIFE_METHODS, LIFE_STATUSES, type LifeStatus } from '../../src/domain/containerLife.ts';
import { ANSWERS, REMEDIES } from '../../src/engine/life/answers.ts';
import { LifeFault, LifeRefusal } from '../../src/index.ts';
import { createdLife, LIFE_CALLS, type LifeScene, startedLife, until } from '../support/lives.ts';
import { idle } from '../support/requests.ts';

const STILL = { autoAdvance: false, canPause: true, provisioner: { lifePatience: { reconcileAttempts: 2 } } } as const;

/** Whoever asks for what is on its way is not waited for here. */
const unwatched = (work: Promise<unknown>): void => void work.catch(() => {});

async function running(command = 'serve'): Promise<LifeScene> {
  return startedLife({ ...STILL, command });
}

async function withPending(
  call: 'compute.start' | 'compute.pause' | 'compute.resume',
  begin: (scene: LifeScene) => Promise<unknown>,
) {
  const scene = call === 'compute.start' ? await createdLife(STILL) : await running();
  if (call === 'compute.resume') await scene.container.pause();
  scene.host.inject({ call, when: 'never' });
  unwatched(begin(scene));
  return scene;
}

/** A container in each of the states of a life, on a host whose time stands still. */
const SCENES: Readonly<Record<LifeStatus, () => Promise<LifeScene>>> = {
  created: () => createdLife(STILL),
  starting: () => withPending('compute.start', ({ container }) => container.start()),
  running: () => running(),
  pausing: () => withPending('compute.pause', ({ container }) => container.pause()),
  paused: async () => {
    const scene = await running();
    await scene.container.pause();
    return scene;
  },
  resuming: () => withPending('compute.resume', ({ container }) => container.resume()),
  stopping: async () => {
    const scene = await running('deaf');
    unwatched(scene.container.shutdown());
    return scene;
  },
  stuck: async () => {
    const scene = await running();
    scene.host.inject({ call: 'compute.terminate', when: 'before' });
    await scene.container.shutdown({ timeoutMs: 0 }).catch(() => {});
    return scene;
  },
  reconciling: async () => {
    const scene = await running();
    await scene.host.serviceDies();
    return scene;
  },
  unreachable: async () => {
    const scene = await running();
    await scene.host.serviceDies();
    await pass(scene, () => scene.container.life.status === 'unreachable');
    scene.host.serviceRestarts();
    return scene;
  },
  stopped: async () => {
    const scene = await running();
    await scene.container.shutdown();
    return scene;
  },
  deleting: async () => {
    const scene = await running();
    await scene.container.shutdown();
    scene.host.inject({ call: 'layers.deactivate', when: 'never' });
    unwatched(scene.container.delete());
    return scene;
  },
  deleted: async () => {
    const scene = await running();
    await scene.container.delete({ force: true });
    return scene;
  },
};

/** Lets time pass until it is so. */
async function pass({ clock }: Pick<LifeScene, 'clock'>, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    clock.advance(500);
    await idle(3);
  }
}

type Outcome = 'done' | 'refused' | 'failed' | 'pending';

/** What has become of the call so far. */
function watched(work: Promise<unknown>) {
  const told: { outcome: Outcome; error?: unknown } = { outcome: 'pending' };
  work.then(
    () => {
      told.outcome = 'done';
    },
    (error: unknown) => {
      told.error = error;
      told.outcome = error instanceof LifeRefusal ? 'refused' : 'failed';
    },
  );
  return told;
}

const CELLS = LIFE_METHODS.flatMap((method) =>
  LIFE_STATUSES.map((status) => ({ method, status, answer: ANSWERS[method][status] })),
);

describe('every method in every state', () => {
  test.each(CELLS)('$method of one that is $status: $answer', async ({ method, status, answer }) => {
    const scene = await SCENES[status]();
    const { container, host } = scene;
    await until(() => container.life.status === status);
    const called = watched(LIFE_CALLS[method](container));
    await idle(5);
    if (answer === 'refuses') {
      expect(called).toMatchObject({
        outcome: 'refused',
        error: { method, status, hint: REMEDIES[status], code: 'wrong-state' },
      });
    }
    if (answer === 'already') expect(called.outcome).toBe('done');
    host.answerPending();
    host.serviceRestarts();
    if (method === 'wait') {
      const ended = watched(container.delete({ force: true }));
      await pass(scene, () => ended.outcome !== 'pending');
    }
    await pass(scene, () => called.outcome !== 'pending');
    if (answer === 'does' || answer === 'joins') expect(called).toMatchObject({ outcome: 'done' });
    if (called.outcome === 'failed') expect(called.error).toBeInstanceOf(LifeFault);
    const ended = watched(container.delete({ force: true }));
    await pass(scene, () => ended.outcome !== 'pending');
    await pass(scene, () => host.snapshot().every((line) => line.startsWith('disk.scratchLayer')));
    await scene.nothingIsLeft();
  });
});
