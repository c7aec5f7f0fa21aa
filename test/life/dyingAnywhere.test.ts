import { describe, expect, test } from '@jest/globals';
import { LifeFault, LifeRefusal } from '../../src/index.ts';
import { createdLife, type LifeScene, outputOf, until } from '../support/lives.ts';
import { AWAY_MS, CUT_OFFS, dieAt } from '../support/serviceDeaths.ts';

/** A whole life, as far as it goes; gives what stopped it. */
async function live({ container }: LifeScene): Promise<string> {
  try {
    const init = await container.start();
    const process = await container.exec({ args: ['short'] });
    await outputOf(process);
    await process.wait();
    await container.stats();
    if (init.state.status !== 'running') return 'its first process is said to have exited';
    await container.shutdown();
    return 'done';
  } catch (error) {
    if (error instanceof LifeFault || error instanceof LifeRefusal) return error.code;
    throw error;
  }
}

const TOLD: readonly string[] = ['done', 'service-disconnected', 'container-stopped', 'container-moved-on'];

describe.each(CUT_OFFS)('the compute service dies at any call of a life, which is %s', (inFlight) => {
  test('and is back: the life goes on or says why not, and is deleted', async () => {
    for (let nth = 1; ; nth += 1) {
      const scene = await createdLife({ host: { latencies: 1 } });
      const { host, container } = scene;
      const work = live(scene);
      const hasDied = await dieAt(scene, host.calls.length + nth, work, { inFlight });
      const outcome = await work;
      expect({ nth, told: TOLD.includes(outcome), outcome }).toEqual({ nth, told: true, outcome });
      expect({ nth, residue: (await container.delete({ force: true })).residue }).toEqual({ nth, residue: [] });
      await scene.nothingIsLeft();
      if (!hasDied) return expect(nth).toBeGreaterThan(8);
    }
  });

  test('and is not back before it is deleted: what is left is named, and goes later', async () => {
    for (let nth = 1; ; nth += 1) {
      const scene = await createdLife({
        host: { latencies: 1 },
        provisioner: { lifePatience: { reconcileAttempts: 5 } },
      });
      const { host, container, clock } = scene;
      const work = live(scene);
      const hasDied = await dieAt(scene, host.calls.length + nth, work, { inFlight, awayMs: Number.POSITIVE_INFINITY });
      // What has become of a process is not known as long as the service is away: whoever waits for it waits.
      let isOver = false;
      void work.finally(() => {
        isOver = true;
      });
      await until(() => isOver || container.life.status === 'unreachable');
      if (!hasDied) return expect(nth).toBeGreaterThan(8);
      await container.delete({ force: true });
      // It may be deleted before the next method is called.
      expect([...TOLD, 'wrong-state']).toContain(await work);
      host.serviceRestarts();
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, AWAY_MS));
      expect({ nth, residue: (await container.delete({ force: true })).residue }).toEqual({ nth, residue: [] });
      await scene.nothingIsLeft();
    }
  });
});
