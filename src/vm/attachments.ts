/**
 * What one utility VM has attached: plain JSON, never written to. An attach or detach gives the object as it will be
 * once the host has done what `modify` says; when the host refuses, the old object stays true.
 */
import type { AccessPart } from './access.ts';
import type { CombinedLayersPart } from './combinedLayers.ts';
import { globalMount, windowsContainerRoot } from './guestPaths.ts';
import { THE_VM_ITSELF } from './holders.ts';
import type { HvSocketPart } from './hvSocket.ts';
import type { NetworkPart } from './network.ts';
import type { PipesPart } from './pipes.ts';
import type { Plan9Part } from './plan9.ts';
import type { ScsiPart } from './scsi.ts';
import type { VpciPart } from './vpci.ts';
import type { VpmemLayer, VpmemPart } from './vpmem.ts';
import type { VsmbPart } from './vsmb.ts';

/** Numbers that places in the guest are named after. They only grow: a number is never given twice. */
interface CountersPart {
  readonly numbersGiven: {
    readonly containers: number;
    readonly mounts: number;
  };
}

export interface VmAttachments
  extends ScsiPart,
    VsmbPart,
    Plan9Part,
    VpmemPart,
    VpciPart,
    NetworkPart,
    PipesPart,
    HvSocketPart,
    CombinedLayersPart,
    AccessPart,
    CountersPart {}

export interface WindowsVm {
  /** The VM's own scratch disk, at controller 0, LUN 0. */
  readonly scratch: string;
  /** Default: 1. */
  readonly scsiControllers?: number;
  /** Set when nothing may be mapped directly: asked for, or because all devices are backed by physical memory. */
  readonly noDirectMap?: boolean;
  readonly noWritableShares?: boolean;
}

export interface LinuxVm {
  /** Default: 1; without VPMem 4. */
  readonly scsiControllers?: number;
  /** Default: 64. */
  readonly vpmemDevices?: number;
  /** Default: 4 GiB. */
  readonly vpmemDeviceSizeInBytes?: number;
  /** Whether layers share VPMem devices. Default: true. */
  readonly isVpmemMultiMapped?: boolean;
  /** Whether layers may lie on VPMem; not when all devices are backed by physical memory. Default: true. */
  readonly hasLayersOnVpmem?: boolean;
  readonly noWritableShares?: boolean;
  /** The disk that the VM boots from, where it is no initrd: on VPMem device 0, or without VPMem at SCSI 0:0. */
  readonly rootDisk?: string;
}

const DEFAULT_VPMEM = { devices: 64, deviceSizeInBytes: 2 ** 32 };

const NOTHING = {
  vpci: { devices: [] },
  network: { namespaces: [] },
  pipes: [],
  hvSocket: { services: [] },
  combinedLayers: [],
  access: [],
  numbersGiven: { containers: 0, mounts: 0 },
} as const;

function bornWith(hostPath: string, readOnly: boolean, guestPath?: string): ScsiPart['scsi']['disks'] {
  const mounted = guestPath === undefined ? {} : { guestPath };
  return [{ hostPath, type: 'VirtualDisk', readOnly, ...mounted, controller: 0, lun: 0, holders: [THE_VM_ITSELF] }];
}

/** A Windows VM as it is when it has just started. */
export function windowsVm(vm: WindowsVm): VmAttachments {
  const { scratch, scsiControllers = 1, noDirectMap = false, noWritableShares = false } = vm;
  return {
    ...NOTHING,
    guest: 'windows',
    scsi: { controllers: scsiControllers, disks: bornWith(scratch, false) },
    vsmb: { noDirectMap, noWritableShares, namesGiven: 0, shares: [] },
    plan9: { noWritableShares, namesGiven: 0, shares: [] },
    vpmem: { devices: 0, deviceSizeInBytes: 0, isMultiMapped: false, takesLayers: false, layers: [] },
  };
}

/** A Linux VM as it is when it has just started. */
export function linuxVm(vm: LinuxVm = {}): VmAttachments {
  const { vpmemDevices = DEFAULT_VPMEM.devices, rootDisk, noWritableShares = false } = vm;
  const hasVpmem = vpmemDevices > 0;
  const root: readonly VpmemLayer[] =
    hasVpmem && rootDisk !== undefined
      ? [{ hostPath: rootDisk, device: 0, guestPath: '/', holders: [THE_VM_ITSELF] }]
      : [];
  return {
    ...NOTHING,
    guest: 'linux',
    scsi: {
      controllers: vm.scsiControllers ?? (hasVpmem ? 1 : 4),
      disks: !hasVpmem && rootDisk !== undefined ? bornWith(rootDisk, true, '/') : [],
    },
    vsmb: { noDirectMap: false, noWritableShares, namesGiven: 0, shares: [] },
    plan9: { noWritableShares, namesGiven: 0, shares: [] },
    vpmem: {
      devices: vpmemDevices,
      deviceSizeInBytes: vm.vpmemDeviceSizeInBytes ?? DEFAULT_VPMEM.deviceSizeInBytes,
      isMultiMapped: vm.isVpmemMultiMapped ?? true,
      takesLayers: vm.hasLayersOnVpmem ?? true,
      layers: root,
    },
  };
}

export interface Place {
  readonly attachments: VmAttachments;
  readonly guestPath: string;
}

/**
 * The next place in the guest for a disk that belongs to no container alone. hcsshim takes one for each mount of a
 * Windows container, of whatever kind, and for a disk that turns out to be mounted already.
 */
export function nextMount(attachments: VmAttachments): Place {
  const mounts = attachments.numbersGiven.mounts + 1;
  return {
    attachments: { ...attachments, numbersGiven: { ...attachments.numbersGiven, mounts } },
    guestPath: globalMount(attachments.guest, mounts),
  };
}

/** The root of the next container of a Windows VM. */
export function nextContainerRoot(attachments: VmAttachments): Place {
  const containers = attachments.numbersGiven.containers + 1;
  return {
    attachments: { ...attachments, numbersGiven: { ...attachments.numbersGiven, containers } },
    guestPath: windowsContainerRoot(containers),
  };
}
