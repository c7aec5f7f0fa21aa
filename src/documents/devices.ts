import * as z from 'zod';
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

/** A value of another type than the field's counts as absent. */
const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const text = lenient(z.string());
const flag = lenient(z.boolean());

function listOf<T extends z.ZodType>(element: T) {
  return lenient(z.array(element));
}

/** Drops empty fields; an object that was given stays, even when nothing is in it. */
function compact<S extends z.ZodRawShape>(shape: S) {
  return z.object(shape).transform((fields) => present(fields));
}

const symlink = compact({
  name: text,
  path: text,
  scope: text,
  pathtoclone: text,
  access_mask: lenient(z.number()),
});

const directory: z.ZodType<object> = z.lazy(() =>
  compact({ name: text, clonesd: text, shadow: text, symlink: listOf(symlink), objdir: listOf(directory) }),
);

const interfaceClass = compact({ type: text, identifier: text, recurse: flag });
const category = compact({ name: text, interface_class: listOf(interfaceClass) });
const instance = compact({
  id: text,
  location_path: text,
  port_name: text,
  interface_class: listOf(interfaceClass),
});

/** The model of a device extension (HCS: ContainerDefinitionDevice). */
const extension = compact({
  device_category: lenient(category),
  namespace: lenient(
    compact({
      ob: lenient(compact({ shadow: text, symlink: listOf(symlink), objdir: listOf(directory) })),
      device: lenient(
        compact({ requires_driverstore: flag, device_category: listOf(category), device_instance: listOf(instance) }),
      ),
    }),
  ),
});

/** The contents of device extension files as HCS takes them; undefined when there are none. */
export function deviceNamespace(extensions: readonly unknown[]): { device_extension: readonly object[] } | undefined {
  if (extensions.length === 0) return undefined;
  return { device_extension: extensions.map((content) => extension.catch({}).parse(content)) };
}
