import { lock } from 'proper-lockfile';

/** A process that died with the lock holds it no longer than this. */
const STALE_MS = 5_000;

const RETRIES = { retries: 1_000, factor: 1.2, minTimeout: 2, maxTimeout: 50, randomize: true };

/**
 * Does `work` while no other process does any under the lock of this file. The folder of the file has to exist.
 * `isOurs` is false once another process has taken the lock, because this one had stopped for too long.
 */
export async function underLock<T>(file: string, work: (isOurs: () => boolean) => Promise<T>): Promise<T> {
  let lost = false;
  const unlock = await lock(file, {
    // The file may not be there yet.
    realpath: false,
    stale: STALE_MS,
    retries: RETRIES,
    onCompromised: () => {
      lost = true;
    },
  });
  try {
    return await work(() => !lost);
  } finally {
    if (!lost) await unlock();
  }
}
