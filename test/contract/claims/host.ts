/** The host as a whole: what it is, how its calls fail, how its service dies, and what becomes of processes. */
import assert from 'node:assert/strict';
import { CODES } from '../../../src/hcs/codeTable.ts';
import type { HostPort, SystemHandle } from '../../../src/hcs/port.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { failureOf, outcomesOf, refused, until } from '../expect.ts';
import { C1, C2, containerDocument, containerIntent, EP1, endpointIntent, NS1 } from '../world.ts';

const OPEN = 'compute.open';

type Death = Parameters<NonNullable<HostUnderTest['serviceDies']>>[0];

/** Waits until the system is not there any more. */
const untilGone = ({ compute }: HostPort): Promise<void> =>
  until(async () => {
    const [outcome] = await Promise.allSettled([compute.open(C1)]);
    if (outcome?.status !== 'fulfilled') return true;
    await compute.close(outcome.value);
    return false;
  });

const made = ({ host }: HostUnderTest, id = C1): Promise<SystemHandle> =>
  host.compute.create(containerIntent(id), containerDocument());

/** A handle that died with its service may be closed, or be none already. */
async function closeDead({ host }: HostUnderTest, handle: SystemHandle): Promise<void> {
  const [outcome] = await outcomesOf([host.compute.close(handle)]);
  assert.ok(outcome === 'ok' || outcome === 'ERROR_INVALID_HANDLE', outcome);
}

/** Listens for the death of the service, does `before`, and has it die; gives how often who listened was told. */
async function die<T>(on: HostUnderTest, before: () => Promise<T>, death: Death = {}) {
  const told = { whoListens: 0, whoStopped: 0 };
  const end = on.host.onServiceDisconnect?.(() => {
    told.whoListens += 1;
  });
  const stop = on.host.onServiceDisconnect?.(() => {
    told.whoStopped += 1;
  });
  const value = await before();
  stop?.();
  await on.serviceDies?.(death);
  await until(async () => told.whoListens > 0);
  end?.();
  return { told, value };
}

const TOLD_ONCE = { whoListens: 1, whoStopped: 0 };

/** One code of each family, as they come from Windows. */
const CODES_OF_FAMILIES = [0x80370111, 0xc0370106, 0x803b0013, 0x80070050, 0x800705aa, 0x801f0015, 0xd0020017];

export const HOST = suite('host', [
  [
    'says what it is',
    [],
    async ({ host }) => {
      const { build, processorCount } = await host.facts();
      assert.ok(build >= 10_000 && build < 100_000, `build ${build}`);
      assert.ok(processorCount >= 1 && processorCount < 10_000, `${processorCount} processors`);
    },
  ],
  [
    'says what it was described to be',
    ['described'],
    async ({ host }) => assert.equal((await host.facts()).processorCount, 8),
  ],
  [
    'a call fails with the code that its host gave, whatever family, and with its words',
    ['injection'],
    async (on) => {
      for (const hresult of CODES_OF_FAMILIES) {
        await on.inject?.({ call: 'compute.create', when: 'before', hresult, detail: 'Wörter des Hosts ☃' });
        const failure = await failureOf(on.host.compute.create(containerIntent(), containerDocument()));
        assert.equal(Number(failure.hresult), hresult);
        assert.match(failure.detail ?? '', /Wörter des Hosts ☃/);
      }
    },
  ],
  [
    'every code of the table comes through as it is',
    ['injection'],
    async (on) => {
      for (const [hresult, { name }] of CODES) {
        if (hresult < 0x8000_0000) continue;
        await on.inject?.({ call: OPEN, when: 'before', hresult });
        assert.equal((await failureOf(on.host.compute.open(C1))).name, name);
      }
    },
  ],
  [
    'a create that fails after it took effect gives no handle, and the system can be found',
    ['injection'],
    async (on) => {
      const { compute } = on.host;
      await on.inject?.({ call: 'compute.create', when: 'after', hresult: 0x80370109 });
      const document = containerDocument({}, { ShouldTerminateOnLastHandleClosed: false });
      await refused('compute.create', compute.create(containerIntent(), document), 'HCS_E_CONNECTION_TIMEOUT');
      const handle = await compute.open(C1);
      await compute.terminate(handle);
      await compute.close(handle);
    },
  ],
  [
    'a call that does not answer holds up no other, and is answered when its host does',
    ['injection'],
    async (on) => {
      const { compute, network, layers } = on.host;
      await on.inject?.({ call: 'compute.create', when: 'never' });
      await on.inject?.({ call: 'network.addEndpoint', when: 'neverAfterEffect' });
      let answered = 0;
      const note = <T>(value: T): T => {
        answered += 1;
        return value;
      };
      const create = compute.create(containerIntent(), containerDocument()).then(note);
      const add = network.addEndpoint(endpointIntent()).then(note);
      await until(async () => (await network.queryNamespace(NS1)).endpoints.includes(EP1));
      await layers.nameToGuid('another call');
      const other = await compute.create(containerIntent(C2), containerDocument());
      assert.equal(answered, 0);
      await on.answerPending?.();
      await add;
      await compute.close(await create);
      await compute.close(other);
    },
  ],
]);

