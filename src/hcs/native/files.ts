/** The files of this host, by Node's own `fs`: it takes paths with `\\?\`, and those of volumes, as they are. */
import { constants, copyFile, mkdir, open, readFile, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { FilesPort } from '../port.ts';
import { systemCodeOf } from '../systemError.ts';
import type { Blocking } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import { finalPathOf } from './finalPath.ts';
import { fileError, isMissing } from './systemErrors.ts';

async function carriedOut<T>(call: string, work: () => Promise<T>, instead?: Readonly<Record<string, number>>) {
  try {
    return await work();
  } catch (error) {
    throw error instanceof HostError ? error : fileError(call, error, instead);
  }
}

async function kindOf(path: string): Promise<'file' | 'directory' | 'missing'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    throw error;
  }
}

async function bytesAt(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** The folders to make, topmost first: from `made` down to `path`. */
function chain(path: string, made: string): readonly string[] {
  const above = dirname(path);
  const isTop = path.toLowerCase() === made.toLowerCase() || above === path;
  return isTop ? [path] : [...chain(above, made), path];
}

/** Each by itself: what is to be there before the first must not be made along with it. */
async function makeFolders(path: string, made: string): Promise<void> {
  for (const folder of chain(path, made)) {
    await mkdir(folder).catch((error: unknown) => {
      if (folder === path || systemCodeOf(error) !== 'EEXIST') throw error;
    });
  }
}

/** CopyFile never replaces here. What is missing is the file, or the folder that the copy is to lie in. */
async function copyTo(path: string, from: string): Promise<void> {
  const call = 'files.copy';
  try {
    await copyFile(from, path, constants.COPYFILE_EXCL);
  } catch (error) {
    const isThere = isMissing(error) && (await kindOf(from).catch(() => 'missing')) !== 'missing';
    throw fileError(call, error, isThere ? { ENOENT: HRESULT.pathNotFound } : {});
  }
}

export function windowsFiles(libraries: Libraries, blocking: Blocking): FilesPort {
  return {
    stat: (path) => carriedOut('files.stat', () => kindOf(path)),
    read: (path) => carriedOut('files.read', () => readFile(path, 'utf8')),
    size: (path) => carriedOut('files.size', async () => (await stat(path)).size),
    readBytes: (path, offset, length) => carriedOut('files.readBytes', () => bytesAt(path, offset, length)),
    copy: ({ resource: { path } }, from) => carriedOut('files.copy', () => copyTo(path, from)),
    resolve: (path) => carriedOut('files.resolve', () => finalPathOf(libraries, blocking, path)),
    createFolder: ({ resource: { path, made } }) =>
      carriedOut('files.createFolder', () => makeFolders(path, made), {
        ENOENT: HRESULT.pathNotFound,
        EEXIST: HRESULT.alreadyExists,
      }),
    removeFolder: (path) =>
      carriedOut('files.removeFolder', () => rmdir(path), {
        ENOENT: HRESULT.pathNotFound,
        EEXIST: HRESULT.directoryNotEmpty,
      }),
    removeFile: (path) => carriedOut('files.removeFile', () => unlink(path)),
  };
}
