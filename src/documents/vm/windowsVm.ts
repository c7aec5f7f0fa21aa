import { win32 } from 'node:path';
import { present } from '../../domain/present.ts';
import type { WindowsVmOptions } from '../../domain/utilityVm.ts';
import { scratchDisk, utilityVmFolder } from '../../oci/vm/paths.ts';
import { hvSocket } from './hvSocket.ts';
import type { WindowsVmInput } from './input.ts';
import { vmRegistryValues } from './registry.ts';
import type { DebugOptionsDocument, VirtualMachineDocument, VirtualSmbDocument } from './schema.ts';
import { scsiOf, storageQosOf } from './storage.ts';
import { topologyOf } from './topology.ts';

const DIRECT_MAPPING_IN_MB = 1024;

/** The read-only share that the VM boots from and has its system files on. */
function systemShare({ options, imageLayer }: WindowsVmInput): VirtualSmbDocument {
  return {
    Shares: [
      {
        Name: 'os',
        Path: win32.join(utilityVmFolder(imageLayer), 'Files'),
        Options: {
          ReadOnly: true,
          ShareRead: true,
          CacheIo: true,
          PseudoOplocks: true,
          TakeBackupPrivilege: true,
          ...present({ NoDirectmap: options.devicesPhysicallyBacked || !options.directMap }),
        },
      },
    ],
    DirectFileMappingInMB: DIRECT_MAPPING_IN_MB,
  };
}

/** Where HCS saves the VM's state when its kernel crashes, with or without a dump of its own. */
function debugOptionsOf({ id, crashDumpFolder }: WindowsVmOptions): DebugOptionsDocument | undefined {
  if (crashDumpFolder === '') return undefined;
  return {
    BugcheckSavedStateFileName: win32.join(crashDumpFolder, `${id}-savedstate.vmrs`),
    BugcheckNoCrashdumpSavedStateFileName: win32.join(crashDumpFolder, `${id}-savedstate_nocrashdump.vmrs`),
  };
}

export function windowsVm(input: WindowsVmInput): VirtualMachineDocument {
  const { options, facts } = input;
  return {
    StopOnReset: true,
    Chipset: { Uefi: { BootThis: { DeviceType: 'VmbFs', DevicePath: '\\EFI\\Microsoft\\Boot\\bootmgfw.efi' } } },
    ComputeTopology: topologyOf(options, facts),
    Devices: {
      ...present({ Scsi: scsiOf(options.scsiControllerCount, { Type: 'VirtualDisk', Path: scratchDisk(options) }) }),
      HvSocket: hvSocket(),
      VirtualSmb: systemShare(input),
    },
    RegistryChanges: present({ AddValues: vmRegistryValues(options) }),
    ...present({ StorageQoS: storageQosOf(options), DebugOptions: debugOptionsOf(options) }),
  };
}
