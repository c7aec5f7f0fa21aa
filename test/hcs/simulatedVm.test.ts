import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { containerId, endpointId, namespaceId, vmId } from '../../src/domain/ids.ts';
import { keptSimulatedHost, type SimulatedHost, simulatedHost } from '../../src/testing/index.ts';
import { pipePath, vsmbPath } from '../../src/vm/guestPaths.ts';
import { putHvSocket } from '../../src/vm/hvSocket.ts';
import { addScsi } from '../../src/vm/scsi.ts';
import { putVsmb, removeVsmb } from '../../src/vm/vsmb.ts';
import { intend } from '../support/intents.ts';
import {
  attachLayers,
  codeOf,
  containerDocument,
  createContainer,
  detach,
  disk,
  ENDPOINT,
  EP,
  filesShare,
  folderShare,
  HOST,
  linuxHost,
  NS,
  windowsHost,
} from '../support/vmHosts.ts';
import { attach, grant, linuxVmDocument, startVm, VM, VM_SCRATCH, windowsVmDocument } from '../support/vmReplay.ts';

const pipe = '\\\\.\\pipe\\docker';

describe('a VM', () => {
  const create = (host: SimulatedHost, document: object) =>
    host.compute.create(intend({ kind: 'utilityVm', id: VM }), document);

  test('is created, runs and ends under its own name', async () => {
    const host = await windowsHost();
    const handle = await host.compute.open(VM);
    expect(await host.compute.properties(handle)).toMatchObject({ SystemType: 'VirtualMachine', State: 'Running' });
    expect(host.snapshot()).toContain(`utilityVm ${VM}`);
    expect(await codeOf(host.compute.start(handle))).toBe('HCS_E_INVALID_STATE');
    await host.compute.terminate(handle);
    expect(host.snapshot()).not.toContain(`utilityVm ${VM}`);
    expect(host.effects.map(({ effect }) => effect)).toEqual([
      'vm.grantAccess',
      'system.create',
      'system.start',
      'system.terminate',
    ]);
  });

  test('does not come of a document whose disk it may not open', async () => {
    const host = simulatedHost(HOST);
    expect(await codeOf(create(host, windowsVmDocument()))).toBe('ERROR_ACCESS_DENIED');
    await grant(host, VM_SCRATCH);
    expect(await codeOf(create(host, windowsVmDocument()))).toBe('accepted');
  });

  test('needs its files, and no more processors than the host has', async () => {
    expect(await codeOf(create(simulatedHost(), linuxVmDocument()))).toBe('ERROR_FILE_NOT_FOUND');
    const host = simulatedHost(HOST);
    await grant(host, VM_SCRATCH);
    expect(await codeOf(create(host, windowsVmDocument(9)))).toBe('HCS_E_INVALID_JSON');
    expect(await codeOf(create(host, { ...windowsVmDocument(), Container: {} }))).toBe('HCS_E_INVALID_JSON');
  });

  test('takes nothing before it runs', async () => {
    const host = simulatedHost(HOST);
    const share = putVsmb('Add', folderShare('s1'));
    expect(await codeOf(attach(host, share))).toBe('HCS_E_SYSTEM_NOT_FOUND');
    await grant(host, VM_SCRATCH);
    await create(host, windowsVmDocument());
    expect(await codeOf(attach(host, share))).toBe('HCS_E_INVALID_STATE');
    expect(await codeOf(host.guest.exec(VM, { CommandLine: 'cmd', WorkingDirectory: 'C:\\' }))).toBe(
      'HCS_E_INVALID_STATE',
    );
    expect(await codeOf(createContainer(host))).toBe('HCS_E_INVALID_STATE');
  });

  test.each([
    ['is terminated', async (host: SimulatedHost) => host.compute.terminate(await host.compute.open(VM))],
    ['crashes', (host: SimulatedHost) => host.vmExits(VM)],
  ])('that %s takes everything with it but the rights to files', async (_, end) => {
    const host = await windowsHost();
    await attachLayers(host);
    const container = await createContainer(host);
    await end(host);
    const alive = host.snapshot().filter((line) => !line.startsWith('handle.'));
    expect(alive.filter((line) => !line.startsWith('namespace'))).toEqual([
      'grant.vmAccess uvm-1 C:\\disks\\scratch.vhdx',
      `grant.vmAccess uvm-1 ${VM_SCRATCH}`,
    ]);
    expect(await host.compute.properties(container)).toMatchObject({ State: 'Stopped' });
    expect(await codeOf(host.compute.terminate(container))).toBe('HCS_E_SYSTEM_ALREADY_STOPPED');
    expect(await codeOf(detach(host, removeVsmb({ name: 's1' })))).toBe('HCS_E_SYSTEM_NOT_FOUND');
    await host.files.removeFile('C:\\disks\\scratch.vhdx');
    expect(host.snapshot()).not.toContain('grant.vmAccess uvm-1 C:\\disks\\scratch.vhdx');
  });
});

