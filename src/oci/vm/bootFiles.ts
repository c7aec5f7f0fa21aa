import { win32 } from 'node:path';
import { BUILD, type HostEvidence, type HostFacts } from '../../domain/host.ts';
import { BOOT_FILE, type LinuxVmOptions } from '../../domain/utilityVm.ts';
import { exists } from './paths.ts';

/** Where Linux boot files are looked for when no folder is given: beside the program, then in `%ProgramFiles%`. */
export function bootFoldersOf(executable: string, programFiles: string): readonly [string, string] {
  return [win32.join(win32.dirname(executable), 'LinuxBootFiles'), win32.join(programFiles, 'Linux Containers')];
}

/** The host paths that decide about the default boot files. */
export function bootEvidenceNeeded(bootFolders: readonly string[]): readonly string[] {
  return bootFolders.flatMap((folder) => [
    folder,
    win32.join(folder, BOOT_FILE.vhd),
    win32.join(folder, BOOT_FILE.uncompressedKernel),
  ]);
}

/** The first of the folders that is there; the last one when none is. */
export function defaultBootFolder(bootFolders: readonly string[], evidence: HostEvidence): string {
  return bootFolders.find((folder) => exists(evidence, folder)) ?? bootFolders.at(-1) ?? '';
}

type BootFiles = Pick<
  LinuxVmOptions,
  'bootFilesFolder' | 'kernelFile' | 'kernelDirect' | 'rootFile' | 'rootType' | 'vpmemMultiMapping'
>;

/**
 * How a Linux VM boots when nothing is asked: a disk is preferred to an initrd, and a kernel that is not compressed to
 * one that is. What lies in the default folder decides, also for a VM that is then given another folder.
 */
export function chooseBootFiles(bootFolders: readonly string[], facts: HostFacts, evidence: HostEvidence): BootFiles {
  const bootFilesFolder = defaultBootFolder(bootFolders, evidence);
  const has = (file: string) => exists(evidence, win32.join(bootFilesFolder, file));
  const kernelDirect = facts.build >= BUILD.kernelDirect;
  const uncompressed = kernelDirect && has(BOOT_FILE.uncompressedKernel);
  return {
    bootFilesFolder,
    kernelDirect,
    kernelFile: uncompressed ? BOOT_FILE.uncompressedKernel : BOOT_FILE.kernel,
    ...(has(BOOT_FILE.vhd)
      ? { rootFile: BOOT_FILE.vhd, rootType: 'vhd' }
      : { rootFile: BOOT_FILE.initrd, rootType: 'initrd' }),
    vpmemMultiMapping: facts.build >= BUILD.v19h1,
  };
}
