import { describe, expect, test } from '@jest/globals';
import { containerId, namespaceId, resourceId } from '../../src/domain/ids.ts';
import {
  createProvisioner,
  isAlive,
  memoryLedgerStore,
  ProvisionConflict,
  type Provisioner,
  provisionId,
  RunUnknown,
  VmInUse,
} from '../../src/index.ts';
import { type FaultMoment, type SimulatedHost, virtualClock } from '../../src/testing/index.ts';
import { faultOf, idle, plainSpec } from '../support/requests.ts';
import { callsOfVmCreate, LEFT_OF, setUpVms, VM_KINDS, VM_REQUESTS, type VmKind } from '../support/vmRuns.ts';

/** A create for each of its calls, which goes wrong there. */
async function* injected(kind: VmKind, when: FaultMoment) {
  const calls = await callsOfVmCreate(kind);
  for (let nth = 1; nth <= calls; nth += 1) {
    const { host, provisioner } = await setUpVms();
    host.inject({ nth, when });
    const provision = provisioner.createVm(VM_REQUESTS[kind]);
    const created = await provision.result.catch(() => undefined);
    yield { nth, host, provision, created, call: host.calls[nth - 1]?.call };
  }
}

describe.each(VM_KINDS)('a %s VM', (kind) => {
  const request = VM_REQUESTS[kind];

  test('runs, tells what it is, and leaves only what its caller keeps when it is stopped', async () => {
    const { host, provisioner } = await setUpVms();
    const provision = provisioner.createVm(request);
    const { vm } = await provision.result;
    expect(provision.state).toMatchObject({ status: 'provisioned', path: 'running', containerId: 'vm-1' });
    expect(vm.traits).toMatchObject({ id: 'vm-1', guest: request.guest, processorCount: 2 });
    expect(host.snapshot()).toContain('utilityVm vm-1');
    expect(await vm.look()).toBe('running');
    expect((await vm.stop()).residue).toEqual([]);
    expect(provision.state).toMatchObject({ status: 'released', path: 'stopped' });
    expect(vm.resources.filter(isAlive)).toEqual([]);
    expect(host.snapshot()).toEqual(LEFT_OF[kind]);
  });

  test.each(['before', 'after'] as const)('leaves nothing when any call fails %s it took effect', async (when) => {
    for await (const { nth, host, call, provision, created } of injected(kind, when)) {
      // A look that finds nothing, as it should, has no effect to have.
      expect(created === undefined || (call === 'compute.open' && when === 'after')).toBe(true);
      await created?.vm.stop();
      expect({ nth, call, left: host.snapshot() }).toEqual({ nth, call, left: created ? LEFT_OF[kind] : [] });
      if (created === undefined) expect((await faultOf(provision.result)).fault.host?.call).toBe(call);
    }
  });

  test('leaves nothing when it is cancelled while any call is under way', async () => {
    const calls = await callsOfVmCreate(kind);
    for (let nth = 1; nth <= calls; nth += 1) {
      const { host, provisioner } = await setUpVms({ latencies: 10 });
      const provision = provisioner.createVm(request);
      let started = 0;
      provision.events$.subscribe((event) => {
        if (event.type === 'call.started') started += 1;
        if (event.type === 'call.started' && started === nth) void provision.cancel('test');
      });
      expect((await faultOf(provision.result)).code).toBe('cancelled');
      expect({ nth, left: host.snapshot() }).toEqual({ nth, left: [] });
    }
  });

  test.each(['never', 'neverAfterEffect'] as const)(
    'settles when any call does not answer (%s), and reopens when it does',
    async (when) => {
      for await (const { nth, host, call, provision, created } of injected(kind, when)) {
        if (created !== undefined) {
          expect([call, when]).toEqual(['compute.open', 'neverAfterEffect']);
          continue;
        }
        expect({ nth, call, status: provision.state.status }).toEqual({ nth, call, status: 'needsHands' });
        expect((await faultOf(provision.result)).message).toContain(`${call} (`);
        host.answerPending();
        await provision.cancel('wait for the end');
        await idle();
        const { status } = provision.state;
        expect({ nth, call, left: host.snapshot(), status }).toEqual({ nth, call, left: [], status: 'failed' });
      }
    },
  );

  test('that ends by itself is noticed, and what it stood on is released', async () => {
    const { host, provisioner } = await setUpVms();
    const provision = provisioner.createVm(request);
    const { vm } = await provision.result;
    const other = host.attach();
    await other.compute.terminate(await other.compute.open(vm.id));
    const told: string[] = [];
    vm.events$.subscribe((event) => event.type === 'vm.exited' && told.push(event.reason));
    expect(await vm.look()).toBe('exited');
    other.end();
    expect(told).toHaveLength(1);
    expect(host.snapshot()).toEqual(LEFT_OF[kind]);
    expect(await vm.look()).toBe('exited');
  });
});

describe('what a failed create of a VM was told to keep', () => {
  test('is held, and can be given back', async () => {
    const { host, provisioner } = await setUpVms();
    host.inject({ call: 'compute.start', when: 'before' });
    const provision = provisioner.createVm(VM_REQUESTS.windows, { keepOnFailure: true });
    const fault = await faultOf(provision.result);
    expect(provision.state.status).toBe('held');
    expect(host.snapshot()).toContain('utilityVm vm-1');
    expect((await fault.held?.release())?.residue).toEqual([]);
    expect(host.snapshot()).toEqual([]);
  });

  test('is nothing when nothing had been acquired', async () => {
    const { provisioner } = await setUpVms();
    const provision = provisioner.createVm({ ...VM_REQUESTS.windows, layerFolders: [] }, { keepOnFailure: true });
    const fault = await faultOf(provision.result);
    expect(fault.code).toBe('invalid-request');
    expect(fault.held).toBeUndefined();
  });
});

