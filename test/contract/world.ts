/** The host that claims are about: what lies on it, and documents that are good on it as they are. */

import { containerId, endpointId, namespaceId, vmId } from '../../src/domain/ids.ts';
import { SCSI_CONTROLLER_IDS } from '../../src/domain/utilityVm.ts';
import type { SimulatedHostOptions } from '../../src/testing/index.ts';
import { intend } from '../support/intents.ts';

export const VM = vmId('contract-vm');
export const C1 = containerId('contract-1');
export const C2 = containerId('contract-2');
export const NS1 = namespaceId('33333333-3333-4333-8333-333333333333');
export const NS2 = namespaceId('44444444-4444-4444-8444-444444444444');
export const EP1 = endpointId('11111111-1111-4111-8111-111111111111');
export const EP2 = endpointId('22222222-2222-4222-8222-222222222222');
export const NO_ENDPOINT = endpointId('99999999-9999-4999-8999-999999999999');
export const VOLUME = '\\\\?\\Volume{11111111-2222-4333-8444-555555555555}';
export const PARENTS = [
  { id: '01010101-0101-4101-8101-010101010101', path: 'C:\\layers\\app' },
  { id: '02020202-0202-4202-8202-020202020202', path: 'C:\\layers\\base' },
];

export const ENDPOINT = {
  ID: EP1,
  MacAddress: '00-15-5D-00-00-01',
  IPAddress: '172.20.0.11',
  PrefixLength: 20,
  GatewayAddress: '172.20.0.1',
  DNSServerList: '172.20.0.1',
};

/** Longer than any buffer on its way, with characters of one to four bytes. */
export const LONG_OUTPUT = Array.from({ length: 4_000 }, (_, n) => `line ${n} äöü ☃ 🦊\n`).join('');
export const TEXT = 'one line, äöü ☃ 🦊\r\nand another\n';

/** The files of the description, from the folder that they lie in. */
export const FILES: ReadonlyArray<{ readonly name: string; readonly content?: string; readonly dir?: true }> = [
  { name: 'text.txt', content: TEXT },
  { name: 'bytes.bin', content: '0123456789' },
  { name: 'empty.txt', content: '' },
  { name: 'Data\\inner.txt', content: 'inner' },
  { name: 'vacant', dir: true },
];

export const layerFolder = (folder: string): string => `${folder}\\layer`;

const vmFiles = (folder: string) => ({
  scratch: `${folder}\\vm\\sandbox.vhdx`,
  system: `${folder}\\vm\\Files`,
  disk: `${folder}\\vm\\data.vhdx`,
});

/** A host with {@link FILES} and all that systems need in `folder`. */
export function worldIn(folder: string): SimulatedHostOptions {
  const { scratch, system, disk } = vmFiles(folder);
  return {
    facts: { build: 20348, processorCount: 8 },
    files: [
      ...FILES.map(({ name, ...file }) => ({ path: `${folder}\\${name}`, ...file })),
      { path: `${layerFolder(folder)}\\sandbox.vhdx` },
      { path: 'C:\\layers\\app', dir: true },
      { path: 'C:\\layers\\base', dir: true },
      { path: scratch, size: 4096 },
      { path: disk, size: 4096 },
      { path: system, dir: true },
    ],
    endpoints: { [EP1]: ENDPOINT, [EP2]: { ID: EP2 } },
    namespaces: [{ id: NS1, endpoints: [] }],
    volumes: [VOLUME],
    processes: [
      { match: 'says much', exitCode: 0xc0000005, stdout: LONG_OUTPUT, stderr: 'complained' },
      { match: 'echoes', echo: true },
      { match: 'runs on', forever: true },
      { match: 'ignores all', forever: true, ignores: ['CtrlShutdown'] },
      { match: 'is not there', missing: true },
      { match: 'quiet' },
    ],
    exec: [
      { match: 'says much', stdout: LONG_OUTPUT },
      { match: 'complains', exitCode: 3, stdout: 'said', stderr: 'complained' },
      { match: 'fails', exitCode: -1073741819 },
    ],
  };
}

/** A container on a volume that is there. */
export const containerDocument = (container: object = {}, top: object = {}): object => ({
  Owner: 'contract',
  SchemaVersion: { Major: 2, Minor: 1 },
  Container: {
    Storage: { Layers: PARENTS.map(({ id, path }) => ({ Id: id, Path: path })), Path: `${VOLUME}\\` },
    ...container,
  },
  ShouldTerminateOnLastHandleClosed: true,
  ...top,
});

export const vmDocument = (folder: string): object => ({
  Owner: 'contract',
  SchemaVersion: { Major: 2, Minor: 1 },
  VirtualMachine: {
    Chipset: { Uefi: { BootThis: { DeviceType: 'VmbFs', DevicePath: '\\EFI\\Microsoft\\Boot\\bootmgfw.efi' } } },
    ComputeTopology: { Memory: { SizeInMB: 1024 }, Processor: { Count: 2 } },
    Devices: {
      Scsi: {
        [SCSI_CONTROLLER_IDS[0]]: { Attachments: { 0: { Type: 'VirtualDisk', Path: vmFiles(folder).scratch } } },
      },
      VirtualSmb: { Shares: [{ Name: 'os', Path: vmFiles(folder).system, Options: { ReadOnly: true } }] },
    },
  },
  ShouldTerminateOnLastHandleClosed: true,
});

export const vmScratch = (folder: string): string => vmFiles(folder).scratch;
export const dataDisk = (folder: string): string => vmFiles(folder).disk;

export const containerIntent = (id = C1) => intend({ kind: 'computeSystem', id, schema: 'v2' });
export const namespaceIntent = (id = NS2) => intend({ kind: 'namespace', id, owner: 'contract', name: 'contract-ns' });
export const endpointIntent = (endpoint = EP1, namespace = NS1) =>
  intend({ kind: 'namespaceEndpoint', namespace, endpoint });
export const grantIntent = (path: string) => intend({ kind: 'vmAccess', vm: VM, path, part: 'rest' });
