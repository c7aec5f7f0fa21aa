import assert from 'node:assert/strict';
import type { ModifySettingRequest } from '../../../src/domain/modifyRequest.ts';
import type { SystemHandle } from '../../../src/hcs/port.ts';
import { combineLayers } from '../../../src/vm/combinedLayers.ts';
import { vsmbPath } from '../../../src/vm/guestPaths.ts';
import { addScsi, removeScsi, type ScsiDisk } from '../../../src/vm/scsi.ts';
import { putVsmb, removeVsmb } from '../../../src/vm/vsmb.ts';
import { intend } from '../../support/intents.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { outcomesOf, refused } from '../expect.ts';
import { C1, dataDisk, grantIntent, LONG_OUTPUT, VM, vmDocument, vmScratch } from '../world.ts';

const ROOT = 'C:\\c\\1';
const LAYERS = [{ Id: '91ad9bcb-d637-579d-818a-e391a5631aa1', Path: vsmbPath('s1') }];

async function create({ host, folder }: HostUnderTest): Promise<SystemHandle> {
  await host.vmAccess.grant(grantIntent(vmScratch(folder)));
  return host.compute.create(intend({ kind: 'utilityVm', id: VM }), vmDocument(folder));
}

/** Runs `check` on the handle of a VM that runs, and closes it. */
const inVm = (check: (on: HostUnderTest, vm: SystemHandle) => Promise<void>) => async (on: HostUnderTest) => {
  const vm = await create(on);
  await on.host.compute.start(vm);
  await check(on, vm);
  await on.host.compute.close(vm);
};

const share = ({ folder }: HostUnderTest, name = 's1') =>
  ({
    kind: 'folder',
    name,
    hostPath: `${folder}\\vm`,
    readOnly: true,
    options: { ReadOnly: true },
    holders: [],
  }) as const;

const disk = ({ folder }: HostUnderTest, lun = 1): ScsiDisk => ({
  hostPath: dataDisk(folder),
  type: 'VirtualDisk',
  readOnly: false,
  controller: 0,
  lun,
  guestPath: ROOT,
  holders: [],
});

const attach = ({ host }: HostUnderTest, request: ModifySettingRequest): Promise<void> =>
  host.guest.attach(intend({ kind: 'vmAttachment', vm: VM, what: 'a part', part: 'rest' }), request);

const detach = ({ host }: HostUnderTest, request: ModifySettingRequest): Promise<void> =>
  host.guest.detach(VM, request);

async function attachLayers(on: HostUnderTest): Promise<void> {
  await on.host.vmAccess.grant(grantIntent(dataDisk(on.folder)));
  await attach(on, putVsmb('Add', share(on)));
  await attach(on, addScsi('windows', disk(on)));
  await attach(on, combineLayers('windows', { rootPath: ROOT, layers: LAYERS }));
}

const hostedDocument = (container: object = {}) => ({
  Owner: 'contract',
  SchemaVersion: { Major: 2, Minor: 1 },
  HostingSystemId: VM,
  HostedSystem: {
    SchemaVersion: { Major: 2, Minor: 1 },
    Container: { Storage: { Path: ROOT, Layers: LAYERS }, ...container },
  },
  ShouldTerminateOnLastHandleClosed: true,
});

const createContainer = ({ host }: HostUnderTest, document = hostedDocument()): Promise<SystemHandle> =>
  host.guest.createContainer(intend({ kind: 'computeSystem', id: C1, schema: 'v2', vm: VM }), document);

const run = ({ host }: HostUnderTest, CommandLine: string, pipes: object = { CreateStdOutPipe: true }) =>
  host.guest.exec(VM, { CommandLine, WorkingDirectory: 'C:\\', ...pipes });