describe('a container in a VM', () => {
  const ready = async (): Promise<SimulatedHost> => {
    const host = await windowsHost();
    await attachLayers(host);
    return host;
  };

  test.each([
    ['a root where no layers are combined', { Storage: { Path: 'C:\\c\\2', Layers: [{ Path: vsmbPath('s1') }] } }],
    ['a layer that is not combined there', { Storage: { Path: 'C:\\c\\1', Layers: [{ Path: vsmbPath('os') }] } }],
    ['a folder that the guest has not', { MappedDirectories: [{ HostPath: 'C:\\nothing', ContainerPath: 'C:\\a' }] }],
    ['a pipe that the VM has not', { MappedPipes: [{ HostPath: pipePath(pipe), ContainerPipeName: 'docker' }] }],
    ['a namespace that is not in the guest', { Networking: { Namespace: NS } }],
    ['a device where there is none', { AssignedDevices: [{ Type: 'DeviceInstance', LocationPath: 'PCIROOT(1)' }] }],
    ['credentials that nobody keeps', { ContainerCredentialGuard: { Cookie: 'unknown' } }],
    ['more processors than the VM has', { Processor: { Count: 3 } }],
  ])('is refused with %s', async (_, part) => {
    const host = await ready();
    expect(await codeOf(createContainer(host, containerDocument(part)))).toBe('HCS_E_INVALID_JSON');
    expect(host.snapshot()).not.toContain('computeSystem c1');
  });

  test('of the other kind, or of another VM, is refused', async () => {
    const host = await ready();
    const linux = { ...containerDocument(), HostedSystem: { OciSpecification: {} } };
    expect(await codeOf(createContainer(host, linux))).toBe('HCS_E_INVALID_JSON');
    expect(await codeOf(createContainer(host, { ...containerDocument(), HostingSystemId: 'uvm-2' }))).toBe(
      'HCS_E_INVALID_JSON',
    );
  });

  test('is a compute system of its own, once', async () => {
    const host = await ready();
    await createContainer(host);
    expect(await codeOf(createContainer(host))).toBe('HCS_E_SYSTEM_ALREADY_EXISTS');
    const handle = await host.compute.open(containerId('c1'));
    await host.compute.start(handle);
    expect(await host.compute.properties(handle)).toMatchObject({ SystemType: 'Container', State: 'Running' });
    await host.compute.terminate(handle);
    expect(host.snapshot()).toContain(`utilityVm ${VM}`);
    expect(await codeOf(host.compute.open(containerId('c1')))).toBe('HCS_E_SYSTEM_NOT_FOUND');
  });

  test('sees only the files of a share that it was given, and keeps them there', async () => {
    const host = await ready();
    await attach(host, putVsmb('Add', filesShare('s2', 'C:\\cfg\\a.json')));
    const mapped = (name: string) =>
      containerDocument({ MappedDirectories: [{ HostPath: vsmbPath('s2', name), ContainerPath: 'C:\\a' }] });
    expect(await codeOf(createContainer(host, mapped('b.json')))).toBe('HCS_E_INVALID_JSON');
    await attach(host, putVsmb('Update', filesShare('s2', 'C:\\cfg\\a.json', 'C:\\cfg\\b.json')));
    await createContainer(host, mapped('b.json'));
    const withoutB = putVsmb('Update', filesShare('s2', 'C:\\cfg\\a.json'));
    expect(await codeOf(detach(host, withoutB))).toBe('ERROR_BUSY');
    expect(await codeOf(detach(host, putVsmb('Update', filesShare('s2', 'C:\\cfg\\b.json'))))).toBe('accepted');
    expect(host.snapshot().filter((line) => line.startsWith('vsmbAllowedFile'))).toEqual([
      'vsmbAllowedFile uvm-1 s2 C:\\cfg\\b.json',
    ]);
  });

  test('reaches its credentials over a service that the VM was given', async () => {
    const host = await ready();
    await host.credentials.addInstance(intend({ kind: 'credentialGuard', id: containerId('c1') }), '{}', 'HvSocket');
    const [instance] = await host.credentials.instances();
    const document = containerDocument({ ContainerCredentialGuard: instance?.state });
    expect(instance?.state).toMatchObject({ Transport: 'HvSocket' });
    expect(await codeOf(createContainer(host, document))).toBe('HCS_E_INVALID_JSON');
    if (instance?.hvSocket !== undefined) await attach(host, putHvSocket(instance.hvSocket));
    expect(await codeOf(createContainer(host, document))).toBe('accepted');
  });

  test('may use a folder that a process made in the guest', async () => {
    const host = await ready();
    const document = containerDocument({
      MappedDirectories: [{ HostPath: 'C:\\SandboxMounts\\x', ContainerPath: 'C:\\a' }],
    });
    expect(await codeOf(createContainer(host, document))).toBe('HCS_E_INVALID_JSON');
    const CommandLine = 'cmd /c mkdir C:\\SandboxMounts\\x & dir C:\\SandboxMounts\\x';
    await host.guest.exec(VM, { CommandLine, WorkingDirectory: 'C:\\' });
    expect(await codeOf(createContainer(host, document))).toBe('accepted');
  });
});

