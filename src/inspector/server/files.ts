/** The page as it was built: a few files, read once. */
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';

export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Beside this file in the package; tests run this one from its source. */
const FOLDER = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/inspector/page/' : '../page/', import.meta.url);

/** By the path of their URL; none when the page was not built. */
export async function pageFiles(folder: URL = FOLDER): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = entries.flatMap((entry) => {
    const type = TYPES[extname(entry.name)];
    return entry.isFile() && type !== undefined ? [{ name: entry.name, type }] : [];
  });
  const read = files.map(async ({ name, type }): Promise<readonly [string, PageFile]> => {
    const bytes = await readFile(new URL(name, folder));
    return [name === 'index.html' ? '/' : `/${name}`, { type, bytes }];
  });
  return new Map(await Promise.all(read));
}
