/** A utility VM as the simulated host keeps it: plain JSON. */
import type { Guest } from '../../../vm/guestPaths.ts';

/** What can be attached to a VM, in the words of a snapshot. */
export type PartKind =
  | 'scsi'
  | 'vsmbShare'
  | 'vsmbAllowedFile'
  | 'plan9Share'
  | 'vpmem'
  | 'vpci'
  | 'networkAdapter'
  | 'guest.nicPreAdd'
  | 'guestNamespace'
  | 'hvSocketService'
  | 'mappedPipe'
  | 'combinedLayers';

export interface VmPart {
  readonly kind: PartKind;
  /** As it was spelled: `CONTROLLER/LUN`, `s1`, `0/Mappings/0`, ... */
  readonly name: string;
  /** The document of the VM attached it: it stays as long as the VM. */
  readonly isBuiltIn?: boolean;
  /** The file or folder of the host; for a device, what the host calls it. */
  readonly hostPath?: string;
  readonly isReadOnly?: boolean;
  /** Where the guest finds it. */
  readonly guestPath?: string;
  /** A share of single files: which. */
  readonly allowedFiles?: readonly string[];
  /** VPMem: where on its device it lies, in bytes. */
  readonly range?: { readonly device: number; readonly from: number; readonly to: number };
  /** A NIC, and what the guest was told of one. */
  readonly endpoint?: string;
  /** What it would be nothing without (`partKey`): that stays attached as long as this is. */
  readonly standsOn: readonly string[];
}

export interface SimulatedVm {
  readonly guest: Guest;
  readonly processorCount: number;
  readonly scsiControllers: readonly string[];
  readonly vpmem: { readonly devices: number; readonly deviceSizeInBytes: number };
  readonly parts: VmPart[];
  /** Folders that processes made in the guest. */
  readonly guestFolders: string[];
}

/** How a part is referred to. */
export function partKey(kind: PartKind, name: string): string {
  return `${kind} ${name.toLowerCase()}`;
}

export function findPart(vm: SimulatedVm, kind: PartKind, name: string): VmPart | undefined {
  const key = partKey(kind, name);
  return vm.parts.find((part) => partKey(part.kind, part.name) === key);
}

/** A path of the guest as its system compares it. */
export function guestKey(guest: Guest, path: string): string {
  return guest === 'windows' ? path.replace(/\\+$/, '').toLowerCase() : path.replace(/(.)\/+$/, '$1');
}

function liesAt(vm: SimulatedVm, path: string, place: string): boolean {
  const [inner, outer] = [guestKey(vm.guest, path), guestKey(vm.guest, place)];
  return inner === outer || inner.startsWith(`${outer}${vm.guest === 'windows' ? '\\' : '/'}`);
}

/** The part of one of `kinds` that `path` of the guest lies on: the innermost one. */
export function partAt(vm: SimulatedVm, path: string, kinds: readonly PartKind[]): VmPart | undefined {
  let found: VmPart | undefined;
  for (const part of vm.parts) {
    const { guestPath } = part;
    if (guestPath === undefined || !kinds.includes(part.kind) || !liesAt(vm, path, guestPath)) continue;
    if (guestPath.length > (found?.guestPath?.length ?? -1)) found = part;
  }
  return found;
}

/** Whether a process made the folder, or one in it. */
export function isGuestFolder(vm: SimulatedVm, path: string): boolean {
  return vm.guestFolders.some((made) => liesAt(vm, made, path));
}
