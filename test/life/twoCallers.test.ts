import { expect, test } from '@jest/globals';
import { LIFE_METHODS } from '../../src/domain/containerLife.ts';
import { LifeFault, LifeRefusal } from '../../src/index.ts';
import { createdLife, LIFE_CALLS, type LifeScene, startedLife } from '../support/lives.ts';

const SCENES: Readonly<Record<'created' | 'running' | 'paused', () => Promise<LifeScene>>> = {
  created: () => createdLife({ canPause: true }),
  running: () => startedLife({ canPause: true }),
  paused: async () => {
    const scene = await startedLife({ canPause: true });
    await scene.container.pause();
    return scene;
  },
};

/** What came of it; nothing else than what is declared can be thrown. */
async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof LifeRefusal || error instanceof LifeFault) return error.code;
    throw error;
  }
}

const PAIRS = (['created', 'running', 'paused'] as const).flatMap((status) =>
  LIFE_METHODS.flatMap((one) => LIFE_METHODS.map((other) => ({ status, one, other }))),
);

test.each(PAIRS)(
  '$one and $other at once, of one that is $status, come to their ends',
  async ({ status, one, other }) => {
    const scene = await SCENES[status]();
    const { container } = scene;
    const calls = [one, other].map((method) => outcomeOf(LIFE_CALLS[method](container)));
    const ends = [one, other].flatMap((method, at) => (method === 'wait' ? [] : [calls[at]]));
    await Promise.all(ends);
    if (one === 'delete' && (await calls[0]) === 'done') expect(container.life.status).toBe('deleted');
    if (one === 'wait' || other === 'wait') await container.delete({ force: true });
    const outcomes = await Promise.all(calls);
    if (one === other) expect(outcomes[0]).toBe(outcomes[1]);
    await container.delete({ force: true });
    await scene.nothingIsLeft();
  },
);
