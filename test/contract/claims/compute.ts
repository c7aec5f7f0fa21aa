import assert from 'node:assert/strict';
import { containerId } from '../../../src/domain/ids.ts';
import type { SystemHandle } from '../../../src/hcs/port.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { outcomesOf, refused } from '../expect.ts';
import { C1, C2, containerDocument, containerIntent, VOLUME } from '../world.ts';

const make = ({ host }: HostUnderTest, id = C1, document = containerDocument()): Promise<SystemHandle> =>
  host.compute.create(containerIntent(id), document);

const stateOf = async ({ host }: HostUnderTest, handle: SystemHandle) => (await host.compute.properties(handle)).State;

async function closeAll({ host }: HostUnderTest, ...handles: readonly SystemHandle[]): Promise<void> {
  for (const handle of handles) await host.compute.close(handle);
}

const needOpenable = async ({ host }: HostUnderTest, id = C1): Promise<void> =>
  host.compute.close(await host.compute.open(id));

const needGone = ({ host }: HostUnderTest, id = C1): Promise<void> =>
  refused('compute.open', host.compute.open(id), 'HCS_E_SYSTEM_NOT_FOUND');

/** Documents that no host takes, by what is wrong with them. */
const WRONG: Readonly<Record<string, object>> = {
  'neither container nor VM': { Owner: 'contract', SchemaVersion: { Major: 2, Minor: 1 } },
  'container and VM at once': containerDocument({}, { VirtualMachine: {} }),
  'a field of no schema': containerDocument({}, { NoSuchField: 1 }),
  'a schema of another major version': containerDocument({}, { SchemaVersion: { Major: 9, Minor: 0 } }),
};

/** What a host that is known well refuses as well. */
const WRONG_HERE: Readonly<Record<string, object>> = {
  'settings that exclude each other': containerDocument({ Processor: { Count: 1, Weight: 100 } }),
  'a number out of its range': containerDocument({ Processor: { Maximum: 20_000 } }),
  'a volume that is not there': containerDocument({ Storage: { Layers: [{ Id: 'i', Path: 'p' }], Path: 'C:\\x\\' } }),
  'a volume without its backslash': containerDocument({ Storage: { Layers: [{ Id: 'i', Path: 'p' }], Path: VOLUME } }),
  'a namespace that is not there': containerDocument({
    Networking: { Namespace: '77777777-7777-4777-8777-777777777777' },
  }),
};

async function refusesAll(on: HostUnderTest, documents: Readonly<Record<string, object>>): Promise<void> {
  for (const document of Object.values(documents)) {
    await refused('compute.create', make(on, C1, document), 'HCS_E_INVALID_JSON', 'ERROR_INVALID_PARAMETER');
    await needGone(on);
  }
}

const invalid = (name: string, call: Promise<unknown>): Promise<void> => refused(name, call, 'ERROR_INVALID_HANDLE');

