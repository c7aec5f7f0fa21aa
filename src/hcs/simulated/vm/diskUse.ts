import { fileKey, type HostState } from '../state.ts';

/**
 * Whether opening the disk now would fail: another VM, another slot or the host itself has it open to write, or any
 * of them at all when it is to be written to.
 */
export function fileIsInUse(state: HostState, path: string, toRead: boolean): boolean {
  const key = fileKey(state, path);
  const isMounted = key.endsWith('\\sandbox.vhdx') && state.layers.has(key.slice(0, -'\\sandbox.vhdx'.length));
  if (isMounted) return true;
  const parts = [...state.systems.values()].flatMap(({ vm }) => vm?.parts ?? []);
  return parts.some(
    ({ kind, hostPath, isReadOnly }) =>
      (kind === 'scsi' || kind === 'vpmem') &&
      fileKey(state, hostPath ?? '') === key &&
      !(toRead && isReadOnly === true),
  );
}
