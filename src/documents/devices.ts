import { DEVICE_ID_TYPE } from '../oci/devices.ts';
import type { OciSpec } from '../oci/spec.ts';
import { present } from './present.ts';
import type { AssignedDevice } from './schema.ts';

export function assignedDevices(spec: OciSpec): readonly AssignedDevice[] {
  return (spec.windows?.devices ?? []).map(({ id = '', idType }) =>
    idType === DEVICE_ID_TYPE.locationPath
      ? { Type: 'DeviceInstance', ...present({ LocationPath: id }) }
      : present({ InterfaceClassGuid: id }),
  );
}

/** What was parsed out of device extension files; undefined when there are none. */
export function deviceNamespace(extensions: readonly object[]): { device_extension: readonly object[] } | undefined {
  return extensions.length === 0 ? undefined : { device_extension: extensions };
}
