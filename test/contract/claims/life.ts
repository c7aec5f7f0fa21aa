/** What becomes of a system after its start. */
import assert from 'node:assert/strict';
import type { SystemExit } from '../../../src/domain/process.ts';
import type { SystemHandle } from '../../../src/hcs/port.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { refused, until } from '../expect.ts';
import { C1, containerDocument, containerIntent } from '../world.ts';

type Check = (on: HostUnderTest, system: SystemHandle) => Promise<void>;

const create = ({ host }: HostUnderTest) => host.compute.create(containerIntent(), containerDocument());

/** Runs `check` on the handle of a container that runs, and closes it. */
export const inContainer = (check: Check) => async (on: HostUnderTest) => {
  const system = await create(on);
  await on.host.compute.start(system);
  await check(on, system);
  await on.host.compute.close(system);
};

const run = ({ host }: HostUnderTest, system: SystemHandle, CommandLine = 'runs on') =>
  host.processes.create(system, { CommandLine });

const stateOf = async ({ host }: HostUnderTest, system: SystemHandle) => (await host.compute.properties(system)).State;

function exitsOf({ host }: HostUnderTest, system: SystemHandle): SystemExit[] {
  const exits: SystemExit[] = [];
  host.compute.onExit(system, (exit) => exits.push(exit));
  return exits;
}

export const LIFE = suite('life', [
  [
    'a system in which nothing runs ends when it is shut down, gracefully, and once',
    ['described'],
    inContainer(async (on, system) => {
      const exits = exitsOf(on, system);
      await on.host.compute.shutdown(system);
      await until(async () => exits.length > 0);
      assert.deepEqual(exits, [{ Status: 0, ExitType: 'GracefulExit' }]);
      assert.equal(await stateOf(on, system), 'Stopped');
      await refused('compute.shutdown', on.host.compute.shutdown(system), 'HCS_E_SYSTEM_ALREADY_STOPPED');
    }),
  ],
  [
    'its processes are asked to end first, and one that does not want to keeps it going',
    ['described'],
    inContainer(async (on, system) => {
      const [polite, stubborn] = [await run(on, system), await run(on, system, 'ignores all')];
      await on.host.compute.shutdown(system);
      await until(async () => (await on.host.processes.properties(polite.handle)).Exited);
      assert.equal(await stateOf(on, system), 'Running');
      await on.host.compute.terminate(system);
      assert.equal((await on.host.processes.properties(stubborn.handle)).Exited, true);
      for (const { handle } of [polite, stubborn]) await on.host.processes.close(handle);
    }),
  ],
  [
    'every handle tells of the end once, and one whose watch has ended does not',
    ['described'],
    inContainer(async (on, system) => {
      const other = await on.host.compute.open(C1);
      const told = [exitsOf(on, system), exitsOf(on, other)];
      let unwanted = 0;
      on.host.compute.onExit(other, () => {
        unwanted += 1;
      })();
      await on.host.compute.terminate(system);
      await until(async () => told.every((exits) => exits.length > 0));
      assert.deepEqual(told, [[{ Status: 0, ExitType: 'ForcedExit' }], [{ Status: 0, ExitType: 'ForcedExit' }]]);
      assert.equal(unwanted, 0);
      await on.host.compute.close(other);
    }),
  ],
  [
    'a container that shares the kernel of the host cannot be paused',
    ['described'],
    inContainer(async (on, system) => {
      const name = 'HCS_E_SYSTEM_NOT_CONFIGURED_FOR_OPERATION';
      await refused('compute.pause', on.host.compute.pause(system), name);
      assert.equal(await stateOf(on, system), 'Running');
    }),
  ],
  [
    'what it may use is changed while it runs, and not to what cannot be',
    ['described'],
    inContainer(async (on, system) => {
      const update = (ResourcePath: string, Settings: object | number) =>
        on.host.compute.modify(system, { ResourcePath, RequestType: 'Update', Settings });
      await update('Container/Memory/SizeInMB', 256);
      await update('Container/Processor', { Maximum: 5000 });
      await refused('compute.modify', update('Container/Processor', { Maximum: 0 }), 'ERROR_INVALID_PARAMETER');
      await refused('compute.modify', update('Container/NoSuchThing', 1), 'ERROR_NOT_SUPPORTED');
    }),
  ],
  [
    'it says what it uses and what runs in it once it was started',
    ['described'],
    async (on) => {
      const { compute, processes } = on.host;
      const system = await create(on);
      await refused('compute.statistics', compute.statistics(system), 'HCS_E_INVALID_STATE');
      await refused('compute.processes', compute.processes(system), 'HCS_E_INVALID_STATE');
      await compute.start(system);
      assert.deepEqual(await compute.processes(system), []);
      const { handle, pid } = await run(on, system);
      assert.deepEqual(
        (await compute.processes(system)).map(({ ProcessId }) => ProcessId),
        [pid],
      );
      assert.ok((await compute.statistics(system)).Memory?.MemoryUsageCommitBytes);
      await compute.terminate(system);
      await refused('compute.statistics', compute.statistics(system), 'HCS_E_SYSTEM_ALREADY_STOPPED');
      await processes.close(handle);
      await compute.close(system);
    },
  ],
]);
