import { describe, expect, test } from '@jest/globals';
import type { Provision, ProvisionEvent } from '../../src/index.ts';
import { crowdedHost, crowdRequest, limitOf, setUpCrowd, setUpCrowdByHand } from '../support/admission.ts';
import { faultOf, idle } from '../support/requests.ts';
import { setUpVms, VM_REQUESTS } from '../support/vmRuns.ts';

/** `SLIPWAY_CROWD=10000` takes minutes. */
const CROWD = Number(process.env.SLIPWAY_CROWD ?? 1_000);
const NOT_READY = 0x80070015;

const crowd = (count: number) => Array.from({ length: count }, (_, n) => crowdRequest(n));

function eventsOf(provision: Provision): ProvisionEvent[] {
  const events: ProvisionEvent[] = [];
  provision.events$.subscribe((event) => events.push(event));
  return events;
}

describe('many at once through a limit of 8', () => {
  test('never more than 8 of a class are at the host, and they come in the order in which they were asked for', async () => {
    const { host, inFlight, provisioner } = await crowdedHost(8);
    const provisions = crowd(CROWD).map((request) => provisioner.create(request));
    await Promise.all(provisions.map(({ result }) => result));
    const { layers, network, compute } = inFlight;
    expect([layers.most, network.most, compute.most]).toEqual([8, 8, 8]);
    expect(host.snapshot().filter((line) => line.startsWith('computeSystem'))).toHaveLength(CROWD);
    const targetsOf = (name: string) => host.calls.flatMap(({ call, target }) => (call === name ? target : []));
    expect(targetsOf('network.addEndpoint')).toEqual(
      crowd(CROWD).map(({ spec }) => spec.windows.network.endpointList[0]),
    );
    expect(targetsOf('layers.createScratch')).toEqual(crowd(CROWD).map(({ spec }) => spec.windows.layerFolders[1]));
    expect(targetsOf('compute.create')).toEqual(crowd(CROWD).map(({ id }) => id));
  }, 120_000);
});

describe('a create that has to wait', () => {
  test('is seen to wait, and says for what', async () => {
    const { clock, host, provisioner } = await setUpCrowdByHand({ admission: { network: 1 } });
    host.inject({ call: 'network.addEndpoint', when: 'never' });
    const [first, second, third] = crowd(3).map((request) => provisioner.create(request));
    await idle();
    expect(first?.state.path).toBe('networking.configuring.inTime');
    expect([second?.state.path, third?.state.path]).toEqual(Array(2).fill('networking.configuring.queued'));
    expect(second?.state.steps.find(({ step }) => step === 'networking')?.status).toBe('queued');
    clock.advance(100);
    expect(second?.why()).toEqual({ for: 'turn', what: 'networking waits for its turn: network, next', sinceMs: 0 });
    expect(third?.why().what).toBe('networking waits for its turn: network, 1 ahead');
    host.answerPending();
    await Promise.all([first?.result, second?.result, third?.result]);
    expect(third?.state.steps.find(({ step }) => step === 'networking')?.status).toBe('done');
  });

  test('has an event for it; one that need not wait has none', async () => {
    const { provisioner } = await setUpCrowd({ admission: limitOf(1) });
    const provisions = crowd(3).map((request) => provisioner.create(request));
    const [first = [], , third = []] = provisions.map(eventsOf);
    await Promise.all(provisions.map(({ result }) => result));
    const said = (events: readonly ProvisionEvent[]) =>
      events.filter(({ type }) => type === 'step.queued' || type === 'step.admitted');
    expect(said(first)).toEqual([]);
    expect(said(third).slice(0, 2)).toMatchObject([
      { type: 'step.queued', step: 'networking', class: 'network', ahead: 1 },
      { type: 'step.admitted', step: 'networking', class: 'network' },
    ]);
  });

  test('has its whole deadline when it is its turn', async () => {
    const { clock, host, provisioner } = await setUpCrowdByHand({
      admission: { network: 1 },
      deadlines: { networking: 500 },
    });
    const takeBack = host.inject({ call: 'network.addEndpoint', when: 'never', every: true });
    const [, second] = crowd(2).map((request) => provisioner.create(request));
    await idle();
    clock.advance(400);
    host.answerPending();
    await idle();
    expect(second?.why()).toMatchObject({ for: 'call', untilMs: 900 });
    clock.advance(400);
    takeBack();
    host.answerPending();
    expect((await second?.result)?.container.id).toBe('web-1');
  });

  test('is gone at once when it is cancelled, and those behind it move up', async () => {
    const { host, provisioner } = await setUpCrowdByHand({ admission: { systems: 1 } });
    host.inject({ call: 'compute.create', when: 'never' });
    const [first, second, third] = crowd(3).map((request) => provisioner.create(request));
    await idle();
    expect(await second?.cancel('not needed')).toMatchObject({ cancelled: true, residue: [] });
    expect(second?.state.fault?.message).toBe('cancelled while creatingComputeSystem: not needed');
    expect(host.snapshot().some((line) => line.includes('web-1'))).toBe(false);
    expect(third?.why().what).toContain('systems, next');
    host.answerPending();
    await Promise.all([first?.result, third?.result]);
    expect(host.snapshot().filter((line) => line.startsWith('computeSystem'))).toHaveLength(2);
  });

  test('is gone also when it is cancelled in the moment in which it begins to wait', async () => {
    const { host, provisioner } = await setUpCrowdByHand({ admission: { network: 1 } });
    host.inject({ call: 'network.createNamespace', when: 'never' });
    const [, second] = crowd(2).map((request) => provisioner.create(request));
    second?.events$.subscribe((event) => {
      if (event.type === 'step.started' && event.step === 'networking') queueMicrotask(() => void second.cancel('no'));
    });
    await idle();
    expect(second?.state.status).toBe('failed');
    expect(host.calls.filter(({ call }) => call === 'network.createNamespace')).toHaveLength(1);
  });
});

