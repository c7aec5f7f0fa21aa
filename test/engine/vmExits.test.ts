import { describe, expect, test } from '@jest/globals';
import { describeResource } from '../../src/domain/resource.ts';
import { type LedgerEntry, ProvisionFault } from '../../src/index.ts';
import { faultOf } from '../support/requests.ts';
import { callsOfPodCreate, POD_GUESTS, type PodGuest, podRequest, setUpPod } from '../support/vmPods.ts';

type Moment = 'call.started' | 'call.answered';

/** A Linux container finds its scratch; that of a Windows container is made on the host, and has to go again. */
const madeFor = (guest: PodGuest) => ({ scratchIsThere: guest === 'linux' });

/** Creates, each with the VM exiting at another one of its calls. */
async function* exiting(guest: PodGuest, moment: Moment) {
  const calls = await callsOfPodCreate(guest, madeFor(guest).scratchIsThere);
  for (let nth = 1; nth <= calls; nth += 1) {
    const pod = await setUpPod(guest, { ...madeFor(guest), latencies: 10 });
    const before = pod.host.snapshot();
    const provision = pod.provisioner.create(podRequest(guest, 'one'));
    let seen = 0;
    provision.events$.subscribe(({ type }) => {
      if (type === moment) seen += 1;
      if (type === moment && seen === nth) void pod.host.vmExits(pod.vm.id);
    });
    yield { ...pod, nth, calls, before, provision };
  }
}

const withoutVm = (lines: readonly string[]): readonly string[] => lines.filter((line) => line !== 'utilityVm vm-1');

/** Each entry, with what became of it: what was in the VM went with it, all else was given back. */
function expectGone(entries: readonly LedgerEntry[], guest: PodGuest): void {
  for (const { resource, state, wentWith } of entries) {
    const what = describeResource(resource);
    expect({ what, state }).toEqual({ what, state: 'released' });
    // A namespace is nothing in a Linux guest before its first NIC.
    if (guest === 'linux' && what.startsWith('network namespace')) continue;
    const wasInVm = resource.kind === 'vmAttachment' || resource.kind === 'computeSystem';
    expect({ what, wentWith }).toEqual({ what, wentWith: wasInVm ? 'vm-1' : undefined });
  }
}

describe.each(POD_GUESTS)('a %s VM that exits', (guest) => {
  test.each(['call.started', 'call.answered'] as const)(
    'at any %s of a create in it ends that create with a word about the VM, and leaves nothing',
    async (moment) => {
      const kinds = new Set<string>();
      for await (const { nth, calls, host, vm, vms, before, provision } of exiting(guest, moment)) {
        const outcome = await provision.result.catch((error: unknown) => error);
        const isTooLate = moment === 'call.answered' && nth === calls;
        expect({ nth, failed: outcome instanceof ProvisionFault }).toEqual({ nth, failed: !isTooLate });
        if (!(outcome instanceof ProvisionFault)) continue;
        expect(outcome).toMatchObject({ code: 'vm-gone', message: expect.stringContaining('vm-1'), held: undefined });
        expectGone(outcome.resources, guest);
        for (const { resource } of outcome.resources) kinds.add(resource.kind);
        expect({ nth, alive: host.snapshot() }).toEqual({ nth, alive: withoutVm(before) });
        expect(await vm.look()).toBe('exited');
        expect(await vms.read(vm.id)).toBeUndefined();
      }
      const made = guest === 'windows' ? ['credentialGuard', 'scratchFolder', 'scratchLayer'] : [];
      const all = ['computeSystem', 'namespace', 'namespaceEndpoint', 'vmAccess', 'vmAttachment', ...made];
      expect([...kinds].sort()).toEqual(all.sort());
    },
  );

  test.each([false, true])(
    'with a container in it takes that along; its release gives back what lies outside (noticed before: %s)',
    async (isNoticed) => {
      const { host, provisioner, vm } = await setUpPod(guest);
      const { container } = await provisioner.create(podRequest(guest, 'one')).result;
      await host.vmExits(vm.id);
      if (isNoticed) await vm.look();
      expect((await container.release()).residue).toEqual([]);
      expectGone(container.resources, guest);
      await vm.look();
      expect(host.snapshot()).toEqual(guest === 'windows' ? ['grant.vmGroupAccess C:\\dumps'] : []);
    },
  );

  test('and is known to have exited refuses the next container before anything is acquired', async () => {
    const { host, provisioner, vm } = await setUpPod(guest);
    await host.vmExits(vm.id);
    expect(await vm.look()).toBe('exited');
    const before = host.snapshot();
    const fault = await faultOf(provisioner.create(podRequest(guest, 'one')).result);
    expect(fault.resources).toEqual([]);
    expect(fault.message).toContain('vm-1');
    expect(host.snapshot()).toEqual(before);
  });

  test('while containers that share are created in it is outlived by none of what they held', async () => {
    const calls = await callsOfPodCreate(guest);
    let reached = 0;
    for (let nth = 5; reached === nth - 5; nth += 5) {
      const { host, provisioner, vm } = await setUpPod(guest, { latencies: 10 });
      const before = host.snapshot();
      const creates = (['one', 'two'] as const).map((id) => provisioner.create(podRequest(guest, id)));
      let started = 0;
      for (const { events$ } of creates) {
        events$.subscribe(({ type }) => {
          if (type === 'call.started') started += 1;
          if (type === 'call.started' && started === nth) void host.vmExits(vm.id);
        });
      }
      const ends = await Promise.all(
        creates.map(async (one) => one.result.then(({ container }) => container).catch((error: unknown) => error)),
      );
      for (const end of ends) {
        if (end instanceof ProvisionFault) expect(end).toMatchObject({ code: 'vm-gone', held: undefined });
        else expect((await (end as { release(): Promise<{ residue: unknown }> }).release()).residue).toEqual([]);
      }
      if (started >= nth) reached = nth;
      expect({ nth, alive: host.snapshot() }).toEqual({ nth, alive: started >= nth ? withoutVm(before) : before });
    }
    expect(reached).toBeGreaterThan(calls);
  });
});
