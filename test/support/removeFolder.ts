import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { defer, lastValueFrom, retry } from 'rxjs';

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (existsSync(folder)) throw new Error(`${folder} is there again`);
}

/** Removes the folder of a test from which something may still write into it: `maxRetries` of `rm` tries the `rmdir` alone. */
export const removeFolder = (folder: string): Promise<void> =>
  lastValueFrom(defer(() => remove(folder)).pipe(retry({ count: 40, delay: 50 })));
