import { describe, expect, test } from '@jest/globals';
import {
  createProvisioner,
  DEFAULT_PATIENCE,
  type LedgerEntry,
  type ProvisionEvent,
  type ProvisionFault,
} from '../../src/index.ts';
import { comparable, linesOf } from '../conformance/injections.ts';
import { callsOfFullCreate, faultOf, fullRequest, idle, plainSpec, SCRATCH_LEFT, setUp } from '../support/requests.ts';
import { AWAY_MS, CUT_OFFS, dieAt } from '../support/serviceDeaths.ts';
import { POD_GUESTS, POD_IDS, podRequest, setUpPod, vmRecordOf } from '../support/vmPods.ts';
import { callsOfVmCreate, LEFT_OF, setUpVms, VM_KINDS, VM_REQUESTS } from '../support/vmRuns.ts';

const NEVER = Number.POSITIVE_INFINITY;
const isHandle = (line: string): boolean => line.startsWith('handle.');
const withoutHandles = (lines: readonly string[]): readonly string[] => lines.filter((line) => !isHandle(line));
const aliveOf = ({ resources }: ProvisionFault): readonly LedgerEntry[] =>
  resources.filter(({ state }) => state === 'held' || state === 'intended' || state === 'residue');

describe.each(CUT_OFFS)('the compute service dies, and what was on its way is %s', (inFlight) => {
  test('at any call of a create: it is rolled back when the service is there again', async () => {
    const calls = await callsOfFullCreate();
    for (let nth = 1; nth <= calls; nth += 1) {
      const on = await setUp({ latencies: 1 });
      const provision = on.provisioner.create(fullRequest());
      await dieAt(on, nth, provision.result, { inFlight });
      const { code, held } = await faultOf(provision.result);
      expect({ nth, code, held }).toEqual({ nth, code: 'service-disconnected', held: undefined });
      expect({ nth, alive: on.host.snapshot() }).toEqual({ nth, alive: [] });
      expect(provision.state).toMatchObject({ status: 'failed', path: 'rolledBack' });
    }
  });

  test('and is not there again: what is left is named, and can be given back later', async () => {
    const calls = await callsOfFullCreate();
    for (let nth = 1; nth <= calls; nth += 1) {
      const on = await setUp({ latencies: 1 });
      const provision = on.provisioner.create(fullRequest());
      await dieAt(on, nth, provision.result, { inFlight, awayMs: NEVER });
      const fault = await faultOf(provision.result);
      const alive = on.host.snapshot();
      const named = linesOf(aliveOf(fault), undefined);
      expect({ nth, unnamed: alive.filter((line) => !named.includes(line)) }).toEqual({ nth, unnamed: [] });
      expect(provision.state.status).toBe(fault.held === undefined ? 'failed' : 'needsHands');
      on.host.serviceRestarts();
      expect((await fault.held?.release())?.residue ?? []).toEqual([]);
      expect({ nth, alive: on.host.snapshot() }).toEqual({ nth, alive: [] });
    }
  });

  test.each(VM_KINDS)('at any call of the create of a VM: %s', async (kind) => {
    const calls = await callsOfVmCreate(kind);
    for (let nth = 1; nth <= calls; nth += 1) {
      const on = await setUpVms({ latencies: 1 });
      const provision = on.provisioner.createVm(VM_REQUESTS[kind]);
      await dieAt(on, nth, provision.result, { inFlight });
      const { code, held } = await faultOf(provision.result);
      expect({ nth, code, held }).toEqual({ nth, code: 'service-disconnected', held: undefined });
      expect({ nth, alive: on.host.snapshot() }).toEqual({ nth, alive: [] });
    }
  });

  test.each(POD_GUESTS)('at any call of a create in a VM, which lives on with its neighbour: %s', async (guest) => {
    const scratchIsThere = guest === 'linux';
    for (let nth = 1; ; nth += 1) {
      const pod = await setUpPod(guest, { scratchIsThere, latencies: 1 });
      const neighbour = await pod.provisioner.create(podRequest(guest, 'two', ['disk', 'fileA'])).result;
      const [before, record] = [pod.host.snapshot(), await vmRecordOf(pod)];
      const at = pod.host.calls.length + nth;
      const provision = pod.provisioner.create(podRequest(guest, 'one'));
      const hasDied = await dieAt(pod, at, provision.result, { inFlight });
      if (!hasDied) return expect(nth).toBeGreaterThan(20);
      const { code, held } = await faultOf(provision.result);
      expect({ nth, code, held }).toEqual({ nth, code: 'service-disconnected', held: undefined });
      await pod.pause(2 * AWAY_MS);
      const lost = before.filter((line) => line.startsWith('ccgInstance'));
      expect({ nth, alive: pod.host.snapshot() }).toEqual({
        nth,
        alive: before.filter((line) => !lost.includes(line)),
      });
      expect({ nth, unsettled: (await vmRecordOf(pod)).unsettled }).toEqual({ nth, unsettled: record.unsettled });
      expect((await neighbour.container.release()).residue).toEqual([]);
      expect((await pod.vm.stop()).residue).toEqual([]);
      expect(pod.host.snapshot().filter(isHandle)).toEqual([]);
    }
  });
});

