import { win32 } from 'node:path';

/** From `path` up to `top`, both included, the deepest first. `path` itself when `top` does not lie above it. */
export function foldersBetween(path: string, top: string): readonly string[] {
  const folders = [path];
  let folder = path;
  while (folder !== top) {
    const parent = win32.dirname(folder);
    if (parent === folder) return [path];
    folders.push(parent);
    folder = parent;
  }
  return folders;
}

/** The name of a layer: the last element of its folder. */
export function layerNameOf(folder: string): string {
  return win32.basename(folder);
}
