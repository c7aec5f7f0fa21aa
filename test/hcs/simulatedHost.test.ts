import { describe, expect, test } from '@jest/globals';
import { containerId, endpointId, namespaceId } from '../../src/domain/ids.ts';
import { HostError } from '../../src/hcs/hostError.ts';
import { difference, simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { intend } from '../support/intents.ts';
import { fc } from '../support/property.ts';
import { ENDPOINTS, hostOptions } from '../support/requests.ts';

const SCRATCH = 'C:\\s';
const PARENTS = [{ id: 'p', path: 'C:\\layers\\base' }];
const VOLUME = '\\\\?\\Volume{11111111-2222-4333-8444-555555555555}';
const ID = containerId('c1');
const NS = namespaceId('33333333-3333-4333-8333-333333333333');
const [EP1, EP2] = ENDPOINTS.map(endpointId);

const host = (options = {}) =>
  simulatedHost({ ...hostOptions(), files: [{ path: `${SCRATCH}\\sandbox.vhdx` }], volumes: [VOLUME], ...options });
type Host = ReturnType<typeof host>;

/** The name of the code that a call fails with; 'ok' when it does not. */
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: unknown) => (error instanceof HostError ? error.failure.name : String(error)),
  );

const system = intend({ kind: 'computeSystem', id: ID, schema: 'v2' });
const layer = intend({ kind: 'activatedLayer', path: SCRATCH });
const prepared = intend({ kind: 'preparedLayer', path: SCRATCH });
const guard = intend({ kind: 'credentialGuard', id: ID });
const namespace = intend({ kind: 'namespace', id: NS, owner: 'o', name: 'n' });
const endpoint = (id = EP1) => intend({ kind: 'namespaceEndpoint', namespace: NS, endpoint: id ?? endpointId('none') });

const document = (container: object = {}, top: object = {}) => ({
  Owner: 'o',
  SchemaVersion: { Major: 2, Minor: 1 },
  Container: { Storage: { Layers: [{ Id: 'i', Path: 'p' }], Path: `${VOLUME}\\` }, Processor: {}, ...container },
  ShouldTerminateOnLastHandleClosed: true,
  ...top,
});

