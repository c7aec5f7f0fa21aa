import { isNamedPipe, isReadOnly, pipeName } from '../oci/mounts.ts';
import type { DocumentInput } from './input.ts';
import { present } from './present.ts';
import type { ContainerConfigV1, MappedDirectory, MappedDirectoryV1, MappedPipe } from './schema.ts';

/** Folders and files, by the paths that they were resolved to. */
export function mappedDirectories({ spec, allocations }: DocumentInput): readonly MappedDirectory[] {
  return (spec.mounts ?? []).flatMap((mount, index) => {
    if (isNamedPipe(mount.source ?? '')) return [];
    const HostPath = allocations.mountSources[index] ?? mount.source ?? '';
    return present({ HostPath, ContainerPath: mount.destination, ReadOnly: isReadOnly(mount) });
  });
}

export function mappedPipes({ spec }: DocumentInput): readonly MappedPipe[] {
  return (spec.mounts ?? []).flatMap(({ source = '', destination = '' }) =>
    isNamedPipe(source) ? present({ ContainerPipeName: pipeName(destination), HostPath: source }) : [],
  );
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
