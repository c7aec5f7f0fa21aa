import { attachScsi, type ScsiDisk, type ScsiRequest } from '../../vm/scsi.ts';
import type { Run } from '../run.ts';
import { attachToVm, grantToVm, type Place } from '../vmAttachments.ts';

/** Lets the VM open the file of a disk, and gives it the disk. */
export async function attachDisk(run: Run, place: Place, request: ScsiRequest): Promise<ScsiDisk> {
  await grantToVm(run, place, request.hostPath);
  return attachToVm(run, place, (state, holder) => attachScsi(state, request, holder));
}

/** Gives the VM a disk of a type that the host has a provider for; whether the VM may open it is the provider's business. */
export function attachExtensibleDisk(
  run: Run,
  place: Place,
  request: Omit<ScsiRequest, 'type'>,
  extensibleType: string,
): Promise<ScsiDisk> {
  const disk = { ...request, type: 'ExtensibleVirtualDisk', extensibleType } as const;
  return attachToVm(run, place, (state, holder) => attachScsi(state, disk, holder));
}