describe('compute systems', () => {
  test('are made once, opened by id in any case, and end when they are terminated', async () => {
    const one = host();
    const handle = await one.compute.create(system, document());
    expect(await codeOf(one.compute.create(system, document()))).toBe('HCS_E_SYSTEM_ALREADY_EXISTS');
    const second = await one.compute.open(containerId('C1'));
    expect(await one.compute.properties(second)).toMatchObject({ Id: 'c1', Owner: 'o', State: 'Created' });
    await one.compute.terminate(second);
    expect(await one.compute.properties(handle)).toMatchObject({ State: 'Stopped' });
    expect(await codeOf(one.compute.terminate(handle))).toBe('HCS_E_SYSTEM_ALREADY_STOPPED');
    expect(await codeOf(one.compute.open(ID))).toBe('HCS_E_SYSTEM_NOT_FOUND');
    expect(one.snapshot()).toEqual(['handle.computeSystem c1', 'handle.computeSystem c1']);
    await one.compute.close(handle);
    expect(await codeOf(one.compute.close(handle))).toBe('ERROR_INVALID_HANDLE');
  });

  test('end with their last handle, of whichever process, if they were made so', async () => {
    const one = host();
    const other = one.attach();
    await one.compute.create(system, document());
    const theirs = await other.compute.open(ID);
    expect(await codeOf(one.compute.properties(theirs))).toBe('ERROR_INVALID_HANDLE');
    one.end();
    expect(one.snapshot()).toEqual(['computeSystem c1', 'handle.computeSystem c1']);
    other.end();
    expect(one.snapshot()).toEqual([]);
  });

  test('are not made by a process that has ended before its call had an effect', async () => {
    const clock = virtualClock();
    const one = host({ clock, latencies: 10 });
    void one.compute.create(system, document());
    one.inject({ call: 'compute.create', when: 'never' });
    void one.compute.create(system, document());
    clock.advance(5);
    one.end();
    clock.advance(10);
    one.answerPending();
    const other = one.attach();
    expect([one.snapshot(), one.pendingCalls]).toEqual([[], 0]);
    const made = other.compute.create(system, document());
    clock.advance(10);
    await made;
    expect(one.snapshot()).toEqual(['computeSystem c1', 'handle.computeSystem c1']);
  });

  test.each([
    ['Container.Processor', document({ Processor: { Count: 1, Weight: 1 } })],
    ['Container.Processor.Maximum', document({ Processor: { Maximum: 20_000 } })],
    ['Container.Processor.Count', document({ Processor: { Count: 9 } })],
    ['Container.Storage.Path', document({ Storage: { Layers: [{ Id: 'i', Path: 'p' }], Path: VOLUME } })],
    ['Container.Storage.Path', document({ Storage: { Layers: [{ Id: 'i', Path: 'p' }], Path: 'C:\\x\\' } })],
    ['Container.Storage.Layers', document({ Storage: { Path: `${VOLUME}\\` } })],
    ['Container.Storage.Layers[0].Id', document({ Storage: { Layers: [{ Path: 'p' }], Path: `${VOLUME}\\` } })],
    ['Container.MappedDirectories[0].ContainerPath', document({ MappedDirectories: [{ HostPath: 'C:\\x' }] })],
    ['Container.Networking.Namespace', document({ Networking: { Namespace: NS } })],
    ['Container.ContainerCredentialGuard.Cookie', document({ ContainerCredentialGuard: { Cookie: 'x' } })],
    ['Container.AssignedDevices[0]', document({ AssignedDevices: [{}] })],
    [
      'Container.RegistryChanges.AddValues[0]',
      document({ RegistryChanges: { AddValues: [{ Key: { Hive: 'System' } }] } }),
    ],
    ['Surprise', document({}, { Surprise: 1 })],
    ['SchemaVersion', document({}, { SchemaVersion: { Major: 3, Minor: 0 } })],
    ['', document({}, { VirtualMachine: {} })],
    ['Name', { SystemType: 'Container', Name: 'other', VolumePath: VOLUME, Layers: [{ ID: 'i', Path: 'p' }] }],
    [
      'VolumePath',
      { SystemType: 'Container', Name: 'c1', VolumePath: `${VOLUME}\\`, Layers: [{ ID: 'i', Path: 'p' }] },
    ],
    [
      'EndpointList[0]',
      {
        SystemType: 'Container',
        Name: 'c1',
        VolumePath: VOLUME,
        Layers: [{ ID: 'i', Path: 'p' }],
        EndpointList: ['x'],
      },
    ],
  ])('refuse a document that is wrong at %s, and say where', async (path, wrong) => {
    const one = host();
    const error = await one.compute.create(system, wrong).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HostError);
    if (!(error instanceof HostError)) return;
    expect(error.failure.name).toBe('HCS_E_INVALID_JSON');
    expect(error.failure.detail?.split(': ')[0]).toBe(path);
    expect(one.snapshot()).toEqual([]);
    expect(one.effects).toEqual([]);
  });

  test('of schema 2 need build 17763', async () => {
    expect(await codeOf(host({ facts: { build: 17134 } }).compute.create(system, document()))).toBe(
      'HCS_E_INVALID_JSON',
    );
  });
});

describe('namespaces', () => {
  test('hold each endpoint once, and stay while something refers to them', async () => {
    const one = host();
    await one.network.createNamespace(namespace);
    expect(await codeOf(one.network.createNamespace(namespace))).toBe('ERROR_ALREADY_EXISTS');
    await one.network.addEndpoint(endpoint());
    expect(await codeOf(one.network.addEndpoint(endpoint()))).toBe('HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS');
    expect(await codeOf(one.network.addEndpoint(endpoint(endpointId('nowhere'))))).toBe('HCN_E_ENDPOINT_NOT_FOUND');
    expect(await one.network.queryNamespace(NS)).toMatchObject({ id: NS, endpoints: [EP1] });
    expect(await codeOf(one.network.deleteNamespace(NS))).toBe('HCN_E_ENTITY_HAS_REFERENCES');
    expect(await codeOf(one.network.removeEndpoint(NS, EP2 ?? endpointId('x')))).toBe('HCN_E_ENDPOINT_NOT_ATTACHED');
    await one.network.removeEndpoint(NS, EP1 ?? endpointId('x'));
    await one.compute.create(system, document({ Networking: { Namespace: NS } }));
    expect(await codeOf(one.network.deleteNamespace(NS))).toBe('HCN_E_ENTITY_HAS_REFERENCES');
    one.end();
    await one.network.deleteNamespace(NS);
    expect(await codeOf(one.network.deleteNamespace(NS))).toBe('ERROR_NOT_FOUND');
    expect(one.snapshot()).toEqual([]);
  });
});