export const COMPUTE = suite('compute', [
  [
    'a system is created, not started, and says who it is',
    ['described'],
    async (on) => {
      const handle = await make(on);
      const { Id, SystemType, Owner, RuntimeId, State } = await on.host.compute.properties(handle);
      assert.deepEqual([Id, SystemType, Owner, State], [C1, 'Container', 'contract', 'Created']);
      assert.match(RuntimeId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
      await closeAll(on, handle);
    },
  ],
  [
    'what a document says arrives as it was said, in whatever script',
    ['described'],
    async (on) => {
      const Owner = 'Bücher ☃ 🦊 "quoted" \\ 漢字';
      const handle = await make(on, C1, containerDocument({}, { Owner }));
      assert.equal((await on.host.compute.properties(handle)).Owner, Owner);
      await closeAll(on, handle);
    },
  ],
  [
    'a document may be long',
    ['described'],
    async (on) => {
      const MappedDirectories = Array.from({ length: 3_000 }, (_, n) => ({
        HostPath: `C:\\data\\${n}`,
        ContainerPath: `C:\\app\\${n}`,
        ReadOnly: n % 2 === 0,
      }));
      await closeAll(on, await make(on, C1, containerDocument({ MappedDirectories })));
    },
  ],
  [
    'an id is taken once, in whatever case',
    ['described'],
    async (on) => {
      const handle = await make(on);
      await refused('compute.create', make(on), 'HCS_E_SYSTEM_ALREADY_EXISTS');
      const upper = make(on, containerId(C1.toUpperCase()));
      await refused('compute.create', upper, 'HCS_E_SYSTEM_ALREADY_EXISTS');
      assert.equal(await stateOf(on, handle), 'Created');
      await closeAll(on, handle);
      await needGone(on);
    },
  ],
  [
    'two systems are two',
    ['described'],
    async (on) => {
      const handles = [await make(on), await make(on, C2)] as const;
      const [one, two] = await Promise.all(handles.map((handle) => on.host.compute.properties(handle)));
      assert.deepEqual([one?.Id, two?.Id], [C1, C2]);
      assert.notEqual(one?.RuntimeId, two?.RuntimeId);
      await closeAll(on, ...handles);
    },
  ],
  ['a document that is wrong makes nothing', ['described'], (on) => refusesAll(on, WRONG)],
  ['a document that asks for what is not there makes nothing', ['described'], (on) => refusesAll(on, WRONG_HERE)],
  ['what is not there cannot be opened', [], (on) => needGone(on, containerId('slipway-contract-never-made'))],
  [
    'a system is opened by its id in any case, and each handle is one',
    ['described'],
    async (on) => {
      const first = await make(on);
      const second = await on.host.compute.open(containerId(C1.toUpperCase()));
      assert.notEqual(first, second);
      assert.equal((await on.host.compute.properties(second)).Id, C1);
      await closeAll(on, first);
      assert.equal(await stateOf(on, second), 'Created');
      await closeAll(on, second);
      await needGone(on);
    },
  ],
  [
    'a system that was made so ends with its last handle, and another one does not',
    ['described'],
    async (on) => {
      await closeAll(on, await make(on));
      await needGone(on);
      await closeAll(on, await make(on, C2, containerDocument({}, { ShouldTerminateOnLastHandleClosed: false })));
      const handle = await on.host.compute.open(C2);
      await on.host.compute.terminate(handle);
      await closeAll(on, handle);
    },
  ],
  [
    'it starts once',
    ['described'],
    async (on) => {
      const handle = await make(on);
      await on.host.compute.start(handle);
      assert.equal(await stateOf(on, handle), 'Running');
      await refused('compute.start', on.host.compute.start(handle), 'HCS_E_INVALID_STATE');
      assert.equal(await stateOf(on, handle), 'Running');
      await closeAll(on, handle);
    },
  ],
  [
    'it is terminated once, has exited when that has answered, and is not started again',
    ['described'],
    async (on) => {
      const handle = await make(on);
      await on.host.compute.start(handle);
      await on.host.compute.terminate(handle);
      assert.equal(await stateOf(on, handle), 'Stopped');
      await refused('compute.terminate', on.host.compute.terminate(handle), 'HCS_E_SYSTEM_ALREADY_STOPPED');
      const again = on.host.compute.start(handle);
      await refused('compute.start', again, 'HCS_E_SYSTEM_ALREADY_STOPPED', 'HCS_E_INVALID_STATE');
      await needGone(on);
      await closeAll(on, handle);
    },
  ],
  [
    'its id is free when it has stopped, and its old handle reads that it has',
    ['described'],
    async (on) => {
      const old = await make(on);
      await on.host.compute.terminate(old);
      const next = await make(on);
      assert.deepEqual([await stateOf(on, old), await stateOf(on, next)], ['Stopped', 'Created']);
      await closeAll(on, old);
      await needOpenable(on);
      await closeAll(on, next);
    },
  ],
  [
    'a handle is closed once, and is none afterwards',
    ['described'],
    async (on) => {
      const { compute } = on.host;
      const handle = await make(on);
      await compute.close(handle);
      await invalid('compute.close', compute.close(handle));
      await invalid('compute.properties', compute.properties(handle));
      await invalid('compute.start', compute.start(handle));
      await invalid('compute.terminate', compute.terminate(handle));
    },
  ],
  [
    'a closed handle never becomes that of a later system',
    ['described'],
    async (on) => {
      const old = await make(on);
      await closeAll(on, old);
      const later = await Promise.all([make(on), make(on, C2)]);
      assert.ok(!later.includes(old));
      await invalid('compute.terminate', on.host.compute.terminate(old));
      await closeAll(on, ...later);
    },
  ],
  [
    'of several creates of one id at once, one makes it',
    ['described'],
    async (on) => {
      const creates = Array.from({ length: 8 }, () => make(on));
      const outcomes = await outcomesOf(creates);
      assert.deepEqual(outcomes, [...Array.from({ length: 7 }, () => 'HCS_E_SYSTEM_ALREADY_EXISTS'), 'ok']);
      for (const create of await Promise.allSettled(creates)) {
        if (create.status === 'fulfilled') await closeAll(on, create.value);
      }
      await needGone(on);
    },
  ],
  [
    'of two terminations at once, one does it',
    ['described'],
    async (on) => {
      const [first, second] = [await make(on), await on.host.compute.open(C1)];
      const terminations = [first, second].map((handle) => on.host.compute.terminate(handle));
      assert.deepEqual(await outcomesOf(terminations), ['HCS_E_SYSTEM_ALREADY_STOPPED', 'ok']);
      await closeAll(on, first, second);
    },
  ],
  [
    'three hundred systems are made, started and closed at once',
    ['described'],
    async (on) => {
      const ids = Array.from({ length: 300 }, (_, n) => containerId(`contract-many-${n}`));
      const handles = await Promise.all(ids.map((id) => make(on, id)));
      assert.equal(new Set(handles).size, ids.length);
      await Promise.all(handles.map((handle) => on.host.compute.start(handle)));
      const properties = await Promise.all(handles.map((handle) => on.host.compute.properties(handle)));
      assert.deepEqual(
        properties.map(({ Id, State }) => `${Id} ${State}`),
        ids.map((id) => `${id} Running`),
      );
      await Promise.all(handles.map((handle) => on.host.compute.close(handle)));
      for (const id of [ids[0], ids.at(-1)]) if (id !== undefined) await needGone(on, id);
    },
  ],
  [
    'a handle that is closed while a call on it is on its way takes nothing with it',
    ['described'],
    async (on) => {
      const handle = await make(on);
      const [properties, closed] = await Promise.allSettled([
        on.host.compute.properties(handle),
        on.host.compute.close(handle),
      ]);
      assert.equal(closed.status, 'fulfilled');
      if (properties.status === 'fulfilled') assert.equal(properties.value.Id, C1);
      else await invalid('compute.properties', Promise.reject(properties.reason));
      await needGone(on);
    },
  ],
]);
