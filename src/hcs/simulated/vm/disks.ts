/** Disks on SCSI, and layers on persistent memory. */
import { HRESULT } from '../../codeTable.ts';
import { fieldsOf, numberOf, textOf } from '../fields.ts';
import { mayUse } from './access.ts';
import {
  addPart,
  byVerb,
  type Change,
  guestHalfOf,
  needFile,
  needPart,
  needSamePlace,
  onlyFor,
  refuse,
  removePart,
} from './change.ts';
import { fileIsInUse } from './diskUse.ts';

/** Slots of one SCSI controller. */
const LUNS = 64;

const DISK_TYPES = ['VirtualDisk', 'Iso', 'PassThru', 'ExtensibleVirtualDisk'];

/** Names of pass-through and extensible disks are no paths. */
function needDiskFile(change: Change, path: string, isReadOnly: boolean): void {
  needFile(change, path);
  if (!mayUse(change.state, change.id, path)) {
    refuse(change, HRESULT.accessDenied, `the VM has no access to ${path}`);
  }
  if (fileIsInUse(change.state, path, isReadOnly)) refuse(change, HRESULT.sharingViolation, path);
}

/** Where the guest mounts the disk; undefined when it is told nothing. */
function mountOf(change: Change, slot: { readonly controller: number; readonly lun: number }): string | undefined {
  if (change.guest === undefined) return undefined;
  const guest = guestHalfOf(change, 'MappedVirtualDisk');
  const sameSlot = numberOf(guest.Lun) === slot.lun && numberOf(guest.Controller) === slot.controller;
  if (!sameSlot) refuse(change, HRESULT.invalidParameter, 'host and guest are told of different slots');
  const path = textOf(change.vm.guest === 'windows' ? guest.ContainerPath : guest.MountPath);
  return path === '' ? undefined : path;
}

function addDisk(change: Change, name: string, slot: { readonly controller: number; readonly lun: number }): void {
  const { Type, Path, ReadOnly } = change.settings;
  const [type, hostPath, isReadOnly] = [textOf(Type), textOf(Path), ReadOnly === true];
  if (!DISK_TYPES.includes(type)) refuse(change, HRESULT.invalidParameter, `no type of disk: ${type}`);
  if (type === 'VirtualDisk' || type === 'Iso') needDiskFile(change, hostPath, isReadOnly);
  const guestPath = mountOf(change, slot);
  const mounted = guestPath === undefined ? {} : { guestPath };
  addPart(change, { kind: 'scsi', name, hostPath, isReadOnly, ...mounted, standsOn: [] });
}

/** VirtualMachine/Devices/Scsi/{controller}/Attachments/{lun} */
export function changeScsi(change: Change): void {
  const [id = '', lun = ''] = change.names;
  const controller = change.vm.scsiControllers.findIndex((one) => one.toLowerCase() === id.toLowerCase());
  if (controller < 0) refuse(change, HRESULT.elementNotFound, `there is no SCSI controller ${id}`);
  if (Number(lun) >= LUNS) refuse(change, HRESULT.invalidParameter, `a controller has ${LUNS} slots`);
  const name = `${id}/${lun}`;
  const slot = { controller, lun: Number(lun) };
  byVerb(change, {
    Add: () => addDisk(change, name, slot),
    Remove: () => {
      needSamePlace(change, needPart(change, 'scsi', name), mountOf(change, slot) ?? '');
      removePart(change, 'scsi', name);
    },
  });
}

function rangeOf(change: Change, device: number, offset: string | undefined) {
  const { deviceSizeInBytes } = change.vm.vpmem;
  if (offset === undefined) return { device, from: 0, to: deviceSizeInBytes };
  const guest = guestHalfOf(change, 'VPMemDevice');
  const { DeviceOffsetInBytes, DeviceSizeInBytes } = fieldsOf(guest.MappingInfo);
  if (numberOf(DeviceOffsetInBytes) !== Number(offset)) {
    refuse(change, HRESULT.invalidParameter, 'host and guest are told of different offsets');
  }
  return { device, from: Number(offset), to: Number(offset) + numberOf(DeviceSizeInBytes) };
}

function addMemory(change: Change, name: string, device: number, offset: string | undefined): void {
  const { devices, deviceSizeInBytes } = change.vm.vpmem;
  if (device >= devices) refuse(change, HRESULT.invalidParameter, `the VM has ${devices} VPMem devices`);
  const hostPath = textOf(change.settings.HostPath);
  const { size } = needFile(change, hostPath);
  const range = rangeOf(change, device, offset);
  if (range.to > deviceSizeInBytes || range.to - range.from < size) {
    refuse(change, HRESULT.invalidParameter, `${hostPath} does not fit there`);
  }
  const taken = change.vm.parts.find(
    ({ range: other }) => other?.device === device && other.from < range.to && range.from < other.to,
  );
  if (taken !== undefined) refuse(change, HRESULT.alreadyExists, `${taken.kind} ${taken.name} lies there`);
  const guestPath = textOf(guestHalfOf(change, 'VPMemDevice').MountPath);
  addPart(change, { kind: 'vpmem', name, hostPath, isReadOnly: true, guestPath, range, standsOn: [] });
}

/** VirtualMachine/Devices/VirtualPMem/Devices/{device}, or a mapping on it. */
export function changeVpmem(change: Change): void {
  onlyFor(change, 'linux');
  const [device = '', offset] = change.names;
  const name = offset === undefined ? device : `${device}/Mappings/${offset}`;
  byVerb(change, {
    Add: () => addMemory(change, name, Number(device), offset),
    Remove: () => {
      needSamePlace(change, needPart(change, 'vpmem', name), guestHalfOf(change, 'VPMemDevice').MountPath);
      removePart(change, 'vpmem', name);
    },
  });
}
