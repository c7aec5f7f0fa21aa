/** Hosts with a VM that runs, and requests to it that are good as they are. */
import { containerId } from '../../src/domain/ids.ts';
import type { ModifySettingRequest } from '../../src/domain/modifyRequest.ts';
import { HostError } from '../../src/hcs/hostError.ts';
import type { SystemHandle } from '../../src/hcs/port.ts';
import { type SimulatedHost, type SimulatedHostOptions, simulatedHost } from '../../src/testing/index.ts';
import { combineLayers } from '../../src/vm/combinedLayers.ts';
import { vsmbPath } from '../../src/vm/guestPaths.ts';
import { addScsi, type ScsiDisk } from '../../src/vm/scsi.ts';
import { putVsmb } from '../../src/vm/vsmb.ts';
import { intend } from './intents.ts';
import { attach, grant, linuxVmDocument, startVm, VM, VM_HOST_FILES, windowsVmDocument } from './vmReplay.ts';

export const EP = '11111111-1111-4111-8111-111111111111';
export const NS = '33333333-3333-4333-8333-333333333333';
export const NIC = 'aaaaaaaa-1111-4111-8111-111111111111';
export const ENDPOINT = { ID: EP, MacAddress: '00-15-5D-00-00-01', IPAddress: '172.20.0.11' };

export const HOST: SimulatedHostOptions = {
  files: [
    ...VM_HOST_FILES,
    { path: 'C:\\layer', dir: true },
    { path: 'C:\\cfg\\a.json' },
    { path: 'C:\\cfg\\b.json' },
    { path: 'C:\\disks\\scratch.vhdx', size: 4096 },
    { path: 'C:\\disks\\other.vhdx', size: 4096 },
    { path: 'C:\\linux\\layer.vhd', size: 8192 },
  ],
  endpoints: { [EP]: ENDPOINT },
  namespaces: [{ id: NS, endpoints: [EP] }],
};

export async function windowsHost(options: SimulatedHostOptions = HOST): Promise<SimulatedHost> {
  const host = simulatedHost(options);
  await startVm(host, windowsVmDocument());
  return host;
}

export async function linuxHost(options: SimulatedHostOptions = HOST): Promise<SimulatedHost> {
  const host = simulatedHost(options);
  await startVm(host, linuxVmDocument());
  return host;
}

export const disk = (lun: number, guestPath?: string, hostPath = 'C:\\disks\\scratch.vhdx'): ScsiDisk => ({
  hostPath,
  type: 'VirtualDisk',
  readOnly: false,
  controller: 0,
  lun,
  holders: [],
  ...(guestPath === undefined ? {} : { guestPath }),
});

export const folderShare = (name: string, hostPath = 'C:\\layer') =>
  ({ kind: 'folder', name, hostPath, readOnly: true, options: { ReadOnly: true }, holders: [] }) as const;

export const filesShare = (name: string, ...files: readonly string[]) =>
  ({
    kind: 'files',
    name,
    hostPath: 'C:\\cfg',
    readOnly: true,
    options: { ReadOnly: true, RestrictFileAccess: true },
    files: files.map((hostPath) => ({ hostPath, holder: hostPath })),
  }) as const;

const ROOT = 'C:\\c\\1';
const LAYERS = [{ Id: '91ad9bcb-d637-579d-818a-e391a5631aa1', Path: vsmbPath('s1') }];
export const COMBINED = { rootPath: ROOT, layers: LAYERS };

/** In this order each of them is accepted. */
export const LAYER_REQUESTS: readonly ModifySettingRequest[] = [
  putVsmb('Add', folderShare('s1')),
  addScsi('windows', disk(1, ROOT)),
  combineLayers('windows', COMBINED),
];

export async function attachLayers(host: SimulatedHost): Promise<void> {
  await grant(host, 'C:\\disks\\scratch.vhdx');
  for (const request of LAYER_REQUESTS) await attach(host, request);
}

export const containerDocument = (container: object = {}) => ({
  SchemaVersion: { Major: 2, Minor: 1 },
  HostingSystemId: VM,
  HostedSystem: {
    SchemaVersion: { Major: 2, Minor: 1 },
    Container: { Storage: { Path: ROOT, Layers: LAYERS }, ...container },
  },
  ShouldTerminateOnLastHandleClosed: true,
});

export const createContainer = (host: SimulatedHost, document: object = containerDocument()): Promise<SystemHandle> =>
  host.guest.createContainer(intend({ kind: 'computeSystem', id: containerId('c1'), schema: 'v2', vm: VM }), document);

/** The name of the code that a call is refused with. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'accepted';
  } catch (error) {
    if (error instanceof HostError) return error.failure.name;
    throw error;
  }
}

export const detach = (host: SimulatedHost, request: ModifySettingRequest): Promise<void> =>
  host.guest.detach(VM, request);