export const GUEST = suite('guest', [
  [
    'a VM is created, runs, says what it is, and ends',
    ['described'],
    inVm(async (on, vm) => {
      const { SystemType, State, Id } = await on.host.compute.properties(vm);
      assert.deepEqual([SystemType, State, Id], ['VirtualMachine', 'Running', VM]);
      await on.host.compute.terminate(vm);
      await refused('compute.open', on.host.compute.open(VM), 'HCS_E_SYSTEM_NOT_FOUND');
    }),
  ],
  [
    'nothing is in a VM that is not there, or does not run',
    ['described'],
    async (on) => {
      const add = putVsmb('Add', share(on));
      await refused('guest.attach', attach(on, add), 'HCS_E_SYSTEM_NOT_FOUND');
      await refused('guest.exec', run(on, 'dir'), 'HCS_E_SYSTEM_NOT_FOUND');
      const vm = await create(on);
      await refused('guest.attach', attach(on, add), 'HCS_E_INVALID_STATE');
      await refused('guest.exec', run(on, 'dir'), 'HCS_E_INVALID_STATE');
      await refused('guest.createContainer', createContainer(on), 'HCS_E_INVALID_STATE');
      await on.host.compute.close(vm);
    },
  ],
  [
    'what is attached is attached once, and detached once',
    ['described'],
    inVm(async (on) => {
      const add = putVsmb('Add', share(on));
      assert.deepEqual(await outcomesOf([attach(on, add), attach(on, add)]), ['ERROR_ALREADY_EXISTS', 'ok']);
      await detach(on, removeVsmb({ name: 's1' }));
      await refused('guest.detach', detach(on, removeVsmb({ name: 's1' })), 'ERROR_NOT_FOUND');
    }),
  ],
  [
    'a disk needs the right of the VM to its file, and a slot that is free',
    ['described'],
    inVm(async (on) => {
      await refused('guest.attach', attach(on, addScsi('windows', disk(on))), 'ERROR_ACCESS_DENIED');
      await on.host.vmAccess.grant(grantIntent(dataDisk(on.folder)));
      const slot0 = addScsi('windows', disk(on, 0));
      await refused('guest.attach', attach(on, slot0), 'ERROR_ALREADY_EXISTS');
      await attach(on, addScsi('windows', disk(on)));
      await detach(on, removeScsi('windows', disk(on)));
    }),
  ],
  [
    'half of a request is not done when the other half is refused',
    ['described'],
    inVm(async (on) => {
      await attach(on, putVsmb('Add', share(on)));
      await on.host.vmAccess.grant(grantIntent(dataDisk(on.folder)));
      await attach(on, addScsi('windows', disk(on)));
      const before = await on.snapshot?.();
      const samePlace = addScsi('windows', { ...disk(on, 2), hostPath: vmScratch(on.folder) });
      await refused('guest.attach', attach(on, samePlace), 'ERROR_ALREADY_EXISTS', 'ERROR_SHARING_VIOLATION');
      assert.deepEqual(await on.snapshot?.(), before);
    }),
  ],
  [
    'a container is created in the VM, on what was attached for it, and keeps that',
    ['described'],
    inVm(async (on) => {
      await refused('guest.createContainer', createContainer(on), 'HCS_E_INVALID_JSON');
      await attachLayers(on);
      const container = await createContainer(on);
      await refused('guest.createContainer', createContainer(on), 'HCS_E_SYSTEM_ALREADY_EXISTS');
      assert.equal((await on.host.compute.properties(container)).SystemType, 'Container');
      await on.host.compute.start(container);
      await refused('guest.detach', detach(on, removeVsmb({ name: 's1' })), 'ERROR_BUSY');
      await on.host.compute.terminate(container);
      await on.host.compute.close(container);
    }),
  ],
  [
    'a VM takes its containers with it',
    ['described'],
    inVm(async (on, vm) => {
      await attachLayers(on);
      const container = await createContainer(on);
      await on.host.compute.terminate(vm);
      assert.equal((await on.host.compute.properties(container)).State, 'Stopped');
      await refused('guest.detach', detach(on, removeVsmb({ name: 's1' })), 'HCS_E_SYSTEM_NOT_FOUND');
      await on.host.compute.close(container);
    }),
  ],
  [
    'the guest of a VM crashes, and the VM has stopped',
    ['described', 'injection'],
    inVm(async (on, vm) => {
      await on.vmExits?.(VM);
      assert.equal((await on.host.compute.properties(vm)).State, 'Stopped');
      await refused('guest.exec', run(on, 'dir'), 'HCS_E_SYSTEM_NOT_FOUND');
    }),
  ],
  [
    'a process says what it has to say, to the last byte, and how it ended',
    ['described'],
    inVm(async (on) => {
      assert.deepEqual(await run(on, 'says much'), { exitCode: 0, output: LONG_OUTPUT });
      assert.deepEqual(await run(on, 'says nothing'), { exitCode: 0, output: '' });
      assert.deepEqual(await run(on, 'complains'), { exitCode: 3, output: 'said' });
    }),
  ],
  [
    'a process has the pipes that were asked for, and no others',
    ['described'],
    inVm(async (on) => {
      assert.deepEqual(await run(on, 'complains', {}), { exitCode: 3, output: '' });
      assert.deepEqual(await run(on, 'complains', { CreateStdErrPipe: true }), { exitCode: 3, output: 'complained' });
    }),
  ],
  [
    'an exit code may be any 32 bits',
    ['described'],
    inVm(async (on) => {
      const { exitCode } = await run(on, 'fails', {});
      assert.equal(exitCode | 0, -1073741819);
    }),
  ],
  [
    'fifty processes run at once, each with its own output',
    ['described'],
    inVm(async (on) => {
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, n) => run(on, n % 2 === 0 ? 'says much' : 'complains')),
      );
      for (const [n, { output }] of results.entries()) assert.equal(output, n % 2 === 0 ? LONG_OUTPUT : 'said');
    }),
  ],
]);
