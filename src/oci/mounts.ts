import type { OciSpec } from './spec.ts';

export type Mount = NonNullable<OciSpec['mounts']>[number];

const PIPE_PREFIX = '\\\\.\\pipe\\';

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
