/** The ways to name a device (OCI config-windows.md, `windows.devices[].idType`). */
export const DEVICE_ID_TYPE = {
  locationPath: 'vpci-location-path',
  classGuid: 'vpci-class-guid',
  /** The first name of `vpci-class-guid`. */
  legacyClassGuid: 'class',
  /** The instance path of a PCI device, with the number of a virtual function behind it or without. */
  instanceId: 'vpci-instance-id',
  /** The first name of `vpci-instance-id`. */
  legacyInstanceId: 'vpci',
  /** An instance path too; the guest also gets the drivers for it. */
  gpu: 'gpu',
} as const;

const { locationPath, classGuid, legacyClassGuid, instanceId, legacyInstanceId, gpu } = DEVICE_ID_TYPE;

/** The id types that can be given where the container runs. */
export const KNOWN_DEVICE_ID_TYPES = {
  process: [locationPath, classGuid, legacyClassGuid],
  windowsVm: [instanceId, legacyInstanceId],
  linuxVm: [instanceId, legacyInstanceId, gpu],
} as const satisfies Record<string, readonly string[]>;

export interface PciFunction {
  readonly deviceInstancePath: string;
  readonly virtualFunction: number;
}

const FUNCTION_INDEX_MAX = 0xffff;

/** `PATH` or `PATH\INDEX`, where INDEX is the number of a virtual function; without one it is 0. */
export function pciFunctionOf(id: string): PciFunction {
  const [, path = '', digits = ''] = /^(.*)[\\/]([0-9]+)[\\/]*$/.exec(id) ?? [];
  const index = Number(digits);
  if (path === '' || index > FUNCTION_INDEX_MAX) return { deviceInstancePath: id, virtualFunction: 0 };
  return { deviceInstancePath: path, virtualFunction: index };
}