export const SERVICE = suite('service', [
  [
    'whoever listened before a system was opened is told of the death of the service, once',
    ['serviceDeath'],
    async (on) => {
      const { told, value } = await die(on, () => Promise.all([made(on), made(on, C2)]));
      assert.deepEqual(told, TOLD_ONCE);
      for (const handle of value) {
        const call = on.host.compute.properties(handle);
        await refused('compute.properties', call, 'RPC_S_SERVER_UNAVAILABLE', 'ERROR_INVALID_HANDLE');
        await closeDead(on, handle);
      }
    },
  ],
  [
    'calls on their way are answered as lost, later ones find no service',
    ['serviceDeath', 'injection'],
    async (on) => {
      const { compute, credentials } = on.host;
      await on.inject?.({ call: 'compute.start', when: 'never' });
      const { value } = await die(on, async () => {
        const handle = await made(on);
        const start = outcomesOf([compute.start(handle)]);
        await until(async () => (await on.pendingCalls?.()) === 1);
        return { handle, start };
      });
      assert.deepEqual(await value.start, ['HCS_E_SERVICE_DISCONNECT']);
      await refused(OPEN, compute.open(C1), 'RPC_S_SERVER_UNAVAILABLE');
      await refused('credentials.instances', credentials.instances(), 'RPC_S_SERVER_UNAVAILABLE');
      await closeDead(on, value.handle);
    },
  ],
  [
    'a create that was carried out, and could not be answered, is lost; its system can be found',
    ['serviceDeath', 'injection'],
    async (on) => {
      const { compute } = on.host;
      await on.inject?.({ call: 'compute.create', nth: 2, when: 'neverAfterEffect' });
      const { value } = await die(on, async () => {
        const other = await made(on, C2);
        const document = containerDocument({}, { ShouldTerminateOnLastHandleClosed: false });
        const create = outcomesOf([compute.create(containerIntent(), document)]);
        await until(async () => (await on.pendingCalls?.()) === 1);
        return { create, other };
      });
      assert.deepEqual(await value.create, ['HCS_E_SERVICE_DISCONNECT']);
      await on.serviceRestarts?.();
      await closeDead(on, value.other);
      const handle = await compute.open(C1);
      await compute.terminate(handle);
      await compute.close(handle);
    },
  ],
  [
    'layers and network go on without the service',
    ['serviceDeath'],
    async (on) => {
      const { value } = await die(on, () => made(on));
      await on.host.network.addEndpoint(endpointIntent());
      await on.host.network.removeEndpoint(NS1, EP1);
      await on.host.layers.nameToGuid('a layer');
      await closeDead(on, value);
    },
  ],
  [
    'when it is back, the systems that live on are opened anew, and old handles are none',
    ['serviceDeath'],
    async (on) => {
      const { compute } = on.host;
      const { value: old } = await die(on, () => made(on), { systemsSurvive: true });
      await on.serviceRestarts?.();
      const call = compute.properties(old);
      await refused('compute.properties', call, 'ERROR_INVALID_HANDLE', 'HCS_E_SERVICE_DISCONNECT');
      await closeDead(on, old);
      const handle = await compute.open(C1);
      assert.equal((await compute.properties(handle)).Id, C1);
      await compute.terminate(handle);
      await compute.close(handle);
    },
  ],
  [
    'it may die and come back many times',
    ['serviceDeath'],
    async (on) => {
      for (let n = 0; n < 5; n += 1) {
        const { told, value } = await die(on, () => made(on), { systemsSurvive: false });
        assert.deepEqual(told, TOLD_ONCE);
        await on.serviceRestarts?.();
        await closeDead(on, value);
        const handle = await made(on);
        await on.host.compute.terminate(handle);
        await on.host.compute.close(handle);
      }
    },
  ],
]);

export const PROCESSES = suite('processes', [
  [
    'when a process ends, without a word, its handles close, and what ends with them is gone',
    ['processes'],
    async (on) => {
      const other = await on.otherProcess?.(C1);
      await on.host.compute.close(await on.host.compute.open(C1));
      await other?.kill();
      await untilGone(on.host);
    },
  ],
  [
    'a system that another process has a handle to as well lives on',
    ['processes'],
    async (on) => {
      const { compute } = on.host;
      const other = await on.otherProcess?.(C1);
      const handle = await compute.open(C1);
      await other?.kill();
      assert.equal((await compute.properties(handle)).State, 'Created');
      await compute.close(handle);
      await untilGone(on.host);
    },
  ],
  [
    'an id that another process has taken is taken',
    ['processes'],
    async (on) => {
      const other = await on.otherProcess?.(C1);
      const create = on.host.compute.create(containerIntent(), containerDocument());
      await refused('compute.create', create, 'HCS_E_SYSTEM_ALREADY_EXISTS');
      await other?.kill();
      await untilGone(on.host);
    },
  ],
]);
