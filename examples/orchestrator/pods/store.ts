/** The pods that are wanted, a file each. A file is replaced as a whole: whoever dies meanwhile leaves the old or the new one. */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import * as z from 'zod';
import { podIdOf } from './manifest.ts';
import { type PodId, type PodRecord, RESTART_POLICIES } from './pod.ts';

const FORMAT = 1;
const EXTENSION = '.json';
/** A spec may hold secrets. */
const OWNER_ONLY = 0o600;

const stored = z.looseObject({
  format: z.literal(FORMAT),
  manifest: z.looseObject({ id: z.string(), restart: z.enum(RESTART_POLICIES), request: z.looseObject({}) }),
  desired: z.enum(['running', 'deleted']),
  progress: z.looseObject({ kind: z.enum(['unstarted', 'started', 'over']) }),
});

/** What is inside was written here: only another format, or another hand, could have made it something else. */
function isStored(json: unknown): json is PodRecord {
  return stored.safeParse(json).success;
}

/** Which pods there are, and the files that do not say: of those nothing is known, so nothing is done to what they name. */
export interface StoredPods {
  readonly records: readonly PodRecord[];
  readonly unreadable: readonly PodId[];
}

export class PodStore {
  readonly #folder: string;
  /** One write after the other, so that the last one that was asked for is the one that stays. */
  readonly #inOrder = pLimit(1);

  constructor(folder: string) {
    this.#folder = folder;
  }

  async readAll(): Promise<StoredPods> {
    await mkdir(this.#folder, { recursive: true });
    const files = await readdir(this.#folder);
    const ids = files
      .filter((file) => file.endsWith(EXTENSION))
      .map((file) => podIdOf(file.slice(0, -EXTENSION.length)));
    const records: PodRecord[] = [];
    const unreadable: PodId[] = [];
    for (const id of ids.filter((one) => one !== undefined)) {
      const record = await this.#read(id);
      if (record === undefined) unreadable.push(id);
      else records.push(record);
    }
    return { records, unreadable };
  }

  write(record: PodRecord): Promise<void> {
    return this.#inOrder(async () => {
      const path = this.#pathOf(record.manifest.id);
      const next = `${path}.next`;
      await writeThrough(next, JSON.stringify({ format: FORMAT, ...record }));
      await rename(next, path);
      await syncFolder(this.#folder);
    });
  }

  remove(id: PodId): Promise<void> {
    return this.#inOrder(async () => {
      await rm(this.#pathOf(id), { force: true });
      await syncFolder(this.#folder);
    });
  }

  async #read(id: PodId): Promise<PodRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(this.#pathOf(id), 'utf8'));
      return isStored(record) && record.manifest.id === id ? record : undefined;
    } catch {
      return undefined;
    }
  }

  #pathOf(id: PodId): string {
    return join(this.#folder, `${id}${EXTENSION}`);
  }
}

async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', OWNER_ONLY);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** So that the name of a file outlives a loss of power. Windows has no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
