/** Disks on the SCSI controllers of a VM. */
import type { GuestRequest, ModifySettingRequest, ModifyVerb } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import { SCSI_CONTROLLER_IDS } from '../domain/utilityVm.ts';
import type { Guest } from './guestPaths.ts';
import type { Held } from './holders.ts';
import {
  type Attached,
  attachedBefore,
  attachedNow,
  type Conflict,
  conflictBetween,
  type Detached,
  type Full,
  joined,
  left,
} from './outcome.ts';
import type { VerityInfo } from './verity.ts';

const LUNS_OF_A_CONTROLLER = 64;

export interface ScsiRequest {
  /** The disk's file, the physical disk, or what follows the type in an `evd://TYPE/...`. One disk has one spelling. */
  readonly hostPath: string;
  readonly type: 'VirtualDisk' | 'PassThru' | 'ExtensibleVirtualDisk';
  readonly extensibleType?: string;
  readonly readOnly: boolean;
  /** The guest formats it with encryption: for an empty scratch only. */
  readonly encrypted?: boolean;
  /** Where the guest mounts it; absent: attached and not mounted. */
  readonly guestPath?: string;
  /** Mount options, for a Linux guest. */
  readonly options?: readonly string[];
  readonly verity?: VerityInfo;
}

/** A disk in its slot. It is mounted where its first request wanted it. */
export interface ScsiDisk extends ScsiRequest, Held {
  readonly controller: number;
  readonly lun: number;
}

export type ScsiSlot = Pick<ScsiDisk, 'controller' | 'lun'>;

export interface ScsiPart {
  readonly guest: Guest;
  readonly scsi: {
    /** How many controllers there are: 0 to 4. */
    readonly controllers: number;
    readonly disks: readonly ScsiDisk[];
  };
}

const EXTENSIBLE = 'evd://';

/** `evd://TYPE/PATH`, taken apart, with or without the `evd://`; undefined when it has no type or no path. */
export function parseExtensibleDisk(uri: string): { readonly type: string; readonly path: string } | undefined {
  const [, type, path] = /^([^/]+)\/(.*)$/s.exec(uri.startsWith(EXTENSIBLE) ? uri.slice(EXTENSIBLE.length) : uri) ?? [];
  return type === undefined || path === undefined ? undefined : { type, path };
}

function freeSlot({ controllers, disks }: ScsiPart['scsi']): ScsiSlot | undefined {
  const taken = new Set(disks.map(({ controller, lun }) => controller * LUNS_OF_A_CONTROLLER + lun));
  for (let slot = 0; slot < controllers * LUNS_OF_A_CONTROLLER; slot += 1) {
    if (taken.has(slot)) continue;
    return { controller: Math.floor(slot / LUNS_OF_A_CONTROLLER), lun: slot % LUNS_OF_A_CONTROLLER };
  }
  return undefined;
}

/**
 * A disk stays as its first request wanted it, read-only or not: one that is asked for in another way later is shared all
 * the same. A request without a place in the guest is served by a disk wherever that is mounted. */
function conflictWith(disk: ScsiDisk, request: ScsiRequest): Conflict | undefined {
  const asked = { ...request, encrypted: request.encrypted === true };
  const there = { ...disk, encrypted: disk.encrypted === true };
  const conflict = conflictBetween(there, asked, ['type', 'extensibleType', 'encrypted']);
  if (conflict !== undefined) return conflict;
  const isUnmounted = disk.guestPath === undefined && request.guestPath !== undefined;
  return isUnmounted ? { kind: 'conflict', on: 'guestPath', holders: disk.holders } : undefined;
}

/** Puts a disk into the lowest free slot. A disk that is attached already is shared, at the place where it is mounted. */
export function attachScsi<S extends ScsiPart>(
  attachments: S,
  request: ScsiRequest,
  holder: string,
): Attached<S, ScsiDisk> | Full | Conflict {
  const { scsi, guest } = attachments;
  const existing = scsi.disks.find(({ hostPath }) => hostPath === request.hostPath);
  if (existing !== undefined) {
    const disks = joined(scsi.disks, existing, holder);
    return conflictWith(existing, request) ?? attachedBefore({ ...attachments, scsi: { ...scsi, disks } }, existing);
  }
  const slot = freeSlot(scsi);
  if (slot === undefined) return { kind: 'full', full: 'scsiSlots', size: scsi.controllers * LUNS_OF_A_CONTROLLER };
  const disk: ScsiDisk = { ...request, ...slot, holders: [holder] };
  const state = { ...attachments, scsi: { ...scsi, disks: [...scsi.disks, disk] } };
  return attachedNow(state, disk, [addScsi(guest, disk)]);
}

/** `holder` needs the disk no more; it is taken out when nobody does. */
export function detachScsi<S extends ScsiPart>(attachments: S, slot: ScsiSlot, holder: string): Detached<S> {
  const { scsi, guest } = attachments;
  const disk = scsi.disks.find(({ controller, lun }) => controller === slot.controller && lun === slot.lun);
  const { list, gone } = left(scsi.disks, disk, holder);
  const state = list === scsi.disks ? attachments : { ...attachments, scsi: { ...scsi, disks: list } };
  return {
    attachments: state,
    isLast: gone !== undefined,
    modify: gone === undefined ? [] : [removeScsi(guest, gone)],
  };
}

function resourcePath({ controller, lun }: ScsiSlot): string {
  return `VirtualMachine/Devices/Scsi/${SCSI_CONTROLLER_IDS[controller]}/Attachments/${lun}`;
}

function mappedDisk(verb: ModifyVerb, settings: object): GuestRequest {
  return { RequestType: verb, ResourceType: 'MappedVirtualDisk', Settings: settings };
}

/** The request that attaches the disk and mounts it in the guest. */
export function addScsi(guest: Guest, disk: ScsiDisk): ModifySettingRequest {
  const request = {
    ResourcePath: resourcePath(disk),
    RequestType: 'Add',
    Settings: present({
      Path: disk.hostPath,
      Type: disk.type,
      ReadOnly: disk.readOnly,
      ExtensibleVirtualDiskType: disk.extensibleType,
    }),
  } as const;
  if (disk.guestPath === undefined) return request;
  const settings =
    guest === 'windows'
      ? present({ ContainerPath: disk.guestPath, Lun: disk.lun })
      : present({
          MountPath: disk.guestPath,
          Lun: disk.lun,
          Controller: disk.controller,
          ReadOnly: disk.readOnly,
          Encrypted: disk.encrypted,
          Options: disk.options,
          VerityInfo: disk.verity,
        });
  return { ...request, GuestRequest: mappedDisk('Add', settings) };
}

/** The request that unmounts the disk and takes it out. The guest ejects also a disk that it never mounted. */
export function removeScsi(guest: Guest, disk: ScsiDisk): ModifySettingRequest {
  const settings =
    guest === 'windows' && disk.guestPath !== undefined
      ? present({ ContainerPath: disk.guestPath, Lun: disk.lun })
      : present({
          MountPath: disk.guestPath,
          Lun: disk.lun,
          Controller: disk.controller,
          VerityInfo: disk.verity,
        });
  return { ResourcePath: resourcePath(disk), RequestType: 'Remove', GuestRequest: mappedDisk('Remove', settings) };
}
