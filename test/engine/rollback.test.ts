import { describe, expect, test } from '@jest/globals';
import { isAlive, type Provision, ProvisionFault } from '../../src/index.ts';
import { CALLS, type SimulatedHost } from '../../src/testing/index.ts';
import { callsOfFullCreate, fullSpec, idle, plainSpec, setUp } from '../support/requests.ts';

const request = () => ({ id: 'web-1', spec: fullSpec() });

async function faultOf(result: Promise<unknown>): Promise<ProvisionFault> {
  const error = await result.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProvisionFault) return error;
  throw new Error(`expected a ProvisionFault, got ${String(error)}`);
}

/** A look that finds nothing, as it should, has no effect to have: the create succeeds in spite of the injection. */
async function answersNo(provision: Provision, host: SimulatedHost, nth: number): Promise<boolean> {
  const created = await provision.result.catch(() => undefined);
  if (created === undefined) return false;
  expect(['layers.mountPath', 'compute.open']).toContain(host.calls[nth - 1]?.call);
  await created.container.release();
  expect(host.snapshot()).toEqual(['disk.scratchLayer C:\\scratch\\deep\\web-1']);
  return true;
}

describe('a create that succeeds', () => {
  test('holds what it made, and its release gives everything back but the scratch', async () => {
    const { host, provisioner } = await setUp();
    const { container, resources } = await provisioner.create(request()).result;
    expect(host.snapshot()).toContain('computeSystem web-1');
    expect(resources.filter(isAlive).map(({ resource }) => resource.kind)).toEqual([
      'namespace',
      'namespaceEndpoint',
      'namespaceEndpoint',
      'scratchFolder',
      'scratchLayer',
      'activatedLayer',
      'preparedLayer',
      'credentialGuard',
      'computeSystem',
    ]);
    const { residue } = await container.release();
    expect(residue).toEqual([]);
    expect(host.snapshot()).toEqual(['disk.scratchLayer C:\\scratch\\deep\\web-1']);
  });

  test('releases in reverse: the system, the credentials, the network, and the layers last', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(request()).result;
    const before = host.effects.length;
    await container.release();
    expect(host.effects.slice(before).map(({ effect }) => effect)).toEqual([
      'system.terminate',
      'service.modify',
      'namespace.modify',
      'namespace.modify',
      'namespace.delete',
      'layer.unprepare',
      'layer.deactivate',
    ]);
  });

  test('never deletes a namespace that was given', async () => {
    const id = '33333333-3333-4333-8333-333333333333';
    const { host, provisioner } = await setUp({ namespaces: [{ id }] });
    const { container } = await provisioner.create({ ...request(), networkNamespace: id }).result;
    await container.release();
    expect(host.snapshot()).toContain(`namespace ${id}`);
  });
});

describe('a call that fails', () => {
  test.each(['before', 'after'] as const)('%s it took effect, at every call: nothing is left', async (when) => {
    const calls = await callsOfFullCreate();
    expect(calls).toBeGreaterThan(20);
    for (let nth = 1; nth <= calls; nth += 1) {
      const { host, provisioner } = await setUp();
      host.inject({ nth, when });
      const provision = provisioner.create(request());
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
    const { fault } = await faultOf(provisioner.create(request()).result);
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
    const provision = provisioner.create(request());
    const retries: number[] = [];
    provision.events$.subscribe((event) => {
      if (event.type === 'step.retrying') retries.push(event.attempt);
    });
    const { container } = await provision.result;
    expect(retries).toEqual([2, 3, 4]);
    await container.release();
    expect(host.snapshot()).toEqual(['disk.scratchLayer C:\\scratch\\deep\\web-1']);
  });

  test('a layer that never gets ready fails after five attempts', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.activate', when: 'before', every: true, hresult: 0x80070015 });
    const fault = await faultOf(provisioner.create(request()).result);
    expect(fault.fault).toMatchObject({ step: 'mountingLayers', transient: true });
    expect(host.calls.filter(({ call }) => call === 'layers.activate')).toHaveLength(5);
    expect(host.snapshot()).toEqual([]);
  });
});

