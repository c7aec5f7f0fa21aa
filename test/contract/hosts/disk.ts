/** The files of the description, on a real disk of Windows. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { win32 } from 'node:path';
import { FILES } from '../world.ts';

/** Makes the folder anew, with nothing else in it. */
export async function layOut(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  await mkdir(folder, { recursive: true });
  for (const { name, content, dir } of FILES) {
    const path = win32.join(folder, name);
    await mkdir(dir === true ? path : win32.dirname(path), { recursive: true });
    if (dir !== true) await writeFile(path, content ?? '');
  }
}

export const tidyUp = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 10 });
