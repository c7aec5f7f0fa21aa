/** Requests that can be carried out as they are, of every kind there is, each with the host that it needs. */
import type { CreateRequest } from '../domain/request.ts';
import type { CreateVmRequest } from '../domain/vmRequest.ts';
import type { SimulatedHostOptions } from '../hcs/simulated/simulatedHost.ts';

interface AnyScenario {
  /** What it is, in a few words. */
  readonly name: string;
  /** The host that it needs: `simulatedHost({ ...scenario.host, clock })`. */
  readonly host: SimulatedHostOptions;
}

/** A container; `vm`: what has to run before, where it is made in a VM. */
export interface ContainerScenario extends AnyScenario {
  readonly kind: 'container';
  readonly request: CreateRequest;
  readonly vm?: CreateVmRequest;
  /** Where device-util.exe lies, for devices in a Windows guest. */
  readonly deviceUtil?: string;
}

export interface VmScenario extends AnyScenario {
  readonly kind: 'vm';
  readonly request: CreateVmRequest;
}

export type Scenario = ContainerScenario | VmScenario;

const ENDPOINT = '5b1f8a52-0c5e-4f0d-9d5d-3f1a7c2e6b01';
const LAYERS = ['C:\\layers\\shop', 'C:\\layers\\base'];
const BOOT = 'C:\\Program Files\\Linux Containers';
const DISK_BYTES = 8192;
const DEVICE_UTIL = 'C:\\tools\\device-util.exe';

const SCRATCH = { path: 'C:\\scratch\\shop\\sandbox.vhdx', size: DISK_BYTES } as const;

const HOST: SimulatedHostOptions = {
  files: [
    ...LAYERS.map((path) => ({ path, dir: true })),
    ...LAYERS.map((path) => ({ path: `${path}\\layer.vhd`, size: DISK_BYTES })),
    { path: 'C:\\layers\\base\\UtilityVM\\Files', dir: true },
    { path: 'C:\\layers\\base\\UtilityVM\\SystemTemplate.vhdx' },
    { path: 'C:\\data\\shop', dir: true },
    { path: 'C:\\drivers\\camera', dir: true },
    { path: DEVICE_UTIL },
    ...['kernel', 'initrd.img', 'kernelinitrd.vmgs', 'reference_info.cose'].map((name) => ({
      path: `${BOOT}\\${name}`,
    })),
    { path: 'C:\\bundles\\shop', dir: true },
  ],
  endpoints: { [ENDPOINT]: { ID: ENDPOINT, MacAddress: '00-15-5D-52-C2-01', IPAddress: '172.20.4.11' } },
};

const HOST_WITH_SCRATCH: SimulatedHostOptions = { ...HOST, files: [...(HOST.files ?? []), SCRATCH] };

const CREDENTIALS = JSON.stringify({ CmsPlugins: ['ActiveDirectory'], DomainJoinConfig: { DnsName: 'shop.example' } });

const windowsSpec = (more: object = {}) => ({
  ociVersion: '1.1.0',
  hostname: 'shop',
  root: { path: '' },
  mounts: [{ source: 'C:\\data\\shop', destination: 'C:\\shop\\data', options: ['ro'] }],
  windows: {
    layerFolders: [...LAYERS, 'C:\\scratch\\shop'],
    network: { endpointList: [ENDPOINT] },
    credentialSpec: CREDENTIALS,
    ...more,
  },
});

const linuxSpec = () => ({
  ociVersion: '1.1.0',
  root: { path: '' },
  mounts: [{ type: 'bind', source: 'C:\\data\\shop', destination: '/data', options: ['ro'] }],
  linux: {},
  windows: { layerFolders: [...LAYERS, 'C:\\scratch\\shop'], network: { endpointList: [ENDPOINT] } },
});

const WINDOWS_VM = {
  guest: 'windows',
  id: 'shop-vm',
  layerFolders: ['C:\\layers\\base', 'C:\\scratch\\shop-vm'],
} as const satisfies CreateVmRequest;

const LINUX_VM = { guest: 'linux', id: 'shop-vm' } as const satisfies CreateVmRequest;

/** Every step of a container without a VM has work to do. */
const processIsolated: ContainerScenario = {
  kind: 'container',
  name: 'a container with process isolation',
  host: HOST,
  request: { id: 'shop', spec: windowsSpec() },
};

const plain: ContainerScenario = {
  kind: 'container',
  name: 'the least that makes a container',
  host: HOST,
  request: {
    id: 'shop',
    spec: { root: { path: '' }, windows: { layerFolders: ['C:\\layers\\base', 'C:\\scratch\\shop'] } },
  },
};

const hypervWithOwnVm: ContainerScenario = {
  kind: 'container',
  name: 'a container with Hyper-V isolation in a VM of its own (schema 1.0)',
  host: HOST,
  request: {
    id: 'shop',
    schemaVersion: { major: 1, minor: 0 },
    spec: {
      root: { path: '' },
      windows: {
        layerFolders: [...LAYERS, 'C:\\scratch\\shop'],
        hyperv: { utilityVMPath: 'C:\\layers\\base\\UtilityVM' },
      },
    },
  },
};

const DEVICES = { devices: [{ id: 'PCIP\\VEN_10DE&DEV_1EB8', idType: 'vpci-instance-id' }] };

const windowsInVm: ContainerScenario = {
  kind: 'container',
  name: 'a Windows container in a utility VM',
  host: HOST,
  vm: WINDOWS_VM,
  request: { id: 'shop', vm: 'shop-vm', spec: windowsSpec({ hyperv: {} }) },
};

const linuxInVm: ContainerScenario = {
  kind: 'container',
  name: 'a Linux container in a utility VM',
  host: HOST_WITH_SCRATCH,
  vm: LINUX_VM,
  request: { id: 'shop', vm: 'shop-vm', spec: linuxSpec() },
};

/** Devices, and drivers for them: every step that only a VM has is there. */
const windowsInVmWithDevices: ContainerScenario = {
  ...windowsInVm,
  name: 'a Windows container in a utility VM, with a device and its driver',
  host: { ...HOST, exec: [{ match: 'device-util', stdout: 'PCIROOT(0)#PCI(1400)' }] },
  deviceUtil: DEVICE_UTIL,
  request: {
    id: 'shop',
    vm: 'shop-vm',
    spec: {
      ...windowsSpec({ hyperv: {}, ...DEVICES }),
      annotations: { 'io.microsoft.virtualmachine.kerneldrivers': 'C:\\drivers\\camera' },
    },
  },
};

const windowsVm: VmScenario = {
  kind: 'vm',
  name: 'a utility VM with a Windows guest',
  host: HOST,
  request: WINDOWS_VM,
};

const linuxVm: VmScenario = { kind: 'vm', name: 'a utility VM with a Linux guest', host: HOST, request: LINUX_VM };

const confidentialVm: VmScenario = {
  kind: 'vm',
  name: 'a confidential utility VM',
  host: HOST,
  request: {
    ...LINUX_VM,
    confidential: true,
    securityPolicy: 'e30=',
    rootType: 'guestState',
    guestStateFile: 'kernelinitrd.vmgs',
    vpmemDeviceCount: 0,
    memoryOvercommit: false,
    bundleFolder: 'C:\\bundles\\shop',
  },
};

export const scenarios = {
  processIsolated,
  plain,
  hypervWithOwnVm,
  windowsInVm,
  windowsInVmWithDevices,
  linuxInVm,
  windowsVm,
  linuxVm,
  confidentialVm,
} as const;