describe('somebody else’s things', () => {
  test('a compute system with the same id is not touched', async () => {
    const { host, provisioner } = await setUp();
    await provisioner.create({ id: 'web-1', spec: plainSpec() }).result;
    const other = await setUpOn(host);
    const before = host.snapshot();
    const fault = await faultOf(other.create(request()).result);
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
    const { container } = await provisioner.create(request()).result;
    host.inject({ call: 'credentials.removeInstance', when: 'before', every: true });
    const { residue } = await container.release();
    expect(residue.map(({ resource }) => resource.kind)).toEqual(['credentialGuard']);
    const before = host.snapshot();
    const other = await setUpOn(host);
    const fault = await faultOf(other.create(request()).result);
    expect(fault.code).toBe('credential-guard-taken');
    expect(host.snapshot()).toEqual(before);
  });
});

async function setUpOn(host: Awaited<ReturnType<typeof setUp>>['host']) {
  const { createProvisioner } = await import('../../src/index.ts');
  return createProvisioner({ host });
}

describe('cancelling', () => {
  test('while any call is under way ends in an empty host', async () => {
    const calls = await callsOfFullCreate();
    for (let nth = 1; nth <= calls; nth += 1) {
      const { host, provisioner } = await setUp({ latencies: 10 });
      const provision = provisioner.create(request());
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

  test('while a layer waits to be mounted again', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.activate', when: 'before', every: true, hresult: 0x80070015 });
    const provision = provisioner.create(request());
    provision.state$.subscribe((state) => {
      if (state.path.endsWith('waitingToRetry')) void provision.cancel('waited enough');
    });
    const fault = await faultOf(provision.result);
    expect(fault.message).toContain('waited enough');
    expect(host.snapshot()).toEqual([]);
  });

  test('by a signal; one that has fired already does as well', async () => {
    const { host, provisioner } = await setUp();
    const aborted = provisioner.create(request(), { signal: AbortSignal.abort(new Error('too late')) });
    expect((await faultOf(aborted.result)).message).toContain('too late');
    const controller = new AbortController();
    const provision = provisioner.create(request(), { signal: controller.signal });
    controller.abort('changed my mind');
    expect((await faultOf(provision.result)).message).toContain('changed my mind');
    expect(host.snapshot()).toEqual([]);
  });

  test('resolves when the rollback is over, says what was released, and comes too late afterwards', async () => {
    const { host, provisioner } = await setUp({ latencies: 10 });
    const provision = provisioner.create(request());
    await new Promise<void>((resolve) => {
      provision.state$.subscribe((state) => state.step === 'creatingCredentials' && resolve());
    });
    const outcome = await provision.cancel('enough');
    expect(host.snapshot()).toEqual([]);
    expect(outcome).toMatchObject({ cancelled: true, residue: [] });
    expect(await provision.cancel('again')).toMatchObject({ cancelled: false });
    const { provisioner: another } = await setUp();
    const done = another.create(request());
    await done.result;
    expect(await done.cancel('late')).toMatchObject({ cancelled: false });
  });

  test('cannot stop a rollback', async () => {
    const { host, provisioner } = await setUp({ latencies: 10 });
    host.inject({ call: 'compute.create', when: 'after' });
    const provision = provisioner.create(request());
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
        const provision = provisioner.create(request());
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
    const provision = provisioner.create(request());
    provision.events$.subscribe((event) => {
      if (event.type === 'call.started' && event.call === 'layers.unprepare') host.answerPending();
    });
    const fault = await faultOf(provision.result);
    expect(fault.code).toBe('deadline-exceeded');
    expect(provision.state.status).toBe('failed');
    expect(host.snapshot()).toEqual([]);
  });

  test('after a cancel counts as unknown when the grace is over', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.activate', when: 'never' });
    const provision = provisioner.create(request());
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

describe('releases that fail', () => {
  test('do not stop the others, and can be tried again', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(request()).result;
    const heal = host.inject({ call: 'layers.deactivate', when: 'before', every: true });
    const { residue } = await container.release();
    expect(residue.map(({ resource, attempts }) => [resource.kind, attempts])).toEqual([['activatedLayer', 3]]);
    expect(host.snapshot()).toEqual([
      'activatedLayer C:\\scratch\\deep\\web-1',
      'disk.scratchLayer C:\\scratch\\deep\\web-1',
    ]);
    heal();
    expect((await container.release()).residue).toEqual([]);
    expect(host.snapshot()).toEqual(['disk.scratchLayer C:\\scratch\\deep\\web-1']);
  });

  test('can be waived by name', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'compute.create', when: 'before' });
    host.inject({ call: 'network.deleteNamespace', when: 'before', every: true });
    const provision = provisioner.create(request());
    const fault = await faultOf(provision.result);
    const [residue] = fault.resources.filter(isAlive);
    expect(residue?.resource.kind).toBe('namespace');
    expect(provision.state.status).toBe('needsHands');
    const report = await fault.held?.waive(residue?.id ?? fault.resources[0]?.id ?? failed());
    expect(report?.residue).toEqual([]);
    expect(provision.state.status).toBe('failed');
    expect(host.snapshot()).toHaveLength(1);
  });

  test('that took effect and said otherwise are found to be done', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(request()).result;
    host.inject({ call: 'network.removeEndpoint', when: 'after' });
    host.inject({ call: 'layers.unprepare', when: 'after' });
    host.inject({ call: 'compute.terminate', when: 'after' });
    expect((await container.release()).residue).toEqual([]);
    expect(host.snapshot()).toEqual(['disk.scratchLayer C:\\scratch\\deep\\web-1']);
  });

  test('that never answer do not stop the others; when they answer, the rest is released', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(request()).result;
    host.inject({ call: 'compute.terminate', when: 'never' });
    const { residue } = await container.release();
    expect(residue.map(({ resource }) => resource.kind)).toEqual(
      ['namespace', 'preparedLayer', 'activatedLayer', 'computeSystem'].sort(byOrderOf(residue)),
    );
    expect(host.snapshot()).not.toContain('ccgInstance web-1');
    await container.release();
    expect(host.calls.filter(({ call }) => call === 'compute.terminate')).toHaveLength(1);
    host.answerPending();
    await idle(60);
    await container.release();
    expect(host.snapshot()).toEqual(['disk.scratchLayer C:\\scratch\\deep\\web-1']);
  });
});

