import { present } from '../domain/present.ts';
import { isDisk, isNamedPipe, isReadOnly, type Mount, mountKindOf, pipeName } from '../oci/mounts.ts';
import type { DocumentInput } from './input.ts';
import type { ContainerConfigV1, MappedDirectory, MappedDirectoryV1, MappedPipe } from './schema.ts';

/** Where HCS, or the guest of a hosting VM, finds the source of a mount; null: the document says nothing of it. */
function sourceOf({ spec, allocations }: DocumentInput, index: number): string | null {
  if (allocations.hosted !== undefined) return allocations.hosted.mounts[index] ?? null;
  return allocations.mountSources[index] ?? spec.mounts?.[index]?.source ?? '';
}

function directoryOf(input: DocumentInput, mount: Mount, index: number): readonly MappedDirectory[] {
  const source = sourceOf(input, index);
  if (source === null) return [];
  return [present({ HostPath: source, ContainerPath: mount.destination, ReadOnly: isReadOnly(mount) })];
}

/** Folders and files, by the paths that they were resolved to; in a VM also its disks, which come last. */
export function mappedDirectories(input: DocumentInput): readonly MappedDirectory[] {
  const mounts = (input.spec.mounts ?? []).map((mount, index) => ({ mount, index }));
  const folders = mounts.filter(({ mount }) => !isNamedPipe(mount.source ?? ''));
  const isVmDisk = (mount: Mount) => input.settings.vm !== undefined && isDisk(mountKindOf(mount, 'windows'));
  const disksLast = [
    ...folders.filter(({ mount }) => !isVmDisk(mount)),
    ...folders.filter(({ mount }) => isVmDisk(mount)),
  ];
  return disksLast.flatMap(({ mount, index }) => directoryOf(input, mount, index));
}

export function mappedPipes({ spec, allocations }: DocumentInput): readonly MappedPipe[] {
  return (spec.mounts ?? []).flatMap(({ source = '', destination = '' }, index) => {
    if (!isNamedPipe(source)) return [];
    const HostPath = allocations.hosted?.mounts[index] ?? source;
    return present({ ContainerPipeName: pipeName(destination), HostPath });
  });
}

/** Schema 1.0 takes the paths of the spec and resolves them itself. */
export function mappedDirectoriesV1({ spec }: DocumentInput): readonly MappedDirectoryV1[] {
  return (spec.mounts ?? []).flatMap((mount) => {
    const { source: HostPath = '', destination: ContainerPath = '' } = mount;
    if (isNamedPipe(HostPath)) return [];
    const limits = { BandwidthMaximum: 0, IOPSMaximum: 0, CreateInUtilityVM: false } as const;
    return { HostPath, ContainerPath, ReadOnly: isReadOnly(mount), ...limits };
  });
}

export function mappedPipesV1({ spec }: DocumentInput): NonNullable<ContainerConfigV1['MappedPipes']> {
  return (spec.mounts ?? []).flatMap(({ source: HostPath = '', destination = '' }) =>
    isNamedPipe(HostPath) ? { HostPath, ContainerPipeName: pipeName(destination) } : [],
  );
}
