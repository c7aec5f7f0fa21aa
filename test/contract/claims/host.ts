/** The host as a whole: what it is, how its calls fail, how its service dies, and what becomes of processes. */
import assert from 'node:assert/strict';
import { CODES } from '../../../src/hcs/codeTable.ts';
import type { HostPort } from '../../../src/hcs/port.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { failureOf, refused, until } from '../expect.ts';
import { C1, C2, containerDocument, containerIntent, EP1, endpointIntent, NS1 } from '../world.ts';

const OPEN = 'compute.open';

/** Waits until the system is not there any more. */
const untilGone = ({ compute }: HostPort): Promise<void> =>
  until(async () => {
    const [outcome] = await Promise.allSettled([compute.open(C1)]);
    if (outcome?.status !== 'fulfilled') return true;
    await compute.close(outcome.value);
    return false;
  });

async function die(on: HostUnderTest, death: Parameters<NonNullable<HostUnderTest['serviceDies']>>[0] = {}) {
  let told = 0;
  let toldTheOther = 0;
  const end = on.host.onServiceDisconnect?.(() => {
    told += 1;
  });
  const endOther = on.host.onServiceDisconnect?.(() => {
    toldTheOther += 1;
  });
  endOther?.();
  await on.serviceDies?.(death);
  await until(async () => told > 0);
  end?.();
  return { told, toldTheOther };
}

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
        await on.inject?.({ call: OPEN, when: 'before', hresult, detail: 'Wörter des Hosts ☃' });
        const failure = await failureOf(on.host.compute.open(C1));
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
    'when the service dies, whoever asked for it is told, once',
    ['serviceDeath'],
    async (on) => {
      const handle = await on.host.compute.create(containerIntent(), containerDocument());
      assert.deepEqual(await die(on), { told: 1, toldTheOther: 0 });
      await refused(
        'compute.properties',
        on.host.compute.properties(handle),
        'RPC_S_SERVER_UNAVAILABLE',
        'ERROR_INVALID_HANDLE',
      );
    },
  ],
  [
    'calls on their way are answered as lost, later ones find no service',
    ['serviceDeath', 'injection'],
    async (on) => {
      const { compute, credentials } = on.host;
      const handle = await compute.create(containerIntent(C2), containerDocument());
      await on.inject?.({ call: 'compute.start', when: 'never' });
      const onItsWay = refused('compute.start', compute.start(handle), 'HCS_E_SERVICE_DISCONNECT');
      await die(on);
      await onItsWay;
      await refused(OPEN, compute.open(C2), 'RPC_S_SERVER_UNAVAILABLE');
      await refused('credentials.instances', credentials.instances(), 'RPC_S_SERVER_UNAVAILABLE');
    },
  ],
  [
    'layers and network go on without the service',
    ['serviceDeath'],
    async (on) => {
      await die(on);
      await on.host.network.addEndpoint(endpointIntent());
      await on.host.network.removeEndpoint(NS1, EP1);
      await on.host.layers.nameToGuid('a layer');
    },
  ],
  [
    'when it is back, the systems that live on are opened anew, and old handles are none',
    ['serviceDeath'],
    async (on) => {
      const { compute } = on.host;
      const old = await compute.create(containerIntent(), containerDocument());
      await die(on, { systemsSurvive: true });
      await on.serviceRestarts?.();
      await refused('compute.properties', compute.properties(old), 'ERROR_INVALID_HANDLE', 'HCS_E_SERVICE_DISCONNECT');
      const [closing] = await Promise.allSettled([compute.close(old)]);
      if (closing?.status === 'rejected')
        await refused('compute.close', Promise.reject(closing.reason), 'ERROR_INVALID_HANDLE');
      const handle = await compute.open(C1);
      assert.equal((await compute.properties(handle)).Id, C1);
      await compute.close(handle);
    },
  ],
  [
    'it may die and come back many times',
    ['serviceDeath'],
    async (on) => {
      for (let n = 0; n < 5; n += 1) {
        assert.deepEqual(await die(on), { told: 1, toldTheOther: 0 });
        await on.serviceRestarts?.();
        const handle = await on.host.compute.create(containerIntent(), containerDocument());
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
