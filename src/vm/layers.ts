/** The read-only layers of containers: on VSMB for a Windows guest, on VPMem or else on SCSI for a Linux guest. */
import { nextMount, type VmAttachments } from './attachments.ts';
import type { Attached, Conflict, Detached, Full, Refused } from './outcome.ts';
import { attachScsi, detachScsi, type ScsiSlot } from './scsi.ts';
import { attachVpmem, detachVpmem, type VpmemLocation, type VpmemRequest } from './vpmem.ts';
import { attachVsmb, detachVsmb } from './vsmb.ts';

/** Where a layer is, and how the guest sees it. */
export type LayerPlace = { readonly guestPath: string } & (
  | { readonly on: 'vsmb'; readonly name: string }
  | ({ readonly on: 'vpmem' } & VpmemLocation)
  | ({ readonly on: 'scsi' } & ScsiSlot)
);

type LayerOutcome = Attached<VmAttachments, LayerPlace> | Full | Conflict | Refused;

/** Shares the folder of a layer with a Windows guest. */
export function attachWindowsLayer(attachments: VmAttachments, folder: string, holder: string): LayerOutcome {
  const request = { hostPath: folder, isFile: false, readOnly: true, takeBackupPrivilege: true };
  const outcome = attachVsmb(attachments, request, holder);
  if (outcome.kind !== 'attached') return outcome;
  const { name, guestPath } = outcome.attached;
  return { ...outcome, attached: { on: 'vsmb', name, guestPath } };
}

function onScsi(attachments: VmAttachments, request: VpmemRequest, holder: string): LayerOutcome {
  const mount = nextMount(attachments);
  const { hostPath, verity } = request;
  const disk = {
    hostPath,
    type: 'VirtualDisk',
    readOnly: true,
    guestPath: mount.guestPath,
    options: ['ro'],
    ...(verity === undefined ? {} : { verity }),
  } as const;
  const outcome = attachScsi(mount.attachments, disk, holder);
  if (outcome.kind !== 'attached') return outcome;
  const { controller, lun, guestPath = mount.guestPath } = outcome.attached;
  return { ...outcome, attached: { on: 'scsi', controller, lun, guestPath } };
}

/**
 * Maps the disk of a layer into a Linux guest. It goes on VPMem; on SCSI when it is too large or there is no room, when
 * it lies there for somebody else, or when the VM takes no layers on VPMem.
 */
export function attachLinuxLayer(attachments: VmAttachments, request: VpmemRequest, holder: string): LayerOutcome {
  if (attachments.guest !== 'linux') return { kind: 'refused', because: 'wrongGuest' };
  const isOnScsi = attachments.scsi.disks.some(({ hostPath }) => hostPath === request.hostPath);
  if (!attachments.vpmem.takesLayers || isOnScsi) return onScsi(attachments, request, holder);
  const outcome = attachVpmem(attachments, request, holder);
  if (outcome.kind === 'tooLarge' || outcome.kind === 'full') return onScsi(attachments, request, holder);
  if (outcome.kind !== 'attached') return outcome;
  const { device, mapping, guestPath } = outcome.attached;
  const where = mapping === undefined ? { device } : { device, offset: mapping.offset };
  return { ...outcome, attached: { on: 'vpmem', ...where, guestPath } };
}

/** `holder` needs the layer no more, wherever it is. */
export function detachLayer(attachments: VmAttachments, place: LayerPlace, holder: string): Detached<VmAttachments> {
  switch (place.on) {
    case 'vsmb':
      return detachVsmb(attachments, place, holder);
    case 'vpmem':
      return detachVpmem(attachments, place, holder);
    case 'scsi':
      return detachScsi(attachments, place, holder);
  }
}
