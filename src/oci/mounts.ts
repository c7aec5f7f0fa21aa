import { win32 } from 'node:path';
import type { VmTraits } from '../domain/utilityVm.ts';
import type { OciSpec } from './spec.ts';

export type Mount = NonNullable<OciSpec['mounts']>[number];

const PIPE_PREFIX = '\\\\.\\pipe\\';
/** A folder that the containers of a pod share, inside their VM. */
const SANDBOX_PREFIX = 'sandbox://';
const HUGE_PAGES_PREFIX = 'hugepages://';
const EXTENSIBLE_DISK_PREFIX = 'evd://';
/** Where `sandbox://` begins in a Windows guest. */
const SANDBOX_MOUNTS = 'C:\\SandboxMounts';

/** Whether a host path names a pipe: `\\.\pipe\docker_engine`. */
export function isNamedPipe(path: string): boolean {
  return path.startsWith(PIPE_PREFIX);
}

/** The name of a pipe without its prefix. */
export function pipeName(path: string): string {
  return path.startsWith(PIPE_PREFIX) ? path.slice(PIPE_PREFIX.length) : path;
}

/** A mount is read-only when one of its options is `ro`, in any case. */
export function isReadOnly(mount: Mount): boolean {
  return (mount.options ?? []).some((option) => option.toLowerCase() === 'ro');
}

/** How a mount gets into a VM. `guestOwn`: the guest makes it by itself (`proc`, `tmpfs`, ...). */
export type MountKind =
  | 'share'
  | 'pipe'
  | 'virtualDisk'
  | 'physicalDisk'
  | 'extensibleDisk'
  | 'sandboxFolder'
  | 'hugePages'
  | 'guestOwn';

const DISK_KINDS: ReadonlyMap<string, MountKind> = new Map([
  ['virtual-disk', 'virtualDisk'],
  ['physical-disk', 'physicalDisk'],
]);

function linuxMountKind({ type = '', source = '' }: Mount): MountKind {
  const disk = DISK_KINDS.get(type);
  if (disk !== undefined) return disk;
  if (type !== 'bind') return 'guestOwn';
  if (isSandboxFolder(source)) return 'sandboxFolder';
  return source.startsWith(HUGE_PAGES_PREFIX) ? 'hugePages' : 'share';
}

function windowsMountKind({ type = '', source = '' }: Mount): MountKind {
  const disk = type === 'extensible-virtual-disk' ? 'extensibleDisk' : DISK_KINDS.get(type);
  if (disk !== undefined) return disk;
  if (isSandboxFolder(source)) return 'sandboxFolder';
  return isNamedPipe(source) ? 'pipe' : 'share';
}

/** How a mount gets into a VM with this guest: a disk by its type, all else by its source. */
export function mountKindOf(mount: Mount, guest: VmTraits['guest']): MountKind {
  return guest === 'linux' ? linuxMountKind(mount) : windowsMountKind(mount);
}

/** Whether it is a disk that the VM gets as a disk. */
export function isDisk(kind: MountKind): boolean {
  return kind === 'virtualDisk' || kind === 'physicalDisk' || kind === 'extensibleDisk';
}

/** Whether a source names a folder inside the VM. */
export function isSandboxFolder(source: string): boolean {
  return source.startsWith(SANDBOX_PREFIX);
}

/** The folder in a Windows guest that `sandbox://PATH` stands for. */
export function sandboxMountPath(source: string): string {
  return win32.join(SANDBOX_MOUNTS, source.slice(SANDBOX_PREFIX.length));
}

/** The parts of `evd://TYPE/PATH`; undefined when there is no type or no path in it. */
export function parseExtensibleDisk(source: string): { readonly type: string; readonly path: string } | undefined {
  const rest = source.startsWith(EXTENSIBLE_DISK_PREFIX) ? source.slice(EXTENSIBLE_DISK_PREFIX.length) : source;
  const slash = rest.indexOf('/');
  return slash <= 0 ? undefined : { type: rest.slice(0, slash), path: rest.slice(slash + 1) };
}

/** The size of the pages in `hugepages://SIZE/PLACE`; undefined when it has no place. */
export function hugePageSize(source: string): string | undefined {
  const [size, ...place] = source.slice(HUGE_PAGES_PREFIX.length).split('/');
  return place.length === 0 ? undefined : size;
}