describe('layers', () => {
  test('are activated, prepared, and taken down in the order that Windows asks for', async () => {
    const one = host();
    expect(await codeOf(one.layers.prepare(prepared, PARENTS))).toBe('ERROR_INVALID_PARAMETER');
    expect(await codeOf(one.layers.mountPath(SCRATCH))).toBe('ERROR_NOT_FOUND');
    await one.layers.activate(layer);
    expect(await codeOf(one.layers.activate(layer))).toBe('ERROR_SHARING_VIOLATION');
    expect(await codeOf(one.layers.unprepare(SCRATCH))).toBe('ERROR_FLT_INSTANCE_NOT_FOUND');
    await one.layers.prepare(prepared, PARENTS);
    const volume = await one.layers.mountPath(SCRATCH);
    expect(volume).toMatch(/^\\\\\?\\Volume\{[0-9a-f-]{36}\}$/);
    await one.compute.create(system, document({ Storage: { Layers: [{ Id: 'i', Path: 'p' }], Path: `${volume}\\` } }));
    expect(await codeOf(one.layers.unprepare(SCRATCH))).toBe('ERROR_BUSY');
    one.end();
    expect(await codeOf(one.layers.deactivate(SCRATCH))).toBe('ERROR_BUSY');
    await one.layers.unprepare(SCRATCH);
    expect(await codeOf(one.files.removeFile(`${SCRATCH}\\sandbox.vhdx`))).toBe('ERROR_SHARING_VIOLATION');
    await one.layers.deactivate(SCRATCH);
    expect(await codeOf(one.layers.deactivate(SCRATCH))).toBe('ERROR_NOT_FOUND');
    expect(one.snapshot()).toEqual([]);
  });

  test('need a scratch, which is made in a folder that exists', async () => {
    const one = host({ files: [{ path: 'C:\\empty', dir: true }] });
    const scratch = (path: string) => intend({ kind: 'scratchLayer', path });
    expect(await codeOf(one.layers.activate(intend({ kind: 'activatedLayer', path: 'C:\\empty' })))).toBe(
      'ERROR_FILE_NOT_FOUND',
    );
    expect(await codeOf(one.layers.createScratch(scratch('C:\\nowhere'), PARENTS))).toBe('ERROR_PATH_NOT_FOUND');
    await one.layers.createScratch(scratch('C:\\empty'), PARENTS);
    expect(await codeOf(one.layers.createScratch(scratch('C:\\EMPTY\\'), PARENTS))).toBe('ERROR_FILE_EXISTS');
    expect(one.snapshot()).toEqual(['disk.scratchLayer C:\\empty']);
  });
});

describe('credential guard instances and files', () => {
  test('instances are there once, with a cookie', async () => {
    const one = host();
    await one.credentials.addInstance(guard, '{}', 'LRPC');
    expect(await codeOf(one.credentials.addInstance(guard, '{}', 'LRPC'))).toBe('ERROR_ALREADY_EXISTS');
    expect(await one.credentials.instances()).toMatchObject([
      { id: 'c1', state: { Transport: 'LRPC', CredentialSpec: '{}' } },
    ]);
    await one.credentials.removeInstance(ID);
    expect(await codeOf(one.credentials.removeInstance(ID))).toBe('ERROR_NOT_FOUND');
  });

  test('paths know neither case nor trailing backslash, and resolve to their volume', async () => {
    const one = host({ files: [{ path: 'C:\\Data\\a.txt', content: 'text' }] });
    expect(await one.files.stat('c:\\data\\')).toBe('directory');
    expect(await one.files.read('C:/data/A.TXT')).toBe('text');
    expect(await one.files.resolve('C:\\Data')).toBe('\\\\?\\Volume{00000000-0000-0000-0000-000000000043}\\Data');
    expect(await codeOf(one.files.resolve('C:\\none'))).toBe('ERROR_FILE_NOT_FOUND');
    const onNothing = intend({ kind: 'scratchFolder', path: 'C:\\x\\y', made: 'C:\\x\\y' });
    expect(await codeOf(one.files.createFolder(onNothing))).toBe('ERROR_PATH_NOT_FOUND');
    await one.files.createFolder(intend({ kind: 'scratchFolder', path: 'C:\\x\\y', made: 'C:\\x' }));
    expect(await codeOf(one.files.removeFolder('C:\\x'))).toBe('ERROR_DIR_NOT_EMPTY');
    expect(one.snapshot()).toEqual(['disk.folder C:\\x', 'disk.folder C:\\x\\y']);
  });
});

