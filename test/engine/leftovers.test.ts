import { describe, expect, test } from '@jest/globals';
import { commandsToLookAt, HeldUnknown, isAlive, ResidueUnknown } from '../../src/index.ts';
import { faultOf, fullRequest, SCRATCH_LEFT, setUp } from '../support/requests.ts';

const NEVER_DELETED = { call: 'network.deleteNamespace', when: 'before', every: true } as const;

/** A container whose namespace could not be released. */
async function withResidue() {
  const { host, provisioner } = await setUp();
  const { container } = await provisioner.create(fullRequest()).result;
  const heal = host.inject(NEVER_DELETED);
  await container.release();
  const [residue] = await provisioner.residue();
  if (residue === undefined) throw new Error('there should be residue');
  return { host, provisioner, container, heal, residue };
}

async function withHeld() {
  const { host, provisioner } = await setUp();
  host.inject({ call: 'compute.create', when: 'before' });
  const fault = await faultOf(provisioner.create({ ...fullRequest(), keepOnFailure: true }).result);
  return { host, provisioner, fault };
}

describe('residue', () => {
  test('is listed with its run and its fault', async () => {
    const { provisioner, residue } = await withResidue();
    expect(residue).toMatchObject({
      entry: { state: 'residue', attempts: 3, resource: { kind: 'namespace' } },
      run: { containerId: 'web-1', status: 'needsHands' },
    });
    expect(residue.entry.fault?.hint).not.toBe('');
    expect(await provisioner.residue()).toHaveLength(1);
  });

  test.each([
    ['its id', (id: string) => id],
    ['the id of its container', () => 'WEB-1'],
    ['no id', () => undefined],
  ])('is tried again by %s, until nothing is left', async (_, which) => {
    const { host, provisioner, heal, residue } = await withResidue();
    const id = which(residue.entry.id);
    const [failed] = await provisioner.retryResidue(id);
    expect(failed).toMatchObject({ outcome: 'residue', released: [], residue: [{ id: residue.entry.id }] });
    heal();
    const [done] = await provisioner.retryResidue(id);
    expect(done).toMatchObject({ outcome: 'done', released: [{ id: residue.entry.id }], residue: [] });
    expect(await provisioner.residue()).toEqual([]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('that is waived stays on the host and leaves the list', async () => {
    const { host, provisioner, residue } = await withResidue();
    expect(await provisioner.waiveResidue(residue.entry.id)).toMatchObject({ entry: { id: residue.entry.id } });
    expect(await provisioner.residue()).toEqual([]);
    expect(host.snapshot()).toHaveLength(2);
    expect((await provisioner.runs()).runs).toMatchObject([{ status: 'released' }]);
    expect((await provisioner.recover()).runs).toEqual([]);
  });

  test('that does not exist is an error', async () => {
    const { provisioner } = await setUp();
    await expect(provisioner.retryResidue('nobody')).rejects.toThrow(ResidueUnknown);
    await expect(provisioner.waiveResidue('nobody')).rejects.toThrow(ResidueUnknown);
    expect(await provisioner.retryResidue()).toEqual([]);
  });

  test('of a VM is residue like any other', async () => {
    const boot = 'C:\\Program Files\\Linux Containers';
    const files = ['kernel', 'initrd.img'].map((name) => ({ path: `${boot}\\${name}` }));
    const { host, provisioner } = await setUp({ files });
    const { vm } = await provisioner.createVm({ guest: 'linux', id: 'vm-1' }).result;
    const heal = host.inject({ call: 'compute.terminate', when: 'before', every: true });
    await vm.stop();
    const kinds = (await provisioner.residue()).map(({ entry }) => entry.resource.kind);
    expect(kinds).toContain('utilityVm');
    heal();
    expect(await provisioner.retryResidue('vm-1')).toMatchObject([{ outcome: 'done', residue: [] }]);
    expect(host.snapshot()).toEqual([]);
  });
});

describe('what failed creates were told to keep', () => {
  test('is listed with the reason, the end of its lease, and the commands that show it', async () => {
    const { provisioner, fault } = await withHeld();
    const [held] = await provisioner.held();
    expect(held).toMatchObject({ run: { containerId: 'web-1', status: 'held', fault: { code: fault.code } } });
    expect(held?.resources).toEqual(fault.resources.filter(isAlive));
    expect(Date.parse(held?.until ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect(held?.lookAt).toEqual(expect.arrayContaining(['hnsdiag list namespaces', 'fltmc instances -f wcifs']));
    expect(new Set(held?.lookAt).size).toBe(held?.lookAt.length);
  });

  test('is given back, and an unknown id among those that are asked for gives nothing back', async () => {
    const { host, provisioner } = await withHeld();
    const before = host.snapshot();
    await expect(provisioner.releaseHeld('web-1', 'nobody')).rejects.toThrow(HeldUnknown);
    expect(host.snapshot()).toEqual(before);
    expect(await provisioner.releaseHeld('web-1')).toMatchObject([{ outcome: 'done', residue: [] }]);
    expect(host.snapshot()).toEqual([]);
    expect(await provisioner.releaseHeld()).toEqual([]);
  });
});

test('a path with a quote in it is one word of PowerShell', () => {
  expect(commandsToLookAt([{ kind: 'vmFile', path: "C:\\it's mine" }])).toEqual([
    "Get-Item -LiteralPath 'C:\\it''s mine'",
  ]);
});
