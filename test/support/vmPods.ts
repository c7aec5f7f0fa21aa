/** Containers that live together in one utility VM and share what they can, on a host that has what they need. */
import { type CreateRequest, type CreateVmRequest, memoryVmStore } from '../../src/index.ts';
import type { SimulatedHostOptions } from '../../src/testing/index.ts';
import { setUpVms, VM_REQUESTS } from './vmRuns.ts';

export type PodGuest = 'windows' | 'linux';

export const POD_GUESTS: readonly PodGuest[] = ['windows', 'linux'];

export const POD_IDS = ['one', 'two', 'three'] as const;
export type PodId = (typeof POD_IDS)[number];

/** What a container may mount. A folder is shared by the containers of a Windows VM, a disk by those of either. */
const MOUNTS = {
  disk: { source: 'C:\\disks\\data.vhdx', type: 'virtual-disk' },
  folder: { source: 'C:\\data' },
  fileA: { source: 'C:\\cfg\\a.json' },
  fileB: { source: 'C:\\cfg\\b.json' },
  fileC: { source: 'C:\\cfg\\c.json' },
} as const;
export type MountName = keyof typeof MOUNTS;
export const MOUNT_NAMES = Object.keys(MOUNTS) as readonly MountName[];

const endpointOf = (id: PodId): string => `0000000${POD_IDS.indexOf(id) + 1}-1111-4111-8111-111111111111`;
const scratchOf = (id: PodId): string => `C:\\scratch\\${id}`;

const LAYERS = ['C:\\layers\\app', 'C:\\layers\\base'];

interface HostWanted extends Required<Pick<SimulatedHostOptions, 'latencies'>> {
  /** Whether the containers find their scratch, as those of Linux must. Default: true. */
  readonly scratchIsThere: boolean;
}

export const podHost = ({ scratchIsThere }: Pick<HostWanted, 'scratchIsThere'>): SimulatedHostOptions => {
  const scratches = scratchIsThere ? POD_IDS.map((id) => ({ path: `${scratchOf(id)}\\sandbox.vhdx`, size: 4096 })) : [];
  return {
    files: [
      { path: 'C:\\base\\UtilityVM\\Files', dir: true },
      { path: 'C:\\base\\UtilityVM\\SystemTemplate.vhdx' },
      { path: 'C:\\dumps', dir: true },
      { path: 'C:\\vm\\sandbox.vhdx' },
      ...['kernel', 'initrd.img'].map((name) => ({ path: `C:\\Program Files\\Linux Containers\\${name}` })),
      ...LAYERS.map((path) => ({ path: `${path}\\layer.vhd`, size: 8192 })),
      { path: MOUNTS.folder.source, dir: true },
      { path: MOUNTS.fileA.source },
      { path: MOUNTS.fileB.source },
      { path: MOUNTS.fileC.source },
      { path: MOUNTS.disk.source, size: 4096 },
      ...scratches,
    ],
    endpoints: Object.fromEntries(
      POD_IDS.map(endpointOf).map((ID) => [ID, { ID, MacAddress: '00-15-5D-00-00-01', IPAddress: '172.20.0.11' }]),
    ),
  };
};

function specOf(guest: PodGuest, id: PodId, mounts: readonly MountName[]) {
  const isLinux = guest === 'linux';
  return {
    ociVersion: '1.1.0',
    root: { path: '' },
    mounts: mounts.map((name) => ({
      ...(isLinux ? { type: 'bind' } : {}),
      ...MOUNTS[name],
      destination: isLinux ? `/mnt/${name}` : `C:\\mnt\\${name}`,
      options: ['ro'],
    })),
    ...(isLinux ? { linux: {} } : {}),
    windows: {
      layerFolders: [...LAYERS, scratchOf(id)],
      network: { endpointList: [endpointOf(id)] },
      ...(isLinux ? {} : { credentialSpec: '{"secret":"of the account"}' }),
    },
  };
}

export const podRequest = (guest: PodGuest, id: PodId, mounts: readonly MountName[] = MOUNT_NAMES): CreateRequest => ({
  id,
  vm: 'vm-1',
  spec: specOf(guest, id, mounts),
});

const VM_LAYERS = ['C:\\base', 'C:\\vm'];

export const podVmRequest = (guest: PodGuest): CreateVmRequest =>
  guest === 'windows' ? { ...VM_REQUESTS.windows, layerFolders: VM_LAYERS } : VM_REQUESTS.linux;

/** A VM that runs and has nothing in it. */
export async function setUpPod(guest: PodGuest, options: Partial<HostWanted> = {}) {
  const { latencies = 0, scratchIsThere = true } = options;
  const vms = memoryVmStore();
  const { clock, host, provisioner } = await setUpVms({ ...podHost({ scratchIsThere }), latencies }, { vms });
  const { vm } = await provisioner.createVm(podVmRequest(guest)).result;
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
  return { clock, host, provisioner, vm, vms, pause };
}

export type Pod = Awaited<ReturnType<typeof setUpPod>>;

/** Calls of the create of the container in a VM that runs. */
export async function callsOfPodCreate(guest: PodGuest, scratchIsThere = true): Promise<number> {
  const { host, provisioner } = await setUpPod(guest, { scratchIsThere });
  const before = host.calls.length;
  await provisioner.create(podRequest(guest, 'one')).result;
  return host.calls.length - before;
}

export const vmRecordOf = async ({ vms, vm }: Pick<Pod, 'vms' | 'vm'>) => {
  const record = await vms.read(vm.id);
  if (record === undefined) throw new Error(`VM ${vm.id} is not known`);
  return record;
};
