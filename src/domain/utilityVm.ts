import type { Lifetime } from './lifetime.ts';

/** What both kinds of utility VM have. Where 0 or '' stands for nothing asked, HCS decides. */
interface CommonVmOptions {
  /** The id of its compute system. */
  readonly id: string;
  /** The Owner of its compute system. */
  readonly owner: string;
  /** `process`: the VM ends when the last handle to it closes. `host`: it outlives the process that made it. */
  readonly lifetime: Lifetime;

  /** Megabytes. HCS takes even numbers: an odd one is rounded up. */
  readonly memorySizeInMb: number;
  /** Whether its memory is virtual memory of the host; false: physical memory is set aside for it. */
  readonly memoryOvercommit: boolean;
  /** Whether virtual memory is committed only when the VM touches it. */
  readonly deferredCommit: boolean;
  /** Whether what its devices map is physical memory too. */
  readonly devicesPhysicallyBacked: boolean;
  /** Megabytes kept free below 4 GB for devices; 0: nothing asked. */
  readonly lowMmioGapInMb: number;
  /** Where the high gap for devices begins, in megabytes; 0: nothing asked. */
  readonly highMmioBaseInMb: number;
  /** Megabytes kept free above 4 GB for devices; 0: nothing asked. */
  readonly highMmioGapInMb: number;

  /** Virtual processors; more than the host has become as many as it has. */
  readonly processorCount: number;
  /** Hundred-thousandths of each processor; 0: nothing asked, which is all of it. */
  readonly processorLimit: number;
  /** Relative weight, up to 10000; 0: nothing asked, which is 100. */
  readonly processorWeight: number;
  /** The GUID of a CPU group of the host; '': none. */
  readonly cpuGroupId: string;

  /** Operations a second of all its disks; 0: no limit. */
  readonly storageIops: number;
  /** Bytes a second of all its disks; 0: no limit. */
  readonly storageBandwidth: number;
  /** Each has 64 places for disks. */
  readonly scsiControllerCount: number;
  /** Whether folders of the host may be shared with it for writing. */
  readonly writableFileShares: boolean;

  /** The address of a service that says which network adapters it gets; '': the host's endpoints do. */
  readonly networkConfigProxy: string;
  /** A folder in the guest for the dumps of processes that crash; '': none are kept. */
  readonly processDumpFolder: string;
  /** A folder of the host for the state of a Windows VM that crashes; '': none is saved. */
  readonly crashDumpFolder: string;
}

export interface WindowsVmOptions extends CommonVmOptions {
  readonly guest: 'windows';
  /** Read-only layers, top-most first, then the folder of the VM's own scratch. */
  readonly layerFolders: readonly string[];
  /** Whether a container sees only the network compartment that it is in. */
  readonly compartmentNamespace: boolean;
  /** Whether files of shares are mapped straight into its memory. */
  readonly directMap: boolean;
  /** Whether it has the host's time zone; false: UTC. */
  readonly hostTimeZone: boolean;
}

/** `initrd`: a file loaded into memory. `vhd`: a disk. `guestState`: inside the guest state file, with the kernel. */
export type LinuxRootType = 'initrd' | 'vhd' | 'guestState';

export interface LinuxVmOptions extends CommonVmOptions {
  readonly guest: 'linux';
  /** The folder of the host with kernel and root file system. */
  readonly bootFilesFolder: string;
  /** The file name of the kernel. */
  readonly kernelFile: string;
  /** Whether HCS loads the kernel itself; false: UEFI firmware does. */
  readonly kernelDirect: boolean;
  /** The file name of the root file system. */
  readonly rootFile: string;
  readonly rootType: LinuxRootType;
  /** More words for the kernel command line; '': none. */
  readonly kernelOptions: string;

  /** What the guest's init runs. */
  readonly execCommandLine: string;
  /** Whether what that program writes to its standard output is sent to the host. */
  readonly forwardStdout: boolean;
  /** The same for its standard error. */
  readonly forwardStderr: boolean;
  /** Whether the guest follows the host's clock. */
  readonly timeSync: boolean;
  /** Whether the guest keeps secrets out of its logs. */
  readonly scrubLogs: boolean;
  /** A named pipe for the serial console, with a shell on it: `\\.\pipe\vmpipe`; '': none. */
  readonly consolePipe: string;
  /** Whether it has a screen and a keyboard, with a shell on them. */
  readonly graphicsConsole: boolean;

  /** Places for read-only disks that are mapped as memory. */
  readonly vpmemDeviceCount: number;
  /** Bytes that one of them can hold, in whole pages of 4096. */
  readonly vpmemSizeBytes: number;
  /** Whether one of them holds several disks. */
  readonly vpmemMultiMapping: boolean;
  /** Whether the guest may hand pages back that it does not need. */
  readonly coldDiscardHint: boolean;
  /** Whether the kernel looks for PCI devices. */
  readonly pci: boolean;
  /** Whether scratch disks are encrypted in the guest. */
  readonly scratchEncryption: boolean;

