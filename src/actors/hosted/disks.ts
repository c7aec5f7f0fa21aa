import { attachScsi, type ScsiDisk, type ScsiRequest } from '../../vm/scsi.ts';
import type { Run } from '../run.ts';
import { attachToVm, grantToVm, type Place } from '../vmAttachments.ts';

/** Lets the VM open the file of a disk, and gives it the disk. */
export async function attachDisk(run: Run, place: Place, request: ScsiRequest): Promise<ScsiDisk> {
  await grantToVm(run, place, request.hostPath);
  return attachToVm(run, place, (state, holder) => attachScsi(state, request, holder));
}

/** Gives the VM a disk that lies in no file of its own. */
export function attachPlainDisk(run: Run, place: Place, request: ScsiRequest): Promise<ScsiDisk> {
  return attachToVm(run, place, (state, holder) => attachScsi(state, request, holder));
}
