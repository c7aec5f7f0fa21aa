import type { HostEvidence } from '../../domain/host.ts';
import type { LinuxVmOptions, UtilityVmOptions, WindowsVmOptions } from '../../domain/utilityVm.ts';
import type { VmPreparation } from '../../domain/vmPreparation.ts';
import { locateImageLayer } from '../../oci/vm/evidence.ts';
import {
  exists,
  guestStateCopy,
  guestStateTemplate,
  scratchDisk,
  scratchFolder,
  scratchTemplate,
  withFoldersAbove,
} from '../../oci/vm/paths.ts';

function missingFolder(path: string, evidence: HostEvidence): readonly VmPreparation[] {
  const missing = withFoldersAbove(path).filter((folder) => !exists(evidence, folder));
  const made = missing.at(-1);
  return made === undefined || exists(evidence, path) ? [] : [{ action: 'createFolder', path, made }];
}

function missingScratch(options: WindowsVmOptions, evidence: HostEvidence): readonly VmPreparation[] {
  const disk = scratchDisk(options);
  const imageLayer = locateImageLayer(options, evidence);
  if (exists(evidence, disk) || imageLayer === undefined) return [];
  return [{ action: 'copyFile', from: scratchTemplate(imageLayer), to: disk, until: 'kept' }];
}

function windowsPreparations(options: WindowsVmOptions, evidence: HostEvidence): readonly VmPreparation[] {
  const { id, crashDumpFolder } = options;
  return [
    ...missingFolder(scratchFolder(options), evidence),
    ...(crashDumpFolder === '' ? [] : [{ action: 'grantGroupAccess', path: crashDumpFolder } as const]),
    ...missingScratch(options, evidence),
    { action: 'grantVmAccess', vmId: id, path: scratchDisk(options) },
  ];
}

function linuxPreparations(options: LinuxVmOptions): readonly VmPreparation[] {
  if (!options.confidential) return [];
  const copy = guestStateCopy(options);
  return [
    { action: 'copyFile', from: guestStateTemplate(options), to: copy, until: 'vmEnds' },
    { action: 'grantGroupAccess', path: copy },
  ];
}

/** What is to be done on the host before the VM is created, in this order. `evidence`: of `vmEvidenceNeeded`. */
export function vmPreparations(options: UtilityVmOptions, evidence: HostEvidence): readonly VmPreparation[] {
  return options.guest === 'windows' ? windowsPreparations(options, evidence) : linuxPreparations(options);
}
