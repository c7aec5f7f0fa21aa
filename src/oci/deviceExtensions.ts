/** The files that describe devices to a container, in the model of HCS (ContainerDefinitionDevice). */
import * as z from 'zod';

const field = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === null ? undefined : value), schema.optional());
const text = field(z.string());
const flag = field(z.boolean());
const listOf = <T extends z.ZodType>(element: T) => field(z.array(element));

function isEmpty(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length === 0
    : value === undefined || value === '' || value === false || value === 0;
}

/** Knows the keys in any case, and leaves out what is empty; an object that was given stays, with nothing in it. */
function model<S extends z.ZodRawShape>(shape: S): z.ZodType<object> {
  return z
    .record(z.string(), z.unknown())
    .transform((given) => Object.fromEntries(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value])))
    .pipe(z.object(shape))
    .transform((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))));
}

const symlink = model({
  name: text,
  path: text,
  scope: text,
  pathtoclone: text,
  access_mask: field(z.int32()),
});

const directory: z.ZodType<object> = z.lazy(() =>
  model({ name: text, clonesd: text, shadow: text, symlink: listOf(symlink), objdir: listOf(directory) }),
);

const interfaceClass = model({ type: text, identifier: text, recurse: flag });
const category = model({ name: text, interface_class: listOf(interfaceClass) });
const instance = model({ id: text, location_path: text, port_name: text, interface_class: listOf(interfaceClass) });

const deviceExtension = model({
  device_category: field(category),
  namespace: field(
    model({
      ob: field(model({ shadow: text, symlink: listOf(symlink), objdir: listOf(directory) })),
      device: field(
        model({ requires_driverstore: flag, device_category: listOf(category), device_instance: listOf(instance) }),
      ),
    }),
  ),
});

/** The content of a device extension file as HCS takes it; undefined when it is not one. */
export function parseDeviceExtension(content: string): object | undefined {
  try {
    const parsed = deviceExtension.safeParse(JSON.parse(content) ?? {});
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
