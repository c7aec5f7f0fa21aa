import { describe, expect, test } from '@jest/globals';
import { createActor, waitFor } from 'xstate';
import { actorsOn } from '../../src/actors/hostActors.ts';
import { Runs } from '../../src/actors/run.ts';
import { provisionId } from '../../src/domain/ids.ts';
import { memoryLedgerStore, memoryVmStore } from '../../src/index.ts';
import { createContainer } from '../../src/machines/index.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { breakableReleaser } from '../../src/testing/stage/breakable.ts';
import { fullRequest, hostOptions, SCRATCH_LEFT } from '../support/requests.ts';

/** A create whose releaser breaks as often as it is said, and then works. */
function brittle(times: number) {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...hostOptions(), clock });
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
  };
  const runs = new Runs({ host, store: memoryLedgerStore(), vms: memoryVmStore(), clock, owner: 'slipway', newId });
  let left = times;
  const releaseResources = breakableReleaser(runs, () => {
    left -= 1;
    if (left >= 0) throw new Error('the releaser is broken');
  });
  const machine = createContainer.provide({ actors: { ...actorsOn(runs), releaseResources } });
  const actor = createActor(machine, {
    input: { provisionId: provisionId('run'), request: fullRequest() },
    clock: { setTimeout: (run, ms) => clock.setTimeout(run, ms), clearTimeout: (timer) => clock.clearTimeout(timer) },
  });
  const told: object[] = [];
  actor.on('step.failed', ({ fault }) => told.push({ code: fault.code }));
  return { host, actor, told };
}

type Actor = ReturnType<typeof brittle>['actor'];

const needsHands = (actor: Actor) => waitFor(actor, (snapshot) => snapshot.matches('residue'));
const ended = (actor: Actor) => waitFor(actor, (snapshot) => snapshot.status === 'done');

describe('a releaser that breaks', () => {
  test.each([1, 2])('%s times lets a retry find another one: what failed is rolled back', async (times) => {
    const { host, actor, told } = brittle(times);
    host.inject({ call: 'compute.create', when: 'before' });
    actor.start();
    for (let time = 0; time < times; time += 1) {
      await needsHands(actor);
      expect(actor.getSnapshot().context.fault).toMatchObject({ code: 'access-denied' });
      actor.send({ type: 'release.retry' });
    }
    expect((await ended(actor)).output).toMatchObject({ kind: 'failed', fault: { code: 'access-denied' } });
    expect(host.snapshot()).toEqual([]);
    expect(told).toContainEqual({ code: 'internal-error' });
  });

  test('while a container is given back does not take the scratch of its caller at the retry', async () => {
    const { host, actor, told } = brittle(1);
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.hasTag('provisioned'));
    actor.send({ type: 'resources.release' });
    await needsHands(actor);
    expect(told).toEqual([{ code: 'internal-error' }]);
    actor.send({ type: 'release.retry' });
    expect((await ended(actor)).output).toEqual({ kind: 'released' });
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });
});
