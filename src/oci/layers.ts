import type { OciSpec } from './spec.ts';

/** The folders of the read-only layers, top-most first: all layer folders but the last, which is the scratch. */
export function parentLayers(spec: OciSpec): readonly string[] {
  return spec.windows?.layerFolders?.slice(0, -1) ?? [];
}
