import { describe, expect, test } from '@jest/globals';
import { createProvisioner } from '../../src/index.ts';
import {
  answersNo,
  callsOfFullCreate,
  faultOf,
  fullRequest,
  plainSpec,
  SCRATCH_LEFT,
  setUp,
} from '../support/requests.ts';

describe('a call that fails', () => {
  test.each(['before', 'after'] as const)('%s it took effect, at every call: nothing is left', async (when) => {
    const calls = await callsOfFullCreate();
    expect(calls).toBeGreaterThan(20);
    for (let nth = 1; nth <= calls; nth += 1) {
      const { host, provisioner } = await setUp();
      host.inject({ nth, when });
      const provision = provisioner.create(fullRequest());
      if (when === 'after' && (await answersNo(provision, host, nth))) continue;
      const fault = await faultOf(provision.result);
      expect({ nth, left: host.snapshot() }).toEqual({ nth, left: [] });
      expect(fault.code).toBe('access-denied');
      expect(fault.fault.host?.call).toBe(host.calls[nth - 1]?.call);
      expect(fault.held).toBeUndefined();
    }
  });

  test('names the step, the call, the code in words, the resource and what to do', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.prepare', when: 'before', hresult: 0x80070070, detail: 'volume C is full' });
    const { fault } = await faultOf(provisioner.create(fullRequest()).result);
    expect(fault).toMatchObject({
      code: 'host-call-failed',
      step: 'mountingLayers',
      resource: { description: 'prepared layer C:\\scratch\\deep\\web-1' },
      host: { call: 'layers.prepare', hresult: '0x80070070', name: 'ERROR_DISK_FULL', detail: 'volume C is full' },
    });
    expect(fault.hint).toMatch(/space/);
  });

  test('a layer that is not ready is mounted again, and the attempt before is taken down first', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.prepare', when: 'before', hresult: 0x80070015 });
    host.inject({ call: 'layers.activate', nth: 3, when: 'after', hresult: 0x8007048f });
    host.inject({ call: 'layers.prepare', nth: 2, when: 'before', hresult: 0x80070015 });
    const provision = provisioner.create(fullRequest());
    const retries: number[] = [];
    provision.events$.subscribe((event) => {
      if (event.type === 'step.retrying') retries.push(event.attempt);
    });
    const { container } = await provision.result;
    expect(retries).toEqual([2, 3, 4]);
    await container.release();
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('a layer that never gets ready fails after five attempts', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.activate', when: 'before', every: true, hresult: 0x80070015 });
    const fault = await faultOf(provisioner.create(fullRequest()).result);
    expect(fault.fault).toMatchObject({ step: 'mountingLayers', transient: true });
    expect(host.calls.filter(({ call }) => call === 'layers.activate')).toHaveLength(5);
    expect(host.snapshot()).toEqual([]);
  });
});

describe('somebody else’s things', () => {
  test('a compute system with the same id is not touched', async () => {
    const { host, provisioner } = await setUp();
    await provisioner.create({ id: 'web-1', spec: plainSpec() }).result;
    const other = await createProvisioner({ host });
    const before = host.snapshot();
    const fault = await faultOf(other.create(fullRequest()).result);
    expect(fault.code).toBe('container-id-taken');
    expect(host.snapshot()).toEqual(before);
  });

  test('a scratch that is mounted already is not touched', async () => {
    const { host, provisioner } = await setUp();
    await provisioner.create({ id: 'one', spec: plainSpec() }).result;
    const before = host.snapshot();
    const fault = await faultOf(provisioner.create({ id: 'two', spec: plainSpec() }).result);
    expect(fault.code).toBe('scratch-in-use');
    expect(host.snapshot()).toEqual(before);
  });

  test('a scratch that somebody mounts at the same moment is not touched', async () => {
    const { host, provisioner } = await setUp({ latencies: 10 });
    const spec = { ...plainSpec(), ...{ hostname: 'h' } };
    const results = await Promise.allSettled([
      provisioner.create({ id: 'one', spec }).result,
      provisioner.create({ id: 'two', spec }).result,
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(host.snapshot().filter((line) => !line.startsWith('handle.'))).toEqual([
      'activatedLayer C:\\scratch\\plain',
      'computeSystem one',
      'disk.scratchLayer C:\\scratch\\plain',
      'preparedLayer C:\\scratch\\plain',
    ]);
  });

  test('a credential guard instance of the same id is not touched', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(fullRequest()).result;
    host.inject({ call: 'credentials.removeInstance', when: 'before', every: true });
    const { residue } = await container.release();
    expect(residue.map(({ resource }) => resource.kind)).toEqual(['credentialGuard']);
    const before = host.snapshot();
    const other = await createProvisioner({ host });
    const fault = await faultOf(other.create(fullRequest()).result);
    expect(fault.code).toBe('credential-guard-taken');
    expect(host.snapshot()).toEqual(before);
  });
});
