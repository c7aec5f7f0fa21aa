/** Read-only layers of a Linux VM on persistent memory: one on a device, or many on one. */
import type { GuestRequest, ModifySettingRequest, ModifyVerb } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import { DEVICE_SPACE, freeOffset, type Region } from './freeSpace.ts';
import { type Guest, vpmemDevicePath, vpmemMappingPath } from './guestPaths.ts';
import type { Held } from './holders.ts';
import {
  type Attached,
  attachedBefore,
  attachedNow,
  type Conflict,
  type Detached,
  type Full,
  joined,
  left,
  type Refused,
  type TooLarge,
} from './outcome.ts';
import type { VerityInfo } from './verity.ts';

const PAGE = 0x1000;
const MAPPINGS_OF_A_DEVICE = 1024;

export interface VpmemRequest {
  readonly hostPath: string;
  /** The size of the file. */
  readonly sizeInBytes: number;
  readonly verity?: VerityInfo;
}

export interface VpmemLayer extends Held {
  readonly hostPath: string;
  readonly device: number;
  readonly guestPath: string;
  /** Absent when the layer has the device for itself. */
  readonly mapping?: Region;
  readonly verity?: VerityInfo;
}

export interface VpmemLocation {
  readonly device: number;
  /** Where on the device; absent when the layer has the device for itself. */
  readonly offset?: number;
}

export interface VpmemPart {
  readonly guest: Guest;
  readonly vpmem: {
    /** How many devices there are: 0 to 128. */
    readonly devices: number;
    /** The largest file that may have a device for itself. */
    readonly deviceSizeInBytes: number;
    /** Whether layers share devices. */
    readonly isMultiMapped: boolean;
    /** Whether the layers of containers may lie here; if not, they go on SCSI though there are devices. */
    readonly takesLayers: boolean;
    readonly layers: readonly VpmemLayer[];
  };
}

type Vpmem = VpmemPart['vpmem'];

function ownDevice({ devices, layers }: Vpmem): VpmemLocation | undefined {
  const taken = new Set(layers.map(({ device }) => device));
  const device = Array.from({ length: devices }, (_, number) => number).find((number) => !taken.has(number));
  return device === undefined ? undefined : { device };
}

function placeOnDevice({ devices, layers }: Vpmem, size: number): Required<VpmemLocation> | undefined {
  for (let device = 0; device < devices; device += 1) {
    const there = layers.filter((layer) => layer.device === device);
    const regions = there.flatMap(({ mapping }) => (mapping === undefined ? [] : [mapping]));
    if (regions.length < there.length || regions.length >= MAPPINGS_OF_A_DEVICE) continue;
    const offset = freeOffset(regions, size);
    if (offset !== undefined) return { device, offset };
  }
  return undefined;
}

function newLayer(vpmem: Vpmem, { hostPath, sizeInBytes, verity }: VpmemRequest, holder: string): VpmemLayer | Full {
  const common = { hostPath, ...(verity === undefined ? {} : { verity }), holders: [holder] };
  if (!vpmem.isMultiMapped) {
    const own = ownDevice(vpmem);
    if (own === undefined) return { kind: 'full', full: 'vpmemDevices', size: vpmem.devices };
    return { ...common, device: own.device, guestPath: vpmemDevicePath(own.device) };
  }
  const size = Math.ceil(sizeInBytes / PAGE) * PAGE;
  const place = placeOnDevice(vpmem, size);
  if (place === undefined) return { kind: 'full', full: 'vpmemSpace', size: vpmem.devices * DEVICE_SPACE };
  const { device, offset } = place;
  return { ...common, device, guestPath: vpmemMappingPath(device, offset, size), mapping: { offset, size } };
}

/** What the VM boots from is no layer. */
function isRoot(layer: VpmemLayer): boolean {
  return layer.guestPath === '/';
}

/**
 * Maps a layer. `tooLarge` and `full` mean that it has to go on a SCSI disk instead.
 * The size of the devices is looked at only where each layer has one for itself.
 */
export function attachVpmem<S extends VpmemPart>(
  attachments: S,
  request: VpmemRequest,
  holder: string,
): Attached<S, VpmemLayer> | Full | TooLarge | Conflict | Refused {
  const { vpmem, guest } = attachments;
  if (guest !== 'linux') return { kind: 'refused', because: 'wrongGuest' };
  const existing = vpmem.layers.find(({ hostPath }) => hostPath === request.hostPath);
  if (existing !== undefined) {
    if (isRoot(existing)) return { kind: 'conflict', on: 'guestPath', holders: existing.holders };
    return attachedBefore(
      { ...attachments, vpmem: { ...vpmem, layers: joined(vpmem.layers, existing, holder) } },
      existing,
    );
  }
  const limitInBytes = vpmem.isMultiMapped ? DEVICE_SPACE : vpmem.deviceSizeInBytes;
  const { sizeInBytes } = request;
  if (sizeInBytes > limitInBytes) return { kind: 'tooLarge', sizeInBytes, limitInBytes };
  const layer = newLayer(vpmem, request, holder);
  if ('kind' in layer) return layer;
  const state = { ...attachments, vpmem: { ...vpmem, layers: [...vpmem.layers, layer] } };
  return attachedNow(state, layer, [addVpmem(layer)]);
}

/** `holder` needs the layer no more; it is taken off when nobody does. */
export function detachVpmem<S extends VpmemPart>(attachments: S, where: VpmemLocation, holder: string): Detached<S> {
  const { vpmem } = attachments;
  const layer = vpmem.layers.find((one) => one.device === where.device && one.mapping?.offset === where.offset);
  const { list, gone } = left(vpmem.layers, layer, holder);
  const state = list === vpmem.layers ? attachments : { ...attachments, vpmem: { ...vpmem, layers: list } };
  return { attachments: state, isLast: gone !== undefined, modify: gone === undefined ? [] : [removeVpmem(gone)] };
}

function resourcePath({ device, mapping }: VpmemLayer): string {
  const path = `VirtualMachine/Devices/VirtualPMem/Devices/${device}`;
  return mapping === undefined ? path : `${path}/Mappings/${mapping.offset}`;
}

function vpmemDevice(verb: ModifyVerb, { device, guestPath, mapping, verity }: VpmemLayer): GuestRequest {
  return {
    RequestType: verb,
    ResourceType: 'VPMemDevice',
    Settings: present({
      DeviceNumber: device,
      MountPath: guestPath,
      MappingInfo: mapping && present({ DeviceOffsetInBytes: mapping.offset, DeviceSizeInBytes: mapping.size }),
      VerityInfo: verity,
    }),
  };
}

export function addVpmem(layer: VpmemLayer): ModifySettingRequest {
  const readOnly = layer.mapping === undefined ? { ReadOnly: true } : {};
  return {
    ResourcePath: resourcePath(layer),
    RequestType: 'Add',
    Settings: { HostPath: layer.hostPath, ...readOnly, ImageFormat: 'Vhd1' },
    GuestRequest: vpmemDevice('Add', layer),
  };
}

export function removeVpmem(layer: VpmemLayer): ModifySettingRequest {
  return {
    ResourcePath: resourcePath(layer),
    RequestType: 'Remove',
    GuestRequest: vpmemDevice('Remove', layer),
  };
}