function failed(): never {
  throw new Error('there is no residue');
}

function byOrderOf(entries: ReadonlyArray<{ resource: { kind: string } }>) {
  const order = entries.map(({ resource }) => resource.kind);
  return (a: string, b: string) => order.indexOf(a) - order.indexOf(b);
}

describe('keeping the resources of a failed create', () => {
  test('keeps exactly what is on the host, under one call to give it back', async () => {
    for (const when of ['before', 'after'] as const) {
      const { host, provisioner } = await setUp();
      host.inject({ call: 'credentials.addInstance', when });
      const provision = provisioner.create({ ...request(), keepOnFailure: true });
      const fault = await faultOf(provision.result);
      expect(provision.state.status).toBe('held');
      expect(host.snapshot().filter((line) => !line.startsWith('disk.'))).toHaveLength(5);
      expect(fault.resources.filter(({ state }) => state === 'held')).toHaveLength(7);
      const report = await fault.held?.release();
      expect(report?.residue).toEqual([]);
      expect(host.snapshot()).toEqual([]);
      expect(provision.state.status).toBe('failed');
    }
  });

  test('holds nothing when the request was refused', async () => {
    const { host, provisioner } = await setUp();
    const provision = provisioner.create({ id: 'x', spec: {}, doNotReleaseResourcesOnFailure: true });
    const fault = await faultOf(provision.result);
    expect(fault.held).toBeUndefined();
    expect(provision.state.status).toBe('failed');
    expect(host.effects).toEqual([]);
  });
});
