import { describe, expect, test } from '@jest/globals';
import { isAlive } from '../../src/index.ts';
import { CALLS } from '../../src/testing/index.ts';
import { answersNo, callsOfFullCreate, faultOf, fullRequest, idle, setUp } from '../support/requests.ts';

describe('cancelling', () => {
  test('while any call is under way ends in an empty host', async () => {
    const calls = await callsOfFullCreate();
    for (let nth = 1; nth <= calls; nth += 1) {
      const { host, provisioner } = await setUp({ latencies: 10 });
      const provision = provisioner.create(fullRequest());
      let started = 0;
      provision.events$.subscribe((event) => {
        if (event.type === 'call.started') started += 1;
        if (event.type === 'call.started' && started === nth) void provision.cancel('test');
      });
      const fault = await faultOf(provision.result);
      expect(fault.code).toBe('cancelled');
      expect({ nth, left: host.snapshot() }).toEqual({ nth, left: [] });
    }
  });

  test('while any call is under way begins nothing more', async () => {
    const calls = await callsOfFullCreate();
    for (let nth = 1; nth <= calls; nth += 1) {
      const { provisioner } = await setUp({ latencies: 10 });
      const provision = provisioner.create(fullRequest());
      const begun: string[] = [];
      let started = 0;
      provision.events$.subscribe((event) => {
        if (event.type === 'resource.changed' && event.entry.state === 'intended') {
          if (started >= nth) begun.push(`intent: ${event.entry.resource.kind}`);
        }
        if (event.type !== 'call.started' || event.phase === 'releasing') return;
        started += 1;
        if (started === nth) void provision.cancel('test');
        if (started > nth) begun.push(`call: ${event.call}`);
      });
      await faultOf(provision.result);
      expect({ nth, begun }).toEqual({ nth, begun: [] });
    }
  });

  test('while a layer waits to be mounted again', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.activate', when: 'before', every: true, hresult: 0x80070015 });
    const provision = provisioner.create(fullRequest());
    provision.state$.subscribe((state) => {
      if (state.path.endsWith('waitingToRetry')) void provision.cancel('waited enough');
    });
    const fault = await faultOf(provision.result);
    expect(fault.message).toContain('waited enough');
    expect(host.snapshot()).toEqual([]);
  });

  test('by a signal; one that has fired already does as well', async () => {
    const { host, provisioner } = await setUp();
    const aborted = provisioner.create(fullRequest(), { signal: AbortSignal.abort(new Error('too late')) });
    expect((await faultOf(aborted.result)).message).toContain('too late');
    const controller = new AbortController();
    const provision = provisioner.create(fullRequest(), { signal: controller.signal });
    controller.abort('changed my mind');
    expect((await faultOf(provision.result)).message).toContain('changed my mind');
    expect(host.snapshot()).toEqual([]);
  });

  test('resolves when the rollback is over, says what was released, and comes too late afterwards', async () => {
    const { host, provisioner } = await setUp({ latencies: 10 });
    const provision = provisioner.create(fullRequest());
    await new Promise<void>((resolve) => {
      provision.state$.subscribe((state) => state.step === 'creatingCredentials' && resolve());
    });
    const outcome = await provision.cancel('enough');
    expect(host.snapshot()).toEqual([]);
    expect(outcome).toMatchObject({ cancelled: true, residue: [] });
    expect(await provision.cancel('again')).toMatchObject({ cancelled: false });
    const { provisioner: another } = await setUp();
    const done = another.create(fullRequest());
    await done.result;
    expect(await done.cancel('late')).toMatchObject({ cancelled: false });
  });

  test('cannot stop a rollback', async () => {
    const { host, provisioner } = await setUp({ latencies: 10 });
    host.inject({ call: 'compute.create', when: 'after' });
    const provision = provisioner.create(fullRequest());
    provision.state$.subscribe((state) => {
      if (state.status === 'undoing') void provision.cancel('stop that');
    });
    const fault = await faultOf(provision.result);
    expect(fault.code).toBe('access-denied');
    expect(host.snapshot()).toEqual([]);
  });
});

describe('a call that never answers', () => {
  test.each(['never', 'neverAfterEffect'] as const)(
    '(%s) at every call: the run settles, says so, and reopens',
    async (when) => {
      const calls = await callsOfFullCreate();
      for (let nth = 1; nth <= calls; nth += 1) {
        const { host, provisioner } = await setUp();
        host.inject({ nth, when });
        const provision = provisioner.create(fullRequest());
        if (when === 'neverAfterEffect' && (await answersNo(provision, host, nth))) continue;
        const fault = await faultOf(provision.result);
        expect(fault.code).toBe('deadline-exceeded');
        expect(fault.message).toContain(`${host.calls[nth - 1]?.call} (`);
        expect(fault.message).toMatch(/has not answered$/);
        expect(provision.state.status).toBe('needsHands');
        const call = host.calls[nth - 1]?.call;
        const acquires = call !== undefined && CALLS[call] === 'changes';
        const named = fault.resources.filter(({ state }) => state === 'residue');
        expect({ nth, named: named.length > 0 }).toEqual({ nth, named: acquires && call !== 'compute.close' });
        expect({ nth, pending: host.pendingCalls }).toEqual({ nth, pending: 1 });
        host.answerPending();
        await provision.cancel('wait for the end');
        await idle();
        expect({ nth, left: host.snapshot(), status: provision.state.status }).toEqual({
          nth,
          left: [],
          status: 'failed',
        });
      }
    },
  );

  test('and answers while the rest is undone: what it made is undone too, with no word from anybody', async () => {
    const { host, provisioner } = await setUp({ latencies: 1000 });
    host.inject({ call: 'credentials.addInstance', when: 'neverAfterEffect' });
    const provision = provisioner.create(fullRequest());
    provision.events$.subscribe((event) => {
      if (event.type === 'call.started' && event.call === 'layers.unprepare') host.answerPending();
    });
    const fault = await faultOf(provision.result);
    expect(fault.code).toBe('deadline-exceeded');
    expect(provision.state.status).toBe('failed');
    expect(host.snapshot()).toEqual([]);
  });

  test('while a layer is taken down before it is mounted again is told by name', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.prepare', when: 'before', hresult: 0x80070015 });
    host.inject({ call: 'layers.deactivate', when: 'never' });
    const provision = provisioner.create(fullRequest());
    const fault = await faultOf(provision.result);
    expect(fault.message).toMatch(/the release of activated layer C:\\scratch\\deep\\web-1 has not answered$/);
    host.answerPending();
    await idle();
    expect(provision.state.status).toBe('failed');
    expect(host.snapshot()).toEqual([]);
  });

  test('after a cancel counts as unknown when the grace is over', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.activate', when: 'never' });
    const provision = provisioner.create(fullRequest());
    provision.events$.subscribe((event) => {
      if (event.type === 'call.started' && event.call === 'layers.activate') void provision.cancel('now');
    });
    const fault = await faultOf(provision.result);
    expect(fault.code).toBe('cancelled');
    expect(fault.resources.filter(isAlive).map(({ fault: why }) => why?.code)).toEqual(['outcome-unknown']);
    host.answerPending();
    await idle();
    expect(provision.state.status).toBe('failed');
    expect(host.snapshot()).toEqual([]);
  });
});
