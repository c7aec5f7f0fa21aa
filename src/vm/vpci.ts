/** PCI devices of the host that are assigned to a VM. */
import type { GuestRequest, ModifySettingRequest } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import type { Guest } from './guestPaths.ts';
import type { Held } from './holders.ts';
import { type Attached, attachedBefore, attachedNow, type Detached, joined, left } from './outcome.ts';

export interface VpciRequest {
  /** The device's instance path on the host. */
  readonly deviceInstancePath: string;
  readonly virtualFunction: number;
  /** The id of the bus that the guest sees it on, chosen by the caller; not used when the device is there already. */
  readonly vmBusGuid: string;
}

export interface VpciDevice extends VpciRequest, Held {}

export interface VpciPart {
  readonly guest: Guest;
  readonly vpci: { readonly devices: readonly VpciDevice[] };
}

/** Assigns a function of a device. One that is assigned already is shared, on the bus that it is on. */
export function attachVpci<S extends VpciPart>(
  attachments: S,
  request: VpciRequest,
  holder: string,
): Attached<S, VpciDevice> {
  const { guest, vpci } = attachments;
  const existing = vpci.devices.find(
    (one) => one.deviceInstancePath === request.deviceInstancePath && one.virtualFunction === request.virtualFunction,
  );
  if (existing !== undefined) {
    return attachedBefore({ ...attachments, vpci: { devices: joined(vpci.devices, existing, holder) } }, existing);
  }
  const device: VpciDevice = { ...request, holders: [holder] };
  const state = { ...attachments, vpci: { devices: [...vpci.devices, device] } };
  return attachedNow(state, device, [addVpci(guest, device)]);
}

/** `holder` needs the device no more; it goes back to the host when nobody does. */
export function detachVpci<S extends VpciPart>(
  attachments: S,
  where: Pick<VpciDevice, 'vmBusGuid'>,
  holder: string,
): Detached<S> {
  const { devices } = attachments.vpci;
  const device = devices.find(({ vmBusGuid }) => vmBusGuid === where.vmBusGuid);
  const { list, gone } = left(devices, device, holder);
  const state = list === devices ? attachments : { ...attachments, vpci: { devices: list } };
  return { attachments: state, isLast: gone !== undefined, modify: gone === undefined ? [] : [removeVpci(gone)] };
}

function resourcePath({ vmBusGuid }: Pick<VpciDevice, 'vmBusGuid'>): string {
  return `VirtualMachine/Devices/VirtualPci/${vmBusGuid}`;
}

/** A Windows guest finds the device by itself; a Linux guest is told to wait for it. */
export function addVpci(guest: Guest, device: VpciRequest): ModifySettingRequest {
  const { deviceInstancePath, virtualFunction, vmBusGuid } = device;
  const guestRequest: GuestRequest = {
    RequestType: 'Add',
    ResourceType: 'VPCIDevice',
    Settings: { VMBusGUID: vmBusGuid },
  };
  return {
    ResourcePath: resourcePath(device),
    RequestType: 'Add',
    Settings: {
      Functions: [present({ DeviceInstancePath: deviceInstancePath, VirtualFunction: virtualFunction })],
    },
    ...(guest === 'linux' ? { GuestRequest: guestRequest } : {}),
  };
}

export function removeVpci(device: Pick<VpciDevice, 'vmBusGuid'>): ModifySettingRequest {
  return { ResourcePath: resourcePath(device), RequestType: 'Remove' };
}
