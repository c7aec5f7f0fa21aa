import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '../hcs/systemError.ts';

/** What is not there yet is empty. */
async function orEmpty<T>(read: Promise<T>, empty: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return empty;
    throw error;
  }
}

export const readBytes = (file: string): Promise<Buffer> => orEmpty(readFile(file), Buffer.alloc(0));
export const listFolder = (folder: string): Promise<readonly string[]> =>
  orEmpty<readonly string[]>(readdir(folder), []);

/** Brings the names in a folder to the disk; Windows does that by itself, and opens no folders. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folder, and the missing ones above it, so that they are there after a loss of power. */
export async function makeFolder(folder: string): Promise<void> {
  const topmost = await mkdir(folder, { recursive: true });
  if (topmost !== undefined) await syncFolder(dirname(topmost));
}

/** The file is replaced as a whole: whoever reads it, and whenever the power goes, it is the one before or this one. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const next = `${file}.${process.pid}.next`;
  const handle = await open(next, 'w');
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
  await syncFolder(dirname(file));
}
