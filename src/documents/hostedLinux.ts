/** A container in a Linux VM: the guest takes the OCI spec itself, with the paths of the guest in it. */
import type { HostedAllocations } from '../domain/allocations.ts';
import { ANNOTATION, booleanAnnotation } from '../oci/annotations.ts';
import { isDisk, type Mount, mountKindOf } from '../oci/mounts.ts';
import type { OciSpec } from '../oci/spec.ts';
import type { DocumentInput } from './input.ts';
import { saidSpec } from './saidSpec.ts';
import type { LinuxHostedSystem } from './schema.ts';

/** The guest rules over its cgroups by itself. */
const RESOURCES_OF_THE_GUEST: ReadonlySet<string> = new Set([
  'devices',
  'pids',
  'blockIO',
  'hugepageLimits',
  'network',
]);

function without(section: object, names: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(section).filter(([name]) => !names.has(name)));
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isPrivileged(spec: OciSpec): boolean {
  const parsed = booleanAnnotation(spec, ANNOTATION.privileged);
  return typeof parsed === 'object' && parsed.value;
}

function linuxSection(spec: OciSpec): object {
  const linux = without(spec.linux ?? {}, new Set(['cgroupsPath', ...(isPrivileged(spec) ? ['seccomp'] : [])]));
  if (!('resources' in linux) || !isSection(linux.resources)) return linux;
  return { ...linux, resources: without(linux.resources, RESOURCES_OF_THE_GUEST) };
}

/** The guest wants to know which namespace it is, and which devices; undefined when it is told neither. */
function windowsSection({ windows }: OciSpec, { devices }: HostedAllocations): object | undefined {
  const networkNamespace = windows?.network?.networkNamespace ?? '';
  if (networkNamespace === '' && windows?.devices === undefined) return undefined;
  return {
    layerFolders: null,
    ...(devices.length === 0 ? {} : { devices }),
    ...(networkNamespace === '' ? {} : { network: { networkNamespace } }),
  };
}

/** A disk is mounted in the VM already, so that for the container it is a folder. */
function mountInGuest(mount: Mount, guestPath: string | null | undefined): Mount {
  const source = guestPath ?? mount.source;
  return { ...mount, source, ...(isDisk(mountKindOf(mount, 'linux')) ? { type: 'none' } : {}) };
}

function specInGuest({ spec }: DocumentInput, hosted: HostedAllocations): object {
  const { hooks: _, windows: __, ...kept } = spec;
  const mounts = spec.mounts?.map((mount, index) => mountInGuest(mount, hosted.mounts[index]));
  const windows = windowsSection(spec, hosted);
  return {
    ...saidSpec({
      ...kept,
      root: { ...spec.root, path: hosted.rootPath ?? spec.root?.path ?? '' },
      mounts,
      linux: linuxSection(spec),
    }),
    ...(windows === undefined ? {} : { windows }),
  };
}

export function linuxHostedSystem(input: DocumentInput, hosted: HostedAllocations): LinuxHostedSystem {
  return {
    SchemaVersion: { Major: 2, Minor: 1 },
    OciBundlePath: hosted.containerRoot,
    OciSpecification: specInGuest(input, hosted),
    ScratchDirPath: hosted.scratchPath ?? '',
  };
}
