import type { UtilityVmOptions } from '../../domain/utilityVm.ts';
import { present } from '../present.ts';
import type { ScsiAttachment, ScsiControllerDocument, StorageQosDocument } from './schema.ts';

/** Fixed ids, so that whoever attaches a disk later knows the controllers by their number. */
export const SCSI_CONTROLLER_IDS = [
  'df6d0690-79e5-55b6-a5ec-c1e2f77f580a',
  '0110f83b-de10-5172-a266-78bca56bf50a',
  'b5d2d8d4-3a75-51bf-945b-3444dc6b8579',
  '305891a9-b251-5dfe-91a2-c25d9212275b',
] as const;

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