  /** What the guest may do, in base64; '': anything. */
  readonly securityPolicy: string;
  /** Which enforcer the guest uses; '': it chooses. */
  readonly securityPolicyEnforcer: string;
  /** Whether its memory is encrypted by the processor (AMD SEV-SNP) and the policy is measured. */
  readonly confidential: boolean;
  /** The file name, in `bootFilesFolder`, of kernel and root file system of a confidential VM. */
  readonly guestStateFile: string;
  /** The file name of signed information about the boot files; '': none. */
  readonly referenceInfoFile: string;
  /** A folder of the host for files that belong to this VM alone. */
  readonly bundleFolder: string;
}

export type UtilityVmOptions = WindowsVmOptions | LinuxVmOptions;

/** What a caller asks for: everything but the guest, and for Windows its layers, has a default. */
export type WindowsVmRequest = Pick<WindowsVmOptions, 'guest' | 'layerFolders'> & Partial<WindowsVmOptions>;
export type LinuxVmRequest = Pick<LinuxVmOptions, 'guest'> & Partial<LinuxVmOptions>;
export type UtilityVmRequest = WindowsVmRequest | LinuxVmRequest;

/** What a VM says of itself to those that put containers into it. */
export interface VmTraits {
  readonly id: string;
  /** The Owner of its compute system, which its containers carry too. */
  readonly owner: string;
  readonly guest: 'windows' | 'linux';
  /** The processors that it has, which may be fewer than were asked for. */
  readonly processorCount: number;
  readonly physicallyBacked: boolean;
  readonly devicesPhysicallyBacked: boolean;
  readonly directMap: boolean;
  readonly writableFileShares: boolean;
  readonly scratchEncryption: boolean;
  /** The folder that each of its containers is told to keep dumps in; '': none is told. */
  readonly processDumpFolder: string;
}

/** The defaults that are the same on every host. */
const COMMON_VM_DEFAULTS = {
  lifetime: 'process',
  memorySizeInMb: 1024,
  memoryOvercommit: true,
  deferredCommit: false,
  devicesPhysicallyBacked: false,
  lowMmioGapInMb: 0,
  highMmioBaseInMb: 0,
  highMmioGapInMb: 0,
  processorCount: 2,
  processorLimit: 0,
  processorWeight: 0,
  cpuGroupId: '',
  storageIops: 0,
  storageBandwidth: 0,
  scsiControllerCount: 1,
  writableFileShares: true,
  networkConfigProxy: '',
  processDumpFolder: '',
  crashDumpFolder: '',
} as const satisfies Partial<CommonVmOptions>;

export const WINDOWS_VM_DEFAULTS = {
  ...COMMON_VM_DEFAULTS,
  guest: 'windows',
  compartmentNamespace: true,
  directMap: true,
  hostTimeZone: true,
} as const satisfies Partial<WindowsVmOptions>;

export const LINUX_VM_DEFAULTS = {
  ...COMMON_VM_DEFAULTS,
  guest: 'linux',
  kernelOptions: '',
  forwardStdout: false,
  forwardStderr: true,
  timeSync: true,
  consolePipe: '',
  graphicsConsole: false,
  vpmemDeviceCount: 64,
  vpmemSizeBytes: 4 * 1024 ** 3,
  coldDiscardHint: false,
  pci: false,
  scratchEncryption: false,
  securityPolicy: '',
  securityPolicyEnforcer: '',
  confidential: false,
  guestStateFile: '',
  referenceInfoFile: 'reference_info.cose',
  bundleFolder: '',
} as const satisfies Partial<LinuxVmOptions>;

/** File names of Linux boot files. */
export const BOOT_FILE = {
  kernel: 'kernel',
  /** A kernel that is not compressed, which HCS can load by itself. */
  uncompressedKernel: 'vmlinux',
  initrd: 'initrd.img',
  vhd: 'rootfs.vhd',
  /** Kernel and root file system of a confidential VM. */
  guestState: 'kernelinitrd.vmgs',
} as const;

/** The ids of the SCSI controllers of a VM, by number: fixed, so that whoever attaches a disk later knows them. */
export const SCSI_CONTROLLER_IDS = [
  'df6d0690-79e5-55b6-a5ec-c1e2f77f580a',
  '0110f83b-de10-5172-a266-78bca56bf50a',
  'b5d2d8d4-3a75-51bf-945b-3444dc6b8579',
  '305891a9-b251-5dfe-91a2-c25d9212275b',
] as const;

/** The vsock ports that a Linux guest and its host speak over. */
export const LINUX_VM_PORT = {
  /** The guest's init reads random bytes of the host. */
  entropy: 1,
  /** The guest sends what its program writes. */
  log: 109,
  /** The guest's agent. */
  agent: 0x4000_0000,
  /** What the agent's processes write. */
  agentIo: 0x4000_0001,
} as const;
