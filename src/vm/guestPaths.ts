/** Where things lie inside a utility VM. */

/** What runs in the VM. */
export type Guest = 'windows' | 'linux';

const VSMB_SERVER = '\\\\?\\VMSMB\\VSMB-{dcc079ae-60ba-4d07-847c-3493609c0870}\\';
const PIPES_OF_HOST = '\\\\.\\pipe\\';

/** The root of the n-th container of a Windows VM, counted from 1. */
export function windowsContainerRoot(number: number): string {
  return `C:\\c\\${number}`;
}

/** The folder of a container of a Linux VM: its scratch is mounted here. */
export function linuxContainerRoot(containerId: string): string {
  return `/run/gcs/c/${containerId}`;
}

/** Where the layers of a Linux container are combined. */
export function linuxRootfs(containerRoot: string): string {
  return `${containerRoot}/rootfs`;
}

/** The folder of a Linux container on a scratch disk that is mounted for another one. */
export function linuxScratchOnSharedDisk(diskGuestPath: string, containerId: string): string {
  return `${diskGuestPath}/container_${containerId}`;
}

/** Where a Linux container sees mount `index` of its spec. */
export function linuxContainerMount(containerRoot: string, index: number): string {
  return `${containerRoot}/mounts/m${index}`;
}

/** The n-th place for a disk that belongs to no container alone, counted from 1. */
export function globalMount(guest: Guest, number: number): string {
  return guest === 'windows' ? `C:\\mounts\\m${number}` : `/run/mounts/m${number}`;
}

/** A VSMB share, or a file in it, as a Windows guest opens it. */
export function vsmbPath(shareName: string, fileName?: string): string {
  return `${VSMB_SERVER}${shareName}${fileName === undefined ? '' : `\\${fileName}`}`;
}

/** A named pipe of the host (`\\.\pipe\NAME`) as a Windows guest opens it. */
export function pipePath(hostPath: string): string {
  const name = hostPath.startsWith(PIPES_OF_HOST) ? hostPath.slice(PIPES_OF_HOST.length) : hostPath;
  return `${VSMB_SERVER}IPC$\\${name}`;
}

/** A layer that has a VPMem device of its own. */
export function vpmemDevicePath(device: number): string {
  return `/run/layers/p${device}`;
}

/** A layer that shares a VPMem device; offset and size in bytes. */
export function vpmemMappingPath(device: number, offset: number, size: number): string {
  return `/run/layers/p${device}-${offset}-${size}`;
}

/** The instance id under which a Windows guest lists the bus of an assigned device. */
export function vmBusInstanceId(vmBusGuid: string): string {
  return `VMBUS\\{44c4f61d-4444-4400-9d52-802e27ede19f}\\{${vmBusGuid}}`;
}
