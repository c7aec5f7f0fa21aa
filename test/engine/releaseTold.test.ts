/** What is told of a release: each call by its name and target, and what becomes of each entry of the ledger. */
import { describe, expect, test } from '@jest/globals';
import { firstValueFrom, type Observable } from 'rxjs';
import { type LedgerEntry, memoryLedgerStore, type ProvisionEvent } from '../../src/index.ts';
import { failedWithResidue, faultOf, fullRequest, idle, setUp } from '../support/requests.ts';
import { POD_GUESTS, podRequest, setUpPod } from '../support/vmPods.ts';
import { setUpVms, VM_KINDS, VM_REQUESTS } from '../support/vmRuns.ts';

interface Released {
  readonly events$: Observable<ProvisionEvent>;
  release(): Promise<unknown>;
}

/** An id that the test chose keeps its beginning. */
const shortened = (call: string): string =>
  call.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => (/^[0-3]{8}/.test(id) ? id.slice(4, 8) : 'GUID'));

async function callsOfRelease(created: Released): Promise<readonly string[]> {
  const calls: string[] = [];
  created.events$.subscribe((event) => {
    if (event.type === 'call.started' && event.phase === 'releasing') calls.push(`${event.call} ${event.target}`);
  });
  await created.release();
  await idle(60);
  return calls.map(shortened);
}

const ended = (id: string): readonly string[] => [
  `compute.open ${id}`,
  `compute.terminate ${id}`,
  `compute.close ${id}`,
  `compute.close ${id}`,
];

const VM_CALLS = {
  windows: [...ended('vm-1'), 'vmAccess.revoke C:\\scratch\\deep\\vm-1\\sandbox.vhdx'],
  linux: ended('vm-1'),
  confidential: [
    ...ended('vm-1'),
    'vmAccess.revokeGroup C:\\bundle\\kernelinitrd.vmgs',
    'files.removeFile C:\\bundle\\kernelinitrd.vmgs',
  ],
};

const MOUNTS = [
  'guest.detach mount C:\\cfg\\c.json',
  'guest.detach mount C:\\cfg\\b.json',
  'guest.detach mount C:\\cfg\\a.json',
  'guest.detach mount C:\\data',
  'guest.detach mount C:\\disks\\data.vhdx',
  'vmAccess.revoke C:\\disks\\data.vhdx',
  'network.removeEndpoint endpoint 0001 in namespace GUID',
  'network.deleteNamespace GUID',
];

const SCRATCH = [
  'guest.detach scratch disk C:\\scratch\\one\\sandbox.vhdx',
  'vmAccess.revoke C:\\scratch\\one\\sandbox.vhdx',
];

const CALLS_IN_VM = {
  windows: [
    ...ended('one'),
    'guest.detach NIC of endpoint 0001',
    'guest.detach network namespace GUID',
    'guest.detach service GUID',
    'credentials.removeInstance one',
    ...MOUNTS,
    'guest.detach combined layers at C:\\c\\1',
    ...SCRATCH,
    'guest.detach layer C:\\layers\\base',
    'guest.detach layer C:\\layers\\app',
  ],
  linux: [
    ...ended('one'),
    'guest.detach NIC of endpoint 0001',
    ...MOUNTS,
    'guest.detach combined layers at /run/gcs/c/one/rootfs',
    ...SCRATCH,
    'guest.detach layer C:\\layers\\base\\layer.vhd',
    'guest.detach layer C:\\layers\\app\\layer.vhd',
  ],
};

describe('the calls of a release', () => {
  test('of a container', async () => {
    const { provisioner } = await setUp();
    const { container } = await provisioner.create(fullRequest()).result;
    expect(await callsOfRelease(container)).toEqual([
      ...ended('web-1'),
      'credentials.removeInstance web-1',
      'network.removeEndpoint endpoint 2222 in namespace GUID',
      'network.removeEndpoint endpoint 1111 in namespace GUID',
      'network.deleteNamespace GUID',
      'layers.unprepare C:\\scratch\\deep\\web-1',
      'layers.deactivate C:\\scratch\\deep\\web-1',
    ]);
  });

  test.each(VM_KINDS)('of a VM (%s)', async (kind) => {
    const { provisioner } = await setUpVms();
    const { vm } = await provisioner.createVm(VM_REQUESTS[kind]).result;
    expect(await callsOfRelease(vm)).toEqual(VM_CALLS[kind]);
  });

  test.each(POD_GUESTS)('of a container in a VM (%s)', async (guest) => {
    const { provisioner } = await setUpPod(guest);
    const { container } = await provisioner.create(podRequest(guest, 'one')).result;
    const calls = await callsOfRelease(container);
    // The scratch of this host has no drive letter.
    expect(calls.map((call) => call.replace(/\\\\\?\\Volume\{.*?\}/, 'C:'))).toEqual(CALLS_IN_VM[guest]);
  });

  test('of a create that failed: the scratch that it made, too', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.prepare', when: 'before' });
    const provision = provisioner.create(fullRequest());
    const events$ = provision.events$;
    const release = () => provision.result.catch(() => {});
    expect((await callsOfRelease({ events$, release })).slice(-5)).toEqual([
      'layers.deactivate C:\\scratch\\deep\\web-1',
      'files.removeFile C:\\scratch\\deep\\web-1\\sandbox.vhdx',
      'files.removeFolder C:\\scratch\\deep\\web-1',
      'files.removeFolder C:\\scratch\\deep',
      'files.removeFolder C:\\scratch',
    ]);
  });
});

