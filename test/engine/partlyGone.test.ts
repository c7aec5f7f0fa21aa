/** Releases of what is only partly there, or not ours alone. */
import { describe, expect, test } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { createProvisioner, type LedgerEntry, type Provision } from '../../src/index.ts';
import type { SimulatedHost } from '../../src/testing/index.ts';
import { failedWithResidue, faultOf, fullRequest, idle, plainSpec, setUp } from '../support/requests.ts';
import { podRequest, setUpPod } from '../support/vmPods.ts';

describe('a folder above a scratch', () => {
  const specOf = (id: string) => ({ id, spec: plainSpec(`C:\\made\\${id}`) });

  async function heldIn(host: SimulatedHost, provision: Provision) {
    host.inject({ call: 'layers.activate', when: 'before' });
    const { held } = await faultOf(provision.result);
    const folder = async (): Promise<LedgerEntry | undefined> => {
      const entries = await firstValueFrom(provision.resources$);
      return entries.find(({ resource }) => resource.kind === 'scratchFolder');
    };
    return { held, folder };
  }

  test('in which others have something stays for them, whoever made it', async () => {
    const { host, clock, provisioner } = await setUp();
    const keeping = (id: string) => heldIn(host, provisioner.create({ ...specOf(id), keepOnFailure: true }));
    const [maker, guest] = [await keeping('maker'), await keeping('guest')];
    const other = await createProvisioner({ host: host.attach(), clock });
    await other.create(specOf('other')).result;

    expect(await maker.held?.release()).toMatchObject({ residue: [] });
    expect(await maker.folder()).toMatchObject({ state: 'handedOver' });
    expect(await guest.held?.release()).toMatchObject({ residue: [] });
    expect(await guest.folder()).toMatchObject({ state: 'released' });
    const scratches = host.snapshot().filter((line) => line.startsWith('disk.'));
    expect(scratches).toEqual(['disk.scratchLayer C:\\made\\other']);
  });

  test('that cannot be removed is residue', async () => {
    const { host, provisioner } = await setUp();
    const { held, folder } = await heldIn(host, provisioner.create({ ...specOf('one'), keepOnFailure: true }));
    host.inject({ call: 'files.removeFolder', nth: 2, every: true, when: 'before' });
    await held?.release();
    expect(await folder()).toMatchObject({ state: 'residue', fault: { code: 'access-denied' } });
  });
});

describe('a container in a VM whose system is gone', () => {
  const openHandles = (host: SimulatedHost) => host.snapshot().filter((line) => line.startsWith('handle.')).length;

  async function gone(how: 'by itself' | 'with its VM') {
    const { host, provisioner, vm } = await setUpPod('linux');
    const { container } = await provisioner.create(podRequest('linux', 'one', [])).result;
    const other = host.attach().compute;
    const system = await other.open(container.id);
    await other.terminate(system);
    await other.close(system);
    const handles = openHandles(host);
    if (how === 'with its VM') await host.vmExits(vm.id);
    const looks: string[] = [];
    container.events$.subscribe((event) => {
      if (event.type === 'call.started' && event.target === vm.id) looks.push(`${event.phase} ${event.call}`);
    });
    await container.release();
    await idle(60);
    const [last] = container.resources.slice(-1);
    return { last, looks, handles: openHandles(host) - handles };
  }

  test('has not gone with the VM while that is there', async () => {
    const { last, looks, handles } = await gone('by itself');
    expect(last).toMatchObject({ resource: { kind: 'computeSystem' }, state: 'released' });
    expect(last).not.toHaveProperty('wentWith');
    expect(handles).toBe(-1);
    expect(looks).toEqual(['releasing compute.open', 'releasing compute.close']);
  });

  test('has gone with the VM when that is gone too', async () => {
    const { last } = await gone('with its VM');
    expect(last).toMatchObject({ resource: { kind: 'computeSystem' }, state: 'released', wentWith: 'vm-1' });
  });
});

test('what is released already cannot be waived', async () => {
  const { provision, fault } = await failedWithResidue('layers.deactivate');
  const { held, resources } = fault;
  const [namespace] = resources;
  if (namespace === undefined) throw new Error('there is no namespace');
  expect(namespace).toMatchObject({ resource: { kind: 'namespace' }, state: 'released' });
  expect((await held?.waive(namespace.id))?.residue).toHaveLength(3);
  const [after] = await firstValueFrom(provision.resources$);
  expect(after).toEqual(namespace);
});

describe('layers that are not ready at first', () => {
  const NOT_READY = 0x80070015;

  const UP = ['layer.activate', 'layer.prepare'];

  test.each([
    ['in part', 'before', ['layer.activate', 'layer.deactivate', ...UP]],
    ['whole', 'after', [...UP, 'layer.unprepare', 'layer.deactivate', ...UP]],
  ] as const)('are taken down before they are mounted again: %s', async (_, when, expected) => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.prepare', when, hresult: NOT_READY });
    await provisioner.create(fullRequest()).result;
    const layers = host.effects.map(({ effect }) => effect).filter((effect) => effect.startsWith('layer.'));
    expect(layers.slice(1)).toEqual(expected);
  });

  test('and cannot be taken down, end the create with what the host said of that', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.prepare', when: 'before', hresult: NOT_READY });
    const heal = host.inject({ call: 'layers.deactivate', when: 'before', every: true });
    const { code, step, held } = await faultOf(provisioner.create(fullRequest()).result);
    expect({ code, step }).toEqual({ code: 'access-denied', step: 'releasing' });
    heal();
    expect(await held?.release()).toMatchObject({ residue: [] });
    expect(host.snapshot()).toEqual([]);
  });
});
