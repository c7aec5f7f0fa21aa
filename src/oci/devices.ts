/** The ways to name a device that process isolation knows (OCI config-windows.md, `windows.devices[].idType`). */
export const DEVICE_ID_TYPE = {
  locationPath: 'vpci-location-path',
  classGuid: 'vpci-class-guid',
  /** The first name of `vpci-class-guid`. */
  legacyClassGuid: 'class',
} as const;
