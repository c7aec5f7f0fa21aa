/** Creates of utility VMs that tests share, on a host that has what they need. */
import type { CreateVmRequest } from '../../src/index.ts';
import type { SimulatedHostOptions } from '../../src/testing/index.ts';
import { setUp } from './requests.ts';
import { CONFIDENTIAL } from './utilityVms.ts';

const BOOT_FILES = 'C:\\Program Files\\Linux Containers';

export const vmHost = (): SimulatedHostOptions => ({
  files: [
    { path: 'C:\\base\\UtilityVM\\Files', dir: true },
    { path: 'C:\\base\\UtilityVM\\SystemTemplate.vhdx' },
    { path: 'C:\\dumps', dir: true },
    { path: 'C:\\bundle', dir: true },
    ...['kernel', 'initrd.img', 'kernelinitrd.vmgs', 'reference_info.cose'].map((name) => ({
      path: `${BOOT_FILES}\\${name}`,
    })),
  ],
});

/** A request for each kind of VM; between them, every step and every kind of resource of a VM is there. */
export const VM_REQUESTS = {
  windows: {
    guest: 'windows',
    id: 'vm-1',
    layerFolders: ['C:\\base', 'C:\\scratch\\deep\\vm-1'],
    crashDumpFolder: 'C:\\dumps',
  },
  linux: { guest: 'linux', id: 'vm-1' },
  confidential: {
    guest: 'linux',
    id: 'vm-1',
    ...CONFIDENTIAL,
    memoryOvercommit: false,
  },
} as const satisfies Readonly<Record<string, CreateVmRequest>>;

export type VmKind = keyof typeof VM_REQUESTS;

export const VM_KINDS: readonly VmKind[] = ['windows', 'linux', 'confidential'];

/** What stays of a VM that has been there: what its caller keeps. */
export const LEFT_OF: Readonly<Record<VmKind, readonly string[]>> = {
  windows: [
    'disk.file C:\\scratch\\deep\\vm-1\\sandbox.vhdx',
    'disk.folder C:\\scratch',
    'disk.folder C:\\scratch\\deep',
    'disk.folder C:\\scratch\\deep\\vm-1',
    'grant.vmGroupAccess C:\\dumps',
  ],
  linux: [],
  confidential: [],
};

export const setUpVms = (host: SimulatedHostOptions = {}, more: Parameters<typeof setUp>[1] = {}) =>
  setUp({ ...vmHost(), ...host }, more);

/** The calls that the create of such a VM makes. */
export async function callsOfVmCreate(kind: VmKind): Promise<number> {
  const { host, provisioner } = await setUpVms();
  await provisioner.createVm(VM_REQUESTS[kind]).result;
  return host.calls.length;
}
