import type { HostFacts } from '../../domain/host.ts';
import type { UtilityVmOptions } from '../../domain/utilityVm.ts';
import { rootPath, scratchDisk } from '../../oci/vm/paths.ts';
import { scsiControllers } from '../../oci/vm/traits.ts';
import { linuxVm, type VmAttachments, windowsVm } from '../../vm/attachments.ts';

/** What a VM with these options has attached when it has just started. */
export function attachmentsOf(options: UtilityVmOptions, facts: HostFacts): VmAttachments {
  const noWritableShares = !options.writableFileShares;
  if (options.guest === 'windows') {
    return windowsVm({
      scratch: scratchDisk(options),
      scsiControllers: options.scsiControllerCount,
      noDirectMap: options.devicesPhysicallyBacked || !options.directMap,
      noWritableShares,
    });
  }
  return linuxVm({
    scsiControllers: scsiControllers(options, facts),
    vpmemDevices: options.vpmemDeviceCount,
    vpmemDeviceSizeInBytes: options.vpmemSizeBytes,
    isVpmemMultiMapped: options.vpmemMultiMapping,
    hasLayersOnVpmem: !options.devicesPhysicallyBacked,
    noWritableShares,
    ...(options.rootType === 'vhd' ? { rootDisk: rootPath(options) } : {}),
  });
}