describe('faults on demand', () => {
  const alive = (one: Host) => one.snapshot().filter((line) => line.startsWith('activated'));

  test('before and after taking effect, the n-th call, every call, with a code', async () => {
    const one = host();
    one.inject({ call: 'layers.activate', when: 'before', hresult: 0x80070015 });
    expect(await codeOf(one.layers.activate(layer))).toBe('ERROR_NOT_READY');
    expect(alive(one)).toEqual([]);
    one.inject({ call: 'layers.activate', when: 'after' });
    expect(await codeOf(one.layers.activate(layer))).toBe('ERROR_ACCESS_DENIED');
    expect(alive(one)).toHaveLength(1);
    const heal = one.inject({ call: 'files.stat', nth: 2, every: true, when: 'before' });
    const outcomes = [one.files.stat('C:\\'), one.files.stat('C:\\'), one.files.stat('C:\\')].map(codeOf);
    expect(await Promise.all(outcomes)).toEqual(['ok', 'ERROR_ACCESS_DENIED', 'ERROR_ACCESS_DENIED']);
    heal();
    expect(await codeOf(one.files.stat('C:\\'))).toBe('ok');
  });

  test('never answering, until it is made to', async () => {
    const one = host();
    one.inject({ call: 'layers.activate', when: 'never' });
    const call = codeOf(one.layers.activate(layer));
    await new Promise((resolve) => setImmediate(resolve));
    expect([one.pendingCalls, alive(one)]).toEqual([1, []]);
    one.answerPending();
    expect([await call, one.pendingCalls, alive(one).length]).toEqual(['ok', 0, 1]);
  });

  test('a create that fails after its effect gives no handle, and leaves the system', async () => {
    const one = host();
    one.inject({ call: 'compute.create', when: 'after' });
    expect(await codeOf(one.compute.create(system, document()))).toBe('ERROR_ACCESS_DENIED');
    expect(one.snapshot()).toEqual(['computeSystem c1']);
  });
});

describe('clocks', () => {
  test('a virtual one moves when it is told to, and runs what is due in order', () => {
    const clock = virtualClock();
    const ran: string[] = [];
    clock.setTimeout(() => ran.push(`b at ${clock.now()}`), 20);
    clock.setTimeout(() => ran.push(`a at ${clock.now()}`), 10);
    clock.clearTimeout(clock.setTimeout(() => ran.push('never'), 15));
    clock.advance(15);
    expect([ran, clock.now()]).toEqual([['a at 10'], 15]);
    clock.advance(100);
    expect([ran, clock.now()]).toEqual([['a at 10', 'b at 20'], 115]);
  });

  test('moves the latencies of a host; with autoAdvance, by itself', async () => {
    const clock = virtualClock({ autoAdvance: true });
    const one = host({ clock, latencies: { facts: 60_000 } });
    await one.facts();
    expect(clock.now()).toBe(60_000);
  });
});

test('whatever is called in whatever order, the host is what a small model says', async () => {
  const operation = fc.constantFrom(
    'activate',
    'prepare',
    'unprepare',
    'deactivate',
    'guard',
    'unguard',
    'namespace',
    'unnamespace',
  );
  const run = async (operations: readonly string[]) => {
    const one = host();
    const model = { active: false, prepared: false, guard: false, namespace: false };
    const calls: Record<string, () => Promise<unknown>> = {
      activate: () => one.layers.activate(layer).then(() => (model.active = true)),
      prepare: () => one.layers.prepare(prepared, PARENTS).then(() => (model.prepared = true)),
      unprepare: () => one.layers.unprepare(SCRATCH).then(() => (model.prepared = false)),
      deactivate: () => one.layers.deactivate(SCRATCH).then(() => (model.active = false)),
      guard: () => one.credentials.addInstance(guard, '', 'LRPC').then(() => (model.guard = true)),
      unguard: () => one.credentials.removeInstance(ID).then(() => (model.guard = false)),
      namespace: () => one.network.createNamespace(namespace).then(() => (model.namespace = true)),
      unnamespace: () => one.network.deleteNamespace(NS).then(() => (model.namespace = false)),
    };
    for (const name of operations) await calls[name]?.().catch(() => {});
    expect(model.prepared && !model.active).toBe(false);
    const expected = [
      ...(model.active ? [`activatedLayer ${SCRATCH}`] : []),
      ...(model.prepared ? [`preparedLayer ${SCRATCH}`] : []),
      ...(model.guard ? ['ccgInstance c1'] : []),
      ...(model.namespace ? [`namespace ${NS}`] : []),
    ];
    expect(difference([...expected].sort(), one.snapshot())).toEqual({ appeared: [], gone: [] });
  };
  await fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 30 }), run), { numRuns: 200 });
});