describe('a process in a guest', () => {
  const exec = [
    { match: 'device-util', stdout: 'PCIROOT(1)', stderr: 'hm' },
    { match: 'device', exitCode: 3 },
  ];

  test('answers by the first rule that matches, on the pipe that was asked for', async () => {
    const host = await windowsHost({ ...HOST, exec });
    const run = (CommandLine: string, pipes: object) =>
      host.guest.exec(VM, { CommandLine, WorkingDirectory: 'C:\\', ...pipes });
    expect(await run('device-util', { CreateStdOutPipe: true })).toEqual({ exitCode: 0, output: 'PCIROOT(1)' });
    expect(await run('device-util', { CreateStdErrPipe: true })).toEqual({ exitCode: 0, output: 'hm' });
    expect(await run('list devices', {})).toEqual({ exitCode: 3, output: '' });
    expect(await run('dir', { CreateStdOutPipe: true })).toEqual({ exitCode: 0, output: '' });
  });

  test('must be one that the guest can run', async () => {
    const process = { CommandLine: 'cmd', WorkingDirectory: '/' };
    expect(await codeOf((await linuxHost()).guest.exec(VM, process))).toBe('HCS_E_INVALID_JSON');
  });
});

describe('the host around its VMs', () => {
  test('gives rights to files that are there, and takes them back once', async () => {
    const host = simulatedHost(HOST);
    const path = 'C:\\disks\\other.vhdx';
    expect(await codeOf(grant(host, 'C:\\nothing'))).toBe('ERROR_FILE_NOT_FOUND');
    await grant(host, path);
    await host.vmAccess.grantGroup(intend({ kind: 'vmGroupAccess', path }));
    expect(host.snapshot()).toEqual(
      expect.arrayContaining([`grant.vmAccess ${VM} ${path}`, `grant.vmGroupAccess ${path}`]),
    );
    await host.vmAccess.revoke(VM, path);
    await host.vmAccess.revokeGroup(path);
    expect(await codeOf(host.vmAccess.revoke(VM, path))).toBe('ERROR_NOT_FOUND');
    expect(await codeOf(host.vmAccess.revokeGroup(path))).toBe('ERROR_NOT_FOUND');
    expect(host.snapshot().filter((line) => line.startsWith('grant'))).toEqual([]);
  });

  test('knows a file also by the volume that it is on', async () => {
    const host = await windowsHost();
    const path = await host.files.resolve('C:\\disks\\scratch.vhdx');
    await grant(host, path);
    expect(await codeOf(attach(host, addScsi('windows', disk(1))))).toBe('accepted');
    expect(await codeOf(host.files.removeFile('C:\\disks\\scratch.vhdx'))).toBe('ERROR_SHARING_VIOLATION');
  });

  test('describes its endpoints and namespaces', async () => {
    const host = simulatedHost(HOST);
    expect(await host.network.queryEndpoint(endpointId(EP))).toEqual({ ...ENDPOINT, Namespace: { ID: NS } });
    expect(await codeOf(host.network.queryEndpoint(endpointId(NS)))).toBe('HCN_E_ENDPOINT_NOT_FOUND');
    expect((await host.network.queryNamespace(namespaceId(NS))).settings).toEqual({
      ID: NS,
      NamespaceId: 2,
      Type: 'Guest',
      Resources: [{ Type: 'Endpoint', Data: { Id: EP } }],
      SchemaVersion: { Major: 2, Minor: 0 },
    });
  });

  test('reads and copies files of any size', async () => {
    const host = simulatedHost({ files: [{ path: 'C:\\a\\b.vhd', size: 6, bytes: 'AQID' }] });
    await host.files.copy(intend({ kind: 'vmFile', path: 'C:\\a\\c.vhd' }), 'C:\\a\\b.vhd');
    expect(await host.files.size('C:\\a\\c.vhd')).toBe(6);
    expect([...(await host.files.readBytes('C:\\a\\c.vhd', 1, 4))]).toEqual([2, 3, 0, 0]);
    expect([...(await host.files.readBytes('C:\\a\\c.vhd', 5, 4))]).toEqual([0]);
    expect(host.snapshot()).toEqual(['disk.file C:\\a\\c.vhd']);
    const again = host.files.copy(intend({ kind: 'vmFile', path: 'C:\\a\\c.vhd' }), 'C:\\a\\b.vhd');
    expect(await codeOf(again)).toBe('ERROR_FILE_EXISTS');
    await host.files.removeFile('C:\\a\\c.vhd');
    expect(host.snapshot()).toEqual([]);
  });
});

describe('a kept host', () => {
  test('keeps its VM, what is attached, the container and the rights for the next process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-vm-'));
    try {
      const first = keptSimulatedHost(folder, HOST);
      await startVm(first, windowsVmDocument());
      await attachLayers(first);
      await first.files.copy(intend({ kind: 'vmFile', path: 'C:\\disks\\copy.vhdx' }), 'C:\\disks\\other.vhdx');
      await createContainer(first);
      const second = keptSimulatedHost(folder, HOST);
      expect(second.snapshot()).toEqual(first.snapshot());
      expect(await second.files.size('C:\\disks\\copy.vhdx')).toBe(4096);
      expect(await codeOf(detach(second, removeVsmb({ name: 's1' })))).toBe('ERROR_BUSY');
      await second.vmExits(VM);
      expect(first.snapshot().filter((line) => /^(scsi|vsmb|utilityVm|computeSystem)/.test(line))).toEqual([]);
      expect(await codeOf(first.compute.open(vmId(VM)))).toBe('HCS_E_SYSTEM_NOT_FOUND');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