/** A container that is provisioned, and what is told of it from then on. */
async function provisioned(options: Parameters<typeof setUp>[1] = {}) {
  const on = await setUp({ latencies: 1 }, options);
  const provision = on.provisioner.create(fullRequest());
  const { container } = await provision.result;
  const events: ProvisionEvent[] = [];
  container.events$.subscribe((event) => void events.push(event));
  const pause = (ms: number) => new Promise<void>((resolve) => void on.clock.setTimeout(resolve, ms));
  const types = () => events.map(({ type }) => type).filter((type) => !/^(call|step)\./.test(type));
  return { ...on, provision, container, pause, types, alive: on.host.snapshot() };
}

describe('a container that is provisioned when the compute service dies', () => {
  test('goes on, with a new handle and without its credential guard', async () => {
    const { host, provision, container, pause, alive, types } = await provisioned();
    await host.serviceDies();
    await idle();
    expect(provision.state).toMatchObject({ status: 'reconciling' });
    expect(provision.why().what).toContain('the compute service');
    await pause(AWAY_MS);
    host.serviceRestarts();
    await pause(AWAY_MS);
    expect(provision.state).toMatchObject({ status: 'provisioned', path: 'provisioned' });
    expect(provision.state.fault).toBeUndefined();
    expect(host.snapshot()).toEqual(alive.filter((line) => line !== 'ccgInstance web-1'));
    expect(types().slice(-3)).toEqual(['service.disconnected', 'resource.changed', 'service.reconciled']);
    expect((await container.release()).residue).toEqual([]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('goes on after the second death as after the first', async () => {
    const { host, provision, container, pause } = await provisioned();
    for (let death = 0; death < 3; death += 1) {
      await host.serviceDies();
      await pause(AWAY_MS);
      host.serviceRestarts();
      await pause(death);
    }
    await pause(AWAY_MS);
    expect(provision.state.status).toBe('provisioned');
    expect(host.snapshot().filter(isHandle)).toEqual(['handle.computeSystem web-1']);
    expect((await container.release()).residue).toEqual([]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('and goes with it is given back, with a word', async () => {
    const { host, provision, container, pause, types } = await provisioned();
    await host.serviceDies({ systemsSurvive: false });
    await pause(AWAY_MS);
    host.serviceRestarts();
    await pause(AWAY_MS);
    expect(provision.state).toMatchObject({ status: 'released', path: 'released' });
    expect(types()).toContain('container.exited');
    expect(container.resources.map(({ state }) => state)).not.toContain('held');
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('is left alone when the service stays away, until somebody gives it back', async () => {
    const { host, provision, container, pause, alive } = await provisioned();
    const told: object[] = [];
    container.events$.subscribe((event) => {
      if (event.type === 'service.disconnected' || event.type === 'service.unreachable') told.push(event);
    });
    await host.serviceDies();
    await pause(1_000_000);
    expect(told).toMatchObject([
      { type: 'service.disconnected' },
      { type: 'service.unreachable', attempts: DEFAULT_PATIENCE.reconcileAttempts },
    ]);
    const questions = host.calls.filter(
      ({ call, outcome }) => call === 'credentials.instances' && outcome === 'failed',
    );
    expect(questions).toHaveLength(DEFAULT_PATIENCE.reconcileAttempts);
    expect(provision.state).toMatchObject({ status: 'needsHands', path: 'reconciling.unreachable' });
    expect(provision.why()).toMatchObject({ for: 'decision', what: expect.stringContaining('compute service') });
    expect(host.snapshot()).toEqual(withoutHandles(alive).filter((line) => line !== 'ccgInstance web-1'));
    host.serviceRestarts();
    expect((await container.release()).residue).toEqual([]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('can be given back while the service is away: that waits for it', async () => {
    const { host, container, clock } = await provisioned();
    await host.serviceDies();
    await idle();
    clock.setTimeout(() => host.serviceRestarts(), AWAY_MS);
    expect((await container.release()).residue).toEqual([]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('stays written down as provisioned meanwhile', async () => {
    const { host, pause, provisioner, container } = await provisioned();
    const stored = async () => (await provisioner.runs()).runs.map(({ status }) => status);
    await host.serviceDies();
    await pause(AWAY_MS);
    expect(await stored()).toEqual(['provisioned']);
    await pause(1_000_000);
    expect(await stored()).toEqual(['provisioned']);
    host.serviceRestarts();
    await container.release();
    expect(await stored()).toEqual(['released']);
  });
});

test.each(CUT_OFFS)(
  'a release in which the service dies goes on when it is back; its call on the way is %s',
  async (inFlight) => {
    for (let nth = 1; ; nth += 1) {
      const { host, clock, container } = await provisioned();
      const released = container.release();
      const hasDied = await dieAt({ host, clock }, host.calls.length + nth, released, { inFlight });
      expect({ nth, residue: (await released).residue }).toEqual({ nth, residue: [] });
      expect({ nth, alive: host.snapshot() }).toEqual({ nth, alive: SCRATCH_LEFT });
      if (!hasDied) return expect(nth).toBeGreaterThan(8);
    }
  },
);

describe('what is held when the compute service dies', () => {
  test('stays held, with a VM that lives on under a new handle, until its lease ends', async () => {
    const on = await setUpVms({ latencies: 1 });
    on.host.inject({ call: 'compute.start', when: 'before' });
    const provision = on.provisioner.createVm(VM_REQUESTS.linux, { keepOnFailure: true });
    const { held } = await faultOf(provision.result);
    const before = on.host.snapshot();
    expect(before).toContain('handle.computeSystem vm-1');
    await on.host.serviceDies();
    await idle();
    expect(provision.state.status).toBe('reconciling');
    on.host.serviceRestarts();
    await new Promise<void>((resolve) => void on.clock.setTimeout(resolve, AWAY_MS));
    expect(provision.state.status).toBe('held');
    expect(on.host.snapshot()).toEqual(before);
    expect((await held?.release())?.residue).toEqual([]);
    expect(on.host.snapshot()).toEqual([]);
  });

  test('of a create that the death ends: what is kept is what is there', async () => {
    const calls = await callsOfFullCreate();
    for (let nth = 1; nth <= calls; nth += 1) {
      const on = await setUp({ latencies: 1 });
      const provision = on.provisioner.create({ ...fullRequest(), keepOnFailure: true });
      await dieAt(on, nth, provision.result, { inFlight: nth % 2 === 0 ? 'done' : 'undone' });
      const fault = await faultOf(provision.result);
      const alive = comparable(on.host.snapshot());
      expect({ nth, alive }).toEqual({ nth, alive: comparable(linesOf(aliveOf(fault), undefined)) });
      expect((await fault.held?.release())?.residue ?? []).toEqual([]);
      expect({ nth, alive: on.host.snapshot() }).toEqual({ nth, alive: [] });
    }
  });
});

describe('several runs at once', () => {
  test('go through the death of the service each in its own way, and leave no handle', async () => {
    for (const after of [20, 60, 100, 140, 180]) {
      const on = await setUp({ latencies: 1 });
      const creates = Array.from({ length: 12 }, (_, n) =>
        on.provisioner.create({ id: `c${n}`, spec: plainSpec(`C:\\scratch\\${n}`) }),
      );
      const all = Promise.allSettled(creates.map(({ result }) => result));
      await dieAt(on, after, all);
      const outcomes = await all;
      await new Promise<void>((resolve) => void on.clock.setTimeout(resolve, 2 * AWAY_MS));
      const made = creates.filter(({ state }) => state.status === 'provisioned');
      expect(made).toHaveLength(outcomes.filter(({ status }) => status === 'fulfilled').length);
      expect(on.host.snapshot().filter(isHandle).sort()).toEqual(
        made.map(({ containerId }) => `handle.computeSystem ${containerId}`).sort(),
      );
      for (const { result } of made) expect((await (await result).container.release()).residue).toEqual([]);
      expect(withoutHandles(on.host.snapshot()).filter((line) => !line.startsWith('disk.'))).toEqual([]);
    }
  });

  test.each(POD_GUESTS)('in one VM that the service takes along: all of it is given back (%s)', async (guest) => {
    const pod = await setUpPod(guest, { latencies: 1 });
    const made = await Promise.all(
      POD_IDS.map((id) => pod.provisioner.create(podRequest(guest, id, ['disk', 'fileA'])).result),
    );
    await pod.host.serviceDies({ systemsSurvive: false });
    await pod.pause(AWAY_MS);
    pod.host.serviceRestarts();
    await pod.pause(4 * AWAY_MS);
    for (const { container } of made) expect(container.resources.filter(({ state }) => state === 'held')).toEqual([]);
    const left = guest === 'windows' ? LEFT_OF.windows : [];
    expect(pod.host.snapshot().filter((line) => !left.includes(line) && !line.startsWith('disk.'))).toEqual([]);
    expect(await pod.vms.read(pod.vm.id)).toBeUndefined();
  });
});

test('a host that cannot tell is believed by its answers: the create is rolled back when the service is there', async () => {
  const { host, clock } = await setUp({ latencies: 1 });
  const { onServiceDisconnect: _, ...silent } = host;
  const provisioner = await createProvisioner({ host: silent, clock });
  const calls = await callsOfFullCreate();
  const provision = provisioner.create(fullRequest());
  await dieAt({ host, clock }, calls, provision.result, { inFlight: 'done' });
  const { code, held } = await faultOf(provision.result);
  expect({ code, held }).toEqual({ code: 'service-disconnected', held: undefined });
  expect(host.snapshot()).toEqual([]);
});
