import { describe, expect, test } from '@jest/globals';
import { listAlive, tryRelease } from '../../src/actors/release.ts';
import { Runs } from '../../src/actors/run.ts';
import { provisionId, resourceId, vmId } from '../../src/domain/ids.ts';
import { releaseOrder } from '../../src/domain/resource.ts';
import { realClock } from '../../src/hcs/clock.ts';
import { createProvisioner, memoryLedgerStore, memoryVmStore } from '../../src/index.ts';
import { foldLedger, Ledger } from '../../src/journal/ledger.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { fullSpec, hostOptions } from '../support/requests.ts';

describe('the ledger', () => {
  test('is the fold of what is in its store, and counts on from there', async () => {
    const store = memoryLedgerStore();
    const run = provisionId('run');
    const seen: string[] = [];
    const ledger = await Ledger.open(run, store, (entry) => seen.push(`${entry.resource.kind} ${entry.state}`));
    const first = await ledger.intend('mountingLayers', { kind: 'activatedLayer', path: 'C:\\s' });
    await ledger.change(first.entry.id, 'held');
    await ledger.releaseTried(first.entry.id, 'released');
    const again = await Ledger.open(run, store, () => {});
    expect(again.entries).toEqual(ledger.entries);
    expect(again.entries).toMatchObject([{ state: 'released', attempts: 1, order: 0 }]);
    const second = await again.intend('mountingLayers', { kind: 'preparedLayer', path: 'C:\\s' });
    expect(second.entry.id).not.toBe(first.entry.id);
    expect(seen).toEqual(['activatedLayer intended', 'activatedLayer held', 'activatedLayer released']);
    expect(() => ledger.entry('nothing' as never)).toThrow(RangeError);
  });

  test('lists what is alive, youngest first, the layers after the rest and the scratch last', async () => {
    const host = simulatedHost(hostOptions());
    const store = memoryLedgerStore();
    const provisioner = await createProvisioner({ host, journal: store });
    const { resources } = await provisioner.create({ id: 'c1', spec: fullSpec() }).result;
    expect(releaseOrder(resources).map(({ resource }) => resource.kind)).toEqual([
      'computeSystem',
      'credentialGuard',
      'namespaceEndpoint',
      'namespaceEndpoint',
      'namespace',
      'preparedLayer',
      'activatedLayer',
      'scratchLayer',
      'scratchFolder',
    ]);
  });
});

describe('an entry of the ledger', () => {
  const FAULT = { code: 'in-use', message: 'm', hint: 'h', step: 'releasing', transient: true } as const;

  async function intended() {
    const store = memoryLedgerStore();
    const ledger = await Ledger.open(provisionId('run'), store, () => {});
    const { entry } = await ledger.intend('networking', { kind: 'activatedLayer', path: 'C:\\s' });
    const again = async () => (await Ledger.open(provisionId('run'), store, () => {})).entries;
    return { ledger, id: entry.id, again };
  }

  test('has an id that counts the intents of its run, also after a restart', async () => {
    const { ledger, id } = await intended();
    const second = await ledger.intend('networking', { kind: 'activatedLayer', path: 'C:\\t' });
    expect([id, second.entry.id]).toEqual(['run/1', 'run/2']);
  });

  test('has the fault of its last change, and none when that has none', async () => {
    const { ledger, id, again } = await intended();
    expect(await ledger.change(id, 'residue', FAULT)).toMatchObject({ state: 'residue', attempts: 0, fault: FAULT });
    expect(await ledger.releaseTried(id, 'residue', FAULT)).toMatchObject({ attempts: 1, fault: FAULT });
    expect(await again()).toEqual(ledger.entries);
    const released = await ledger.releaseTried(id, 'released');
    expect(released).toMatchObject({ state: 'released', attempts: 2 });
    expect(Object.keys(released)).not.toContain('fault');
    expect(Object.keys(released)).not.toContain('wentWith');
  });

  test('is released with the VM that took it along', async () => {
    const { ledger, id, again } = await intended();
    expect(await ledger.wentWith(id, vmId('vm-1'))).toMatchObject({ state: 'released', attempts: 1, wentWith: 'vm-1' });
    expect(await again()).toEqual(ledger.entries);
  });

  test("that is somebody else's stays so, whatever is said of it", async () => {
    const { ledger, id } = await intended();
    const refused = await ledger.change(id, 'refused', FAULT);
    expect(await ledger.releaseTried(id, 'residue')).toEqual(refused);
    expect(await ledger.change(id, 'held')).toEqual(refused);
    expect(ledger.entry(id)).toEqual(refused);
  });

  test('that there is not is an error, by its id', async () => {
    const { ledger } = await intended();
    const nothing = resourceId('run/9');
    expect(() => ledger.entry(nothing)).toThrow('run/9 in the ledger of run');
    const change = { type: 'changed', id: nothing, state: 'held', attempts: 0 } as const;
    expect(() => foldLedger([change])).toThrow('the ledger changes run/9');
  });
});

test('nothing can be acquired without an intent: the types refuse it', () => {
  const { layers, network } = simulatedHost();
  const resource = { kind: 'activatedLayer', path: 'C:\\s' } as const;
  const id = resourceId('run/1');
  const entry = { id, order: 0, resource, step: 'networking', state: 'held', attempts: 0 } as const;
  const lookalike = { resource, entry };
  const refused = [
    // @ts-expect-error a resource is no intent
    () => layers.activate(resource),
    // @ts-expect-error what looks like an intent lacks the witness of the ledger
    () => layers.activate(lookalike),
    // @ts-expect-error an intent for one kind is none for another
    async (ledger: Ledger) => network.createNamespace(await ledger.intend('networking', resource)),
  ];
  expect(refused).toHaveLength(3);
});

test('another process releases everything by kind, from the ledger alone', async () => {
  const host = simulatedHost(hostOptions());
  const store = memoryLedgerStore();
  const provisioner = await createProvisioner({ host, journal: store });
  const provision = provisioner.create({ id: 'c1', spec: fullSpec(), lifetime: 'host' });
  await provision.result;
  host.end();
  expect(host.snapshot()).toContain('computeSystem c1');

  const runs = new Runs({
    host: host.attach(),
    store,
    vms: memoryVmStore(),
    clock: realClock(),
    owner: 'other',
    newId: () => 'unused',
  });
  const run = await runs.get(provision.id);
  for (const id of await listAlive(run, 'all')) expect(await tryRelease(run, id)).toBe('released');
  expect(host.snapshot()).toEqual([]);
});
