import { expect, test } from '@jest/globals';
import { createActor, waitFor } from 'xstate';
import { hostActors, provisionId } from '../../src/index.ts';
import { createContainer } from '../../src/machines/index.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import {
  callsOfFullCreate,
  faultOf,
  fullRequest,
  hostOptions,
  idle,
  SCRATCH_LEFT,
  setUp,
} from '../support/requests.ts';
import { AWAY_MS, CUT_OFFS, dieAt } from '../support/serviceDeaths.ts';
import { setUpVms, VM_REQUESTS } from '../support/vmRuns.ts';

test.each(CUT_OFFS)(
  'a rollback in which the service dies goes on when it is back (on its way: %s)',
  async (inFlight) => {
    const calls = await callsOfFullCreate();
    for (let nth = 1; ; nth += 1) {
      const on = await setUp({ latencies: 1 });
      on.host.inject({ nth: calls, when: 'after' });
      const provision = on.provisioner.create(fullRequest());
      const hasDied = await dieAt(on, calls + nth, provision.result, { inFlight });
      const { code, held } = await faultOf(provision.result);
      expect({ nth, code, held }).toEqual({ nth, code: 'access-denied', held: undefined });
      expect({ nth, alive: on.host.snapshot() }).toEqual({ nth, alive: [] });
      if (!hasDied) return expect(nth).toBeGreaterThan(8);
    }
  },
);

test('what may be there is undone before the rest is kept, also when the service dies meanwhile', async () => {
  const calls = await callsOfFullCreate();
  for (let nth = 1; ; nth += 1) {
    const on = await setUp({ latencies: 1 });
    on.host.inject({ nth: calls, when: 'after' });
    const provision = on.provisioner.create({ ...fullRequest(), keepOnFailure: true });
    const hasDied = await dieAt(on, calls + nth, provision.result);
    const { code, held, resources } = await faultOf(provision.result);
    expect({ nth, code, status: provision.state.status }).toEqual({ nth, code: 'access-denied', status: 'held' });
    expect({ nth, unsure: resources.filter(({ state }) => state === 'intended' || state === 'residue') }).toEqual({
      nth,
      unsure: [],
    });
    expect((await held?.release())?.residue).toEqual([]);
    expect({ nth, alive: on.host.snapshot() }).toEqual({ nth, alive: [] });
    if (!hasDied) return expect(nth).toBeGreaterThan(2);
  }
});

test('a call that hangs is answered by the death of the service; the run that had given it up goes on', async () => {
  const on = await setUp({ latencies: 1 });
  on.host.inject({ call: 'compute.create', when: 'neverAfterEffect' });
  const provision = on.provisioner.create(fullRequest());
  expect((await faultOf(provision.result)).code).toBe('deadline-exceeded');
  expect(provision.state).toMatchObject({
    status: 'needsHands',
    path: 'creatingComputeSystem.outcomeUnknown.unanswered',
  });
  await on.host.serviceDies();
  on.clock.setTimeout(() => on.host.serviceRestarts(), AWAY_MS);
  await new Promise<void>((resolve) => void on.clock.setTimeout(resolve, 3 * AWAY_MS));
  expect(on.host.pendingCalls).toBe(0);
  expect(provision.state).toMatchObject({ status: 'failed', path: 'rolledBack' });
  expect(on.host.snapshot()).toEqual([]);
});

test('a service that is back and does not answer needs hands, and nothing is lost when it answers', async () => {
  const on = await setUp({ latencies: 1 });
  const provision = on.provisioner.create(fullRequest());
  const { container } = await provision.result;
  on.host.inject({ call: 'compute.open', when: 'never' });
  await on.host.serviceDies();
  on.host.serviceRestarts();
  await new Promise<void>((resolve) => void on.clock.setTimeout(resolve, 1_000_000));
  expect(provision.state).toMatchObject({ status: 'needsHands', path: 'reconciling.reopening.overdue' });
  on.host.answerPending();
  await new Promise<void>((resolve) => void on.clock.setTimeout(resolve, AWAY_MS));
  expect(provision.state.status).toBe('provisioned');
  expect(on.host.snapshot()).toContain('handle.computeSystem web-1');
  expect((await container.release()).residue).toEqual([]);
  expect(on.host.snapshot()).toEqual(SCRATCH_LEFT);
});

test.each([true, false])('a VM that runs when the service dies (and lives on: %s)', async (systemsSurvive) => {
  const on = await setUpVms({ latencies: 1 });
  const provision = on.provisioner.createVm(VM_REQUESTS.linux);
  const { vm } = await provision.result;
  const before = on.host.snapshot();
  const told: string[] = [];
  vm.events$.subscribe(({ type }) => void told.push(type));
  await on.host.serviceDies({ systemsSurvive });
  on.clock.setTimeout(() => on.host.serviceRestarts(), AWAY_MS);
  await new Promise<void>((resolve) => void on.clock.setTimeout(resolve, 3 * AWAY_MS));
  expect(on.host.snapshot()).toEqual(systemsSurvive ? before : []);
  expect(provision.state.status).toBe(systemsSurvive ? 'provisioned' : 'released');
  expect(told.includes('vm.exited')).toBe(!systemsSurvive);
  expect((await vm.stop()).residue).toEqual([]);
  expect(on.host.snapshot()).toEqual([]);
});

test('creates that wait for their turn fail too, and leave nothing', async () => {
  const on = await setUp({ latencies: 1 }, { admission: { layers: 1, network: 1, systems: 1 } });
  const creates = [0, 1, 2, 3].map((n) =>
    on.provisioner.create({ ...fullRequest(), id: `c${n}`, spec: fullRequest().spec }),
  );
  const last = creates.at(-1);
  await dieAt(on, 12, Promise.all(creates.map(({ result }) => result)));
  expect((await faultOf(last?.result ?? Promise.resolve())).code).toBe('service-disconnected');
  await Promise.allSettled(creates.map(({ result }) => result));
  expect(on.host.snapshot()).toEqual([]);
});

test('the statechart alone, told by whoever runs it', async () => {
  const host = simulatedHost(hostOptions());
  const actor = createActor(createContainer.provide({ actors: hostActors({ host }) }), {
    input: { provisionId: provisionId('run-1'), request: fullRequest(), patience: { reconcileRetryMs: 5 } },
  });
  const stop = host.onServiceDisconnect?.(() => actor.send({ type: 'service.disconnected' }));
  actor.start();
  await waitFor(actor, (snapshot) => snapshot.hasTag('provisioned'));
  await host.serviceDies({ systemsSurvive: false });
  await waitFor(actor, (snapshot) => snapshot.hasTag('reconciling'));
  await idle();
  host.serviceRestarts();
  const { output } = await waitFor(actor, (snapshot) => snapshot.status === 'done');
  expect(output).toEqual({ kind: 'exited', reason: expect.stringContaining('service') });
  expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  stop?.();
});

test('a process that has ended is not told, nor one that does not listen any more', async () => {
  const host = simulatedHost();
  const told: string[] = [];
  const [ended, silent, listening] = [host.attach(), host.attach(), host.attach()];
  ended.onServiceDisconnect?.(() => void told.push('ended'));
  silent.onServiceDisconnect?.(() => void told.push('silent'))?.();
  listening.onServiceDisconnect?.(() => void told.push('listening'));
  ended.end();
  await host.serviceDies();
  expect(told).toEqual(['listening']);
});