describe('a request for a VM', () => {
  test('is refused with all that is wrong with it at once, before anything is touched', async () => {
    const { host, provisioner } = await setUpVms();
    const request = { guest: 'linux', kernelFile: 'none', memorySizeInMb: 0, colour: 'red' } as const;
    const fault = await faultOf(provisioner.createVm(request).result);
    expect(fault.code).toBe('invalid-request');
    expect(fault.findings.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/colour', '/memorySizeInMb', '/kernelFile']),
    );
    expect(host.effects).toEqual([]);
  });

  test('may be the spec of a pod', async () => {
    const { host, provisioner } = await setUpVms();
    const podSpec = { windows: { layerFolders: ['C:\\base', 'C:\\scratch\\pod'], hyperv: {} } };
    const { vm } = await provisioner.createVm({ podSpec, id: 'pod-1', lifetime: 'host' }).result;
    expect(vm.traits).toMatchObject({ id: 'pod-1', guest: 'windows' });
    const created = host.effects.find(({ effect }) => effect === 'system.create');
    expect(created?.document).toMatchObject({ ShouldTerminateOnLastHandleClosed: false });
    await vm.stop();
  });

  test('for an id in use gives the VM that is there, or a conflict', async () => {
    const { provisioner } = await setUpVms();
    const provision = provisioner.createVm(VM_REQUESTS.linux);
    expect(provisioner.createVm(VM_REQUESTS.linux)).toBe(provision);
    expect(() => provisioner.createVm({ ...VM_REQUESTS.linux, processorCount: 1 })).toThrow(ProvisionConflict);
    await (await provision.result).vm.stop();
    expect(provisioner.createVm(VM_REQUESTS.linux)).not.toBe(provision);
  });

  test('with an id that somebody else has leaves theirs alone', async () => {
    const { host, provisioner } = await setUpVms();
    await provisioner.createVm(VM_REQUESTS.linux).result;
    const other = await createProvisioner({ host, clock: virtualClock({ autoAdvance: true }) });
    const before = host.snapshot();
    expect((await faultOf(other.createVm(VM_REQUESTS.linux).result)).code).toBe('container-id-taken');
    expect(host.snapshot()).toEqual(before);
  });
});

describe('another process', () => {
  async function handOver(how: (provisioner: Provisioner, host: SimulatedHost) => Promise<unknown>) {
    const journal = memoryLedgerStore();
    const { host, clock, provisioner } = await setUpVms({}, { journal });
    await how(provisioner, host);
    const second = await createProvisioner({ host, clock, journal });
    const [run] = (await second.runs()).runs;
    if (run === undefined) throw new Error('the run is not in the journal');
    return { host, run, second, provision: await second.takeUpVm(run.provisionId) };
  }

  test('takes up a VM that runs, with its traits, and stops it', async () => {
    const { host, run, provision } = await handOver(
      (provisioner) => provisioner.createVm({ ...VM_REQUESTS.windows, lifetime: 'host' }).result,
    );
    expect(run).toMatchObject({ kind: 'vm', containerId: 'vm-1', status: 'provisioned' });
    const { vm } = await provision.result;
    expect(vm.traits).toMatchObject({ id: 'vm-1', guest: 'windows' });
    await vm.stop();
    expect(host.snapshot().filter((line) => !line.startsWith('handle.'))).toEqual(LEFT_OF.windows);
  });

  test('takes up what a failed create was told to keep', async () => {
    const { host, provision } = await handOver(async (provisioner, first) => {
      first.inject({ call: 'compute.start', when: 'before' });
      await faultOf(provisioner.createVm(VM_REQUESTS.confidential, { keepOnFailure: true }).result);
    });
    const fault = await faultOf(provision.result);
    expect(fault.fault.step).toBe('starting');
    expect((await fault.held?.release())?.residue).toEqual([]);
    expect(host.snapshot().filter((line) => !line.startsWith('handle.'))).toEqual([]);
  });

  test('is not given the run of a container as one of a VM', async () => {
    const { provisioner } = await setUpVms();
    const provision = provisioner.createVm(VM_REQUESTS.linux);
    await provision.result;
    await expect(provisioner.takeUp(provision.id)).rejects.toThrow(RunUnknown);
    await expect(provisioner.takeUpVm(provisionId('nobody'))).rejects.toThrow(RunUnknown);
  });
});

describe('a VM with containers in it', () => {
  test.each(['provisioned', 'held'] as const)('(%s) is not stopped unnoticed', async (status) => {
    const journal = memoryLedgerStore();
    const { host, provisioner } = await setUpVms({}, { journal });
    const { vm } = await provisioner.createVm(VM_REQUESTS.linux).result;
    const user = provisionId('user');
    await journal.append(user, {
      type: 'run.started',
      kind: 'container',
      containerId: containerId('web-1'),
      at: '',
      process: '',
      request: { spec: plainSpec(), vm: 'VM-1' },
    });
    await journal.append(user, { type: 'run.status', status, at: '' });
    const resource = { kind: 'namespace', id: namespaceId('n'), owner: 'o', name: 'n' } as const;
    await journal.append(user, { type: 'intended', id: resourceId('user/1'), resource, step: 'networking' });
    const refused = await vm.stop().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(VmInUse);
    expect(refused).toMatchObject({ code: 'vm-in-use', vmId: 'vm-1', users: ['web-1'] });
    await expect(vm.release()).rejects.toThrow('web-1');
    expect(host.snapshot()).toContain('utilityVm vm-1');
    expect((await vm.stop({ force: true })).residue).toEqual([]);
    expect(host.snapshot()).toEqual([]);
  });
});
