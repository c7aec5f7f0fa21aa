/** Where the files of a utility VM lie, by its options alone. */
import { win32 } from 'node:path';
import type { HostEvidence } from '../../domain/host.ts';
import type { LinuxVmOptions, WindowsVmOptions } from '../../domain/utilityVm.ts';
import { scratchDisk as scratchDiskIn } from '../layers.ts';

/** Whether something was seen at `path`. */
export function exists(evidence: HostEvidence, path: string): boolean {
  const found = evidence.paths[path];
  return found === 'file' || found === 'directory';
}

/** The folder of a layer that boots a VM. */
export function utilityVmFolder(layerFolder: string): string {
  return win32.join(layerFolder, 'UtilityVM');
}

/** The empty disk that the scratch of a Windows VM is a copy of. */
export function scratchTemplate(layerFolder: string): string {
  return win32.join(utilityVmFolder(layerFolder), 'SystemTemplate.vhdx');
}

/** The folder of the VM's own scratch: the last of its layers. */
export function scratchFolder({ layerFolders }: WindowsVmOptions): string {
  return layerFolders.at(-1) ?? '';
}

export function scratchDisk(options: WindowsVmOptions): string {
  return scratchDiskIn(scratchFolder(options));
}

export function kernelPath({ bootFilesFolder, kernelFile }: LinuxVmOptions): string {
  return win32.join(bootFilesFolder, kernelFile);
}

export function rootPath({ bootFilesFolder, rootFile }: LinuxVmOptions): string {
  return win32.join(bootFilesFolder, rootFile);
}

/** Kernel and root file system of a confidential VM, for all VMs. */
export function guestStateTemplate({ bootFilesFolder, guestStateFile }: LinuxVmOptions): string {
  return win32.join(bootFilesFolder, guestStateFile);
}

/** The copy of it that is this VM's alone. */
export function guestStateCopy({ bundleFolder, guestStateFile }: LinuxVmOptions): string {
  return win32.join(bundleFolder, guestStateFile);
}

/** `path` and the folders above it, the deepest first. */
export function withFoldersAbove(path: string): readonly string[] {
  const above = win32.dirname(path);
  return above === path || above === '.' ? [path] : [path, ...withFoldersAbove(above)];
}
