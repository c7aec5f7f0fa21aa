import { win32 } from 'node:path';
import { present } from '../../domain/present.ts';
import type { LinuxVmOptions } from '../../domain/utilityVm.ts';
import { kernelPath, rootPath } from '../../oci/vm/paths.ts';
import { scsiControllers } from '../../oci/vm/traits.ts';
import { hvSocket } from './hvSocket.ts';
import type { LinuxVmInput } from './input.ts';
import { kernelCommandLine } from './kernelCommandLine.ts';
import type {
  ChipsetDocument,
  DevicesDocument,
  ScsiAttachment,
  VirtualMachineDocument,
  VirtualPMemDocument,
} from './schema.ts';
import { scsiOf, storageQosOf } from './storage.ts';
import { topologyOf } from './topology.ts';

function chipsetOf(input: LinuxVmInput): ChipsetDocument {
  const { options } = input;
  const commandLine = kernelCommandLine(input);
  if (options.kernelDirect) {
    const initrd = options.rootType === 'initrd' ? { InitRdPath: rootPath(options) } : {};
    return { LinuxKernelDirect: { KernelFilePath: kernelPath(options), KernelCmdLine: commandLine, ...initrd } };
  }
  return {
    Uefi: {
      BootThis: {
        DeviceType: 'VmbFs',
        DevicePath: `\\${options.kernelFile}`,
        VmbFsRootPath: options.bootFilesFolder,
        OptionalData: commandLine,
      },
    },
  };
}

/** Absent when the VM has none; its root disk is the first device. */
function vpmemOf(options: LinuxVmOptions): VirtualPMemDocument | undefined {
  if (options.vpmemDeviceCount === 0) return undefined;
  const isVhdx = win32.extname(options.rootFile).toLowerCase() === '.vhdx';
  const root = { HostPath: rootPath(options), ReadOnly: true, ImageFormat: isVhdx ? 'Vhdx' : 'Vhd1' } as const;
  return {
    ...(options.rootType === 'vhd' ? { Devices: { '0': root } } : {}),
    MaximumCount: options.vpmemDeviceCount,
    MaximumSizeBytes: options.vpmemSizeBytes,
  };
}

/** The root disk, where no VPMem holds it. */
function scsiRoot(options: LinuxVmOptions): ScsiAttachment | undefined {
  if (options.rootType !== 'vhd' || options.vpmemDeviceCount > 0) return undefined;
  return { Type: 'VirtualDisk', Path: rootPath(options), ReadOnly: true };
}

function consolesOf({ consolePipe, graphicsConsole }: LinuxVmOptions): Partial<DevicesDocument> {
  return {
    ...(consolePipe === '' ? {} : { ComPorts: { '0': { NamedPipe: consolePipe } } }),
    ...(graphicsConsole ? { Keyboard: {}, EnhancedModeVideo: {}, VideoMonitor: {} } : {}),
  };
}

export function linuxVm(input: LinuxVmInput): VirtualMachineDocument {
  const { options, facts } = input;
  return {
    StopOnReset: true,
    Chipset: chipsetOf(input),
    ComputeTopology: topologyOf(options, facts),
    Devices: {
      ...present({ Scsi: scsiOf(scsiControllers(options, facts), scsiRoot(options)), VirtualPMem: vpmemOf(options) }),
      HvSocket: hvSocket(),
      Plan9: {},
      ...consolesOf(options),
    },
    ...present({ StorageQoS: storageQosOf(options) }),
  };
}
