import { win32 } from 'node:path';
import type { OciSpec } from './spec.ts';

/** The folders of the read-only layers, top-most first: all layer folders but the last, which is the scratch. */
export function parentLayers(spec: OciSpec): readonly string[] {
  return spec.windows?.layerFolders?.slice(0, -1) ?? [];
}

/** The read-only disk of a layer for Linux. */
export function layerDisk(folder: string): string {
  return win32.join(folder, 'layer.vhd');
}

/** The disk that takes what a container writes; HCS knows it by this name only. */
export function scratchDisk(folder: string): string {
  return win32.join(folder, 'sandbox.vhdx');
}

/** The folder of the scratch: the last one. */
export function scratchFolder(spec: OciSpec): string | undefined {
  return spec.windows?.layerFolders?.at(-1);
}

/** A Linux container without layers has a folder of the host as its root. */
export function sharedRoot(spec: OciSpec): string | undefined {
  const hasLayers = (spec.windows?.layerFolders ?? []).length > 0;
  return spec.linux === undefined || hasLayers || (spec.root?.path ?? '') === '' ? undefined : spec.root?.path;
}