const stateOf = ({ resource, state, attempts }: LedgerEntry): string => `${resource.kind} ${state} ${attempts}`;
const faultsOf = (entries: readonly LedgerEntry[]) =>
  entries.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));

const NETWORK = ['namespace released 1', 'namespaceEndpoint released 1', 'namespaceEndpoint released 1'];
const KEPT = ['scratchFolder handedOver 0', 'scratchLayer handedOver 0'];

const inDoubt = (which: string, step: string, id: string | undefined) => ({
  code: 'outcome-unknown',
  message: `the call ${which} compute system web-1 has not answered: whether it is on the host is not known`,
  hint: expect.stringContaining('hcsdiag list'),
  step,
  transient: true,
  resource: { id, description: 'compute system web-1' },
});

describe('what becomes of the ledger', () => {
  test("when everything is released: the scratch is its caller's", async () => {
    const { provisioner } = await setUp();
    const { container } = await provisioner.create(fullRequest()).result;
    await container.release();
    const rest = ['activatedLayer', 'preparedLayer', 'credentialGuard', 'computeSystem'];
    expect(container.resources.map(stateOf)).toEqual([
      ...NETWORK,
      ...KEPT,
      ...rest.map((kind) => `${kind} released 1`),
    ]);
    expect(faultsOf(container.resources)).toEqual([]);
  });

  test("when it has to be tried again: what is its caller's was handed over once", async () => {
    const store = memoryLedgerStore();
    const { host, provisioner } = await setUp({}, { journal: store });
    const { container } = await provisioner.create(fullRequest()).result;
    const heal = host.inject({ call: 'layers.deactivate', when: 'before', every: true });
    expect((await container.release()).residue).not.toEqual([]);
    heal();
    expect((await container.release()).residue).toEqual([]);
    const records = await store.read(container.provisionId);
    expect(records.filter((record) => record.type === 'changed' && record.state === 'handedOver')).toHaveLength(2);
  });

  test('when the call that acquires something has not answered', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'compute.create', when: 'never' });
    const { resources } = await faultOf(provisioner.create(fullRequest()).result);
    const [last] = resources.slice(-1);
    expect(resources.slice(0, -1).map(({ state }) => state)).toEqual(Array(8).fill('released'));
    expect(last).toMatchObject({ state: 'residue', attempts: 1 });
    expect(last?.fault).toEqual(inDoubt('acquiring', 'creatingComputeSystem', last?.id));
  });

  test('when the call that releases something has not answered', async () => {
    const { host, provisioner } = await setUp();
    const { container } = await provisioner.create(fullRequest()).result;
    host.inject({ call: 'compute.terminate', when: 'never' });
    await container.release();
    const [last] = container.resources.slice(-1);
    expect(last).toMatchObject({ state: 'residue', attempts: 0 });
    expect(last?.fault).toEqual(inDoubt('releasing', 'releasing', last?.id));
  });

  test('when a release fails: it is said what, where, and how often it was tried; waived, it says so still', async () => {
    const { provision, fault } = await failedWithResidue('layers.deactivate');
    const { resources, held } = fault;
    const layer = resources.find(({ resource }) => resource.kind === 'activatedLayer');
    const told = {
      attempts: 3,
      fault: {
        code: 'access-denied',
        step: 'releasing',
        transient: false,
        resource: { description: 'activated layer C:\\scratch\\deep\\web-1' },
      },
    };
    expect(layer).toMatchObject({ state: 'residue', ...told });
    if (layer === undefined) throw new Error('nothing is left');
    await held?.waive(layer.id);
    const after = await firstValueFrom(provision.resources$);
    expect(after.find(({ id }) => id === layer.id)).toMatchObject({ state: 'waived', ...told });
  });
});