describe('a slot', () => {
  test('is free again when the work has failed', async () => {
    const { host, provisioner } = await setUpCrowd({ admission: limitOf(1) });
    host.inject({ call: 'layers.prepare', when: 'before' });
    const [first, ...others] = crowd(3).map((request) => provisioner.create(request));
    expect(first && (await faultOf(first.result)).step).toBe('mountingLayers');
    await Promise.all(others.map(({ result }) => result));
    expect(host.snapshot().filter((line) => line.startsWith('computeSystem'))).toHaveLength(2);
  });

  test('is not free as long as its call has not answered, although the run has been given up', async () => {
    const { clock, host, provisioner } = await setUpCrowdByHand({
      admission: { network: 1 },
      deadlines: { networking: 500 },
    });
    host.inject({ call: 'network.addEndpoint', when: 'never' });
    const [first, second] = crowd(2).map((request) => provisioner.create(request));
    await idle();
    clock.advance(500);
    await idle();
    expect(first?.state.status).toBe('needsHands');
    expect(second?.why().for).toBe('turn');
    host.answerPending();
    expect((await second?.result)?.container.id).toBe('web-1');
    await idle();
    expect(first?.state.status).toBe('failed');
    expect(host.snapshot().some((line) => line.includes('web-0'))).toBe(false);
  });

  test('is not needed to release anything', async () => {
    const { host, provisioner } = await setUpCrowdByHand({ admission: limitOf(1) });
    const { container } = await provisioner.create(crowdRequest(0)).result;
    host.inject({ call: 'layers.activate', when: 'never' });
    provisioner.create(crowdRequest(1));
    await idle();
    expect((await container.release()).residue).toEqual([]);
    host.answerPending();
    await idle();
  });

  test('goes to the older create, also after its pause before another try', async () => {
    const { clock, host, provisioner } = await setUpCrowdByHand({ admission: { layers: 1 } });
    host.inject({ call: 'layers.activate', when: 'before', hresult: NOT_READY });
    host.inject({ call: 'layers.createScratch', nth: 2, when: 'never' });
    const [first, second, third] = crowd(3).map((request) => provisioner.create(request));
    await idle();
    clock.advance(100);
    await idle();
    expect(first?.why().what).toBe('mountingLayers waits for its turn: layers, next');
    expect(third?.why().what).toBe('creatingScratch waits for its turn: layers, 1 ahead');
    host.answerPending();
    await Promise.all([first, second, third].map((provision) => provision?.result));
  });
});

test('one VM after the other, where only one may be made at once', async () => {
  const { host, provisioner } = await setUpVms({}, { admission: { vms: 1 } });
  const provisions = ['vm-1', 'vm-2', 'vm-3'].map((id) => provisioner.createVm({ ...VM_REQUESTS.linux, id }));
  await Promise.all(provisions.map(({ result }) => result));
  const calls = host.calls.filter(({ call }) => call === 'compute.create' || call === 'compute.start');
  expect(calls.map(({ call, target }) => (call === 'compute.create' ? target : 'its start'))).toEqual(
    ['vm-1', 'vm-2', 'vm-3'].flatMap((id) => [id, 'its start']),
  );
});

test.each([
  [{ layers: 0 }, 'admission.layers is 0, and must be a whole number from 1 on, or Infinity'],
  [{ network: -1 }, 'admission.network is -1'],
  [{ systems: Number.NaN }, 'admission.systems is NaN'],
  [{ vms: 1.5 }, 'admission.vms is 1.5'],
  [{ layer: 8 }, 'admission.layer: there is no such class; the classes are layers, network, systems, vms'],
])('the limits %j are refused', async (admission: object, message) => {
  await expect(setUpCrowd({ admission })).rejects.toThrow(message);
});
