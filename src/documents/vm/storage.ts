import { present } from '../../domain/present.ts';
import { SCSI_CONTROLLER_IDS, type UtilityVmOptions } from '../../domain/utilityVm.ts';
import type { ScsiAttachment, ScsiControllerDocument, StorageQosDocument } from './schema.ts';

/** The first `count` controllers, with `disk` at the first place of the first one. Undefined when there are none. */
export function scsiOf(count: number, disk?: ScsiAttachment): Record<string, ScsiControllerDocument> | undefined {
  if (count === 0) return undefined;
  return Object.fromEntries(
    SCSI_CONTROLLER_IDS.slice(0, count).map((id, index) => [
      id,
      index === 0 && disk !== undefined ? { Attachments: { '0': disk } } : {},
    ]),
  );
}

/** Absent without a limit. */
export function storageQosOf({ storageIops, storageBandwidth }: UtilityVmOptions): StorageQosDocument | undefined {
  if (storageIops === 0 && storageBandwidth === 0) return undefined;
  return present({ IopsMaximum: storageIops, BandwidthMaximum: storageBandwidth });
}
