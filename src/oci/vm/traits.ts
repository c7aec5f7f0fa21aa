import { BUILD, type HostFacts } from '../../domain/host.ts';
import {
  type LinuxVmOptions,
  SCSI_CONTROLLER_IDS,
  type UtilityVmOptions,
  type VmTraits,
} from '../../domain/utilityVm.ts';

/** The processors that the VM gets: no more than the host has. */
export function assignedProcessors({ processorCount }: UtilityVmOptions, facts: HostFacts): number {
  return Math.min(processorCount, facts.processorCount);
}

/** A Linux VM without VPMem has its layers on SCSI, and gets every controller for them. */
export function scsiControllers(options: LinuxVmOptions, facts: HostFacts): number {
  const onScsiOnly = options.vpmemDeviceCount === 0 && facts.build >= BUILD.rs5;
  return onScsiOnly ? SCSI_CONTROLLER_IDS.length : options.scsiControllerCount;
}

export function vmTraits(options: UtilityVmOptions, facts: HostFacts): VmTraits {
  return {
    id: options.id,
    owner: options.owner,
    guest: options.guest,
    processorCount: assignedProcessors(options, facts),
    physicallyBacked: !options.memoryOvercommit,
    devicesPhysicallyBacked: options.devicesPhysicallyBacked,
    directMap: options.guest === 'windows' ? options.directMap : true,
    writableFileShares: options.writableFileShares,
    scratchEncryption: options.guest === 'linux' && options.scratchEncryption,
    // The kernel of a Linux guest knows the folder by itself; a Windows container has to be told.
    processDumpFolder: options.guest === 'windows' ? options.processDumpFolder : '',
  };
}
