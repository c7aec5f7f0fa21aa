import { describe, expect, test } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { STEPS } from '../../src/index.ts';
import { fullSpec, plainSpec, setUp } from '../support/requests.ts';

const request = () => ({ id: 'web-1', spec: fullSpec() });

describe('state$', () => {
  test('begins with the current state and completes when the container is provisioned', async () => {
    const { provisioner } = await setUp();
    const provision = provisioner.create(request());
    const states = await lastValueFrom(provision.state$.pipe(toArray()));
    expect(states[0]?.path).toBe('initializing.inTime');
    expect(states.at(-1)).toMatchObject({ status: 'provisioned', path: 'provisioned' });
    const paths = states.map(({ path }) => path);
    expect(paths).toContain('allocating.mountingLayers.preparing.inTime');
  });

  test('gives a late subscriber the last state, and completes', async () => {
    const { provisioner } = await setUp();
    const provision = provisioner.create(request());
    const { container } = await provision.result;
    expect((await lastValueFrom(provision.state$)).status).toBe('provisioned');
    await container.release();
    expect((await lastValueFrom(container.state$)).status).toBe('released');
    const events = await lastValueFrom(container.events$.pipe(toArray()));
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  });

  test('shows every step, a skipped one with its reason', async () => {
    const { provisioner } = await setUp();
    const provision = provisioner.create({ id: 'plain', spec: plainSpec() });
    await provision.result;
    expect(provision.state.steps.map(({ step }) => step)).toEqual([...STEPS]);
    const skipped = provision.state.steps.filter(({ status }) => status === 'skipped');
    expect(Object.fromEntries(skipped.map(({ step, reason }) => [step, reason]))).toEqual({
      installingDrivers: 'there is no hosting VM to install drivers in',
      networking: 'the spec has no windows.network',
      resolvingMounts: 'the spec has no mounts',
      creatingCredentials: 'the spec has no credential spec',
      assigningDevices: 'there is no hosting VM: process isolation names its devices in the document',
      reinstallingDrivers: 'there is no hosting VM to install drivers in',
    });
    expect(provision.state.steps.every(({ status }) => status === 'skipped' || status === 'done')).toBe(true);
  });

  test('never errors: a failure is its last state', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.prepare', when: 'before' });
    const provision = provisioner.create(request());
    const last = await lastValueFrom(provision.state$);
    expect(last).toMatchObject({ status: 'failed', step: 'mountingLayers', fault: { code: 'access-denied' } });
    expect(last.steps.find(({ step }) => step === 'mountingLayers')?.status).toBe('failed');
  });
});

describe('events$ and resources$', () => {
  test('tell every call with its outcome and its time, in order', async () => {
    const { clock, host, provisioner } = await setUp({ latencies: 5 });
    const provision = provisioner.create(request());
    const events = await lastValueFrom(provision.events$.pipe(toArray()));
    const answered = events.filter((event) => event.type === 'call.answered');
    expect(answered.map(({ call }) => call)).toEqual(host.calls.map(({ call }) => call));
    expect(answered.every(({ durationMs }) => durationMs === 5)).toBe(true);
    const times = events.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBe(clock.now());
  });

  test('never tell a secret', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'compute.create', when: 'before' });
    const provision = provisioner.create(request());
    await provision.result.catch(() => {});
    const everything = [
      await lastValueFrom(provision.events$.pipe(toArray())),
      await lastValueFrom(provision.state$.pipe(toArray())),
      await lastValueFrom(provision.resources$.pipe(toArray())),
    ];
    expect(JSON.stringify(everything)).not.toContain('of the account');
  });

  test('warn of an annotation that cannot be read, and go on with the spec’s value', async () => {
    const { host, provisioner } = await setUp();
    const spec = { ...fullSpec(), annotations: { 'io.microsoft.container.processor.count': 'two' } };
    const provision = provisioner.create({ id: 'web-1', spec });
    const warnings: string[] = [];
    provision.events$.subscribe((event) => {
      if (event.type === 'request.warned') warnings.push(event.finding.pointer);
    });
    await provision.result;
    expect(warnings).toEqual(['/spec/annotations/io.microsoft.container.processor.count']);
    const created = host.effects.find(({ effect }) => effect === 'system.create');
    expect(created).toMatchObject({ document: { Container: { Processor: { Count: 2 } } } });
  });

  test('follow the ledger: intended before held', async () => {
    const { provisioner } = await setUp();
    const provision = provisioner.create(request());
    const history: string[] = [];
    provision.resources$.subscribe((entries) => {
      const system = entries.find(({ resource }) => resource.kind === 'computeSystem');
      if (system !== undefined) history.push(system.state);
    });
    const { container } = await provision.result;
    await container.release();
    expect([...new Set(history)]).toEqual(['intended', 'held', 'released']);
  });
});
