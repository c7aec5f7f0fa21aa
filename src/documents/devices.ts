import { present } from '../domain/present.ts';
import { DEVICE_ID_TYPE } from '../oci/devices.ts';
import type { DocumentInput } from './input.ts';
import type { AssignedDevice } from './schema.ts';

/** The devices of the spec; in a VM what they have become there. */
export function assignedDevices({ spec, allocations }: DocumentInput): readonly AssignedDevice[] {
  const devices = allocations.hosted?.devices ?? spec.windows?.devices ?? [];
  return devices.map(({ id = '', idType }) =>
    idType === DEVICE_ID_TYPE.locationPath
      ? { Type: 'DeviceInstance', ...present({ LocationPath: id }) }
      : present({ InterfaceClassGuid: id }),
  );
}

/** What was parsed out of device extension files; undefined when there are none. */
export function deviceNamespace(extensions: readonly object[]): { device_extension: readonly object[] } | undefined {
  return extensions.length === 0 ? undefined : { device_extension: extensions };
}
