import { describe, expect, test } from '@jest/globals';
import { isAlive, type Provisioner } from '../../src/index.ts';
import type { SimulatedHost } from '../../src/testing/index.ts';
import { failedWithResidue, faultOf, fullRequest, idle, plainSpec, SCRATCH_LEFT, setUp } from '../support/requests.ts';

describe('a create that succeeds', () => {
  test('holds what it made, and its release gives everything back but the scratch', async () => {
    const { host, provisioner } = await setUp();
    const { container, resources } = await provisioner.create(fullRequest()).result;
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
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('releases in reverse: the system, the credentials, the network, and the layers last', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(fullRequest()).result;
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
    const { container } = await provisioner.create({ ...fullRequest(), networkNamespace: id }).result;
    await container.release();
    expect(host.snapshot()).toContain(`namespace ${id}`);
  });
});

describe('releases that fail', () => {
  test('do not stop the others, and can be tried again', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(fullRequest()).result;
    const heal = host.inject({ call: 'layers.deactivate', when: 'before', every: true });
    const { residue } = await container.release();
    expect(residue.map(({ resource, attempts }) => [resource.kind, attempts])).toEqual([['activatedLayer', 3]]);
    expect(host.snapshot()).toEqual([
      'activatedLayer C:\\scratch\\deep\\web-1',
      'disk.scratchLayer C:\\scratch\\deep\\web-1',
    ]);
    heal();
    expect((await container.release()).residue).toEqual([]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('can be waived by name', async () => {
    const { host, provision, fault } = await failedWithResidue('network.deleteNamespace');
    const [residue] = fault.resources.filter(isAlive);
    expect(residue?.resource.kind).toBe('namespace');
    expect(provision.state.status).toBe('needsHands');
    const report = await fault.held?.waive(residue?.id ?? fault.resources[0]?.id ?? failed());
    expect(report?.residue).toEqual([]);
    expect(provision.state.status).toBe('failed');
    expect(host.snapshot()).toHaveLength(1);
  });

  test('can be waived all at once', async () => {
    const failing = ['network.deleteNamespace', 'layers.deactivate', 'files.removeFile'] as const;
    const { provision, fault } = await failedWithResidue(...failing);
    const { resources, held } = fault;
    const residue = resources.filter(isAlive);
    expect(residue.map(({ resource }) => resource.kind)).toEqual([
      'namespace',
      'scratchFolder',
      'scratchLayer',
      'activatedLayer',
    ]);
    const reports = await Promise.all(residue.map(({ id }) => held?.waive(id)));
    expect(reports.map((report) => report?.residue)).toEqual([[], [], [], []]);
    expect(provision.state.status).toBe('failed');
  });

  test('of which one is waived wait for the others', async () => {
    const { provision, fault } = await failedWithResidue('network.removeEndpoint');
    const { resources, held } = fault;
    const left = resources.filter(isAlive);
    expect(left).toHaveLength(3);
    const statuses: string[] = [];
    for (const { id } of left) {
      await held?.waive(id);
      statuses.push(provision.state.status);
    }
    expect(statuses).toEqual(['needsHands', 'needsHands', 'failed']);
  });

  test('of what was created and given back can be waived: it is released then, and has not failed', async () => {
    const { host, provisioner } = await setUp();
    const provision = provisioner.create(fullRequest());
    const { container } = await provision.result;
    host.inject({ call: 'network.deleteNamespace', when: 'before', every: true });
    const { residue } = await container.release();
    expect(residue).toHaveLength(1);
    expect(provision.state.status).toBe('needsHands');
    for (const { id } of residue) await provisioner.waiveResidue(id);
    expect(provision.state).toMatchObject({ status: 'released', path: 'released' });
  });

  test('that took effect and said otherwise are found to be done', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(fullRequest()).result;
    host.inject({ call: 'network.removeEndpoint', when: 'after' });
    host.inject({ call: 'layers.unprepare', when: 'after' });
    host.inject({ call: 'compute.terminate', when: 'after' });
    expect((await container.release()).residue).toEqual([]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('that never answer do not stop the others; when they answer, the rest is released', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(fullRequest()).result;
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
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
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
      const provision = provisioner.create({ ...fullRequest(), keepOnFailure: true });
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

describe('a folder that was made for one scratch and in which another one lies', () => {
  const second = () => {
    const spec = plainSpec('C:\\scratch\\deep\\web-2');
    return { id: 'web-2', spec, keepOnFailure: true };
  };

  async function heldBesides(provisioner: Provisioner, host: SimulatedHost, failsToo: boolean) {
    host.inject({ call: 'compute.create', when: 'before' });
    const { held } = await faultOf(provisioner.create({ ...fullRequest(), keepOnFailure: true }).result);
    if (failsToo) host.inject({ call: 'compute.create', when: 'before' });
    const other = provisioner.create(second());
    await other.result.catch(() => {});
    return { report: await held?.release(), other };
  }

  test('stays with that one, and is nothing that is left to be done', async () => {
    const { host, provisioner } = await setUp();
    const { report, other } = await heldBesides(provisioner, host, false);
    expect(report?.residue).toEqual([]);
    await (await other.result).container.release();
    expect(host.snapshot()).toEqual(['disk.scratchLayer C:\\scratch\\deep\\web-2']);
  });

  test('goes with that one', async () => {
    const { host, provisioner } = await setUp();
    const { report, other } = await heldBesides(provisioner, host, true);
    expect(report?.residue).toEqual([]);
    expect(host.snapshot()).toContain('disk.scratchLayer C:\\scratch\\deep\\web-2');
    await (await faultOf(other.result)).held?.release();
    expect(host.snapshot()).toEqual([]);
  });
});
