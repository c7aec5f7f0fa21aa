import type { HostEvidence } from '../../domain/host.ts';
import type { LinuxVmOptions, UtilityVmOptions, WindowsVmOptions } from '../../domain/utilityVm.ts';
import {
  exists,
  guestStateTemplate,
  kernelPath,
  rootPath,
  scratchDisk,
  scratchFolder,
  scratchTemplate,
  utilityVmFolder,
  withFoldersAbove,
} from './paths.ts';

function windowsPaths(options: WindowsVmOptions): readonly string[] {
  const layers = options.layerFolders.flatMap((folder) => [utilityVmFolder(folder), scratchTemplate(folder)]);
  const dumps = options.crashDumpFolder === '' ? [] : [options.crashDumpFolder];
  return [...layers, ...withFoldersAbove(scratchFolder(options)), scratchDisk(options), ...dumps];
}

function linuxPaths(options: LinuxVmOptions): readonly string[] {
  if (options.confidential) return [guestStateTemplate(options), options.bundleFolder];
  return [kernelPath(options), rootPath(options)];
}

/** The host paths to look at before a VM with these options can be judged and described. */
export function vmEvidenceNeeded(options: UtilityVmOptions): readonly string[] {
  const paths = options.guest === 'windows' ? windowsPaths(options) : linuxPaths(options);
  return [...new Set(paths)].filter((path) => path !== '');
}

/** The top-most layer that can boot a VM; undefined when there is none. */
export function locateImageLayer({ layerFolders }: WindowsVmOptions, evidence: HostEvidence): string | undefined {
  return layerFolders.find((folder) => exists(evidence, utilityVmFolder(folder)));
}
