import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type VmId, vmId } from '../domain/ids.ts';
import { underLock } from '../hcs/fileLock.ts';
import { systemCodeOf } from '../hcs/systemError.ts';
import type { Change, VmRecord } from '../vm/claims.ts';
import { listFolder, makeFolder, replaceFile } from './folders.ts';
import { JournalUnwritable, unwritable } from './unwritable.ts';

/**
 * What is known of the VMs of a host, for all that put containers into them. A change is made by one at a time, over
 * all processes that share the store, and is kept when its promise resolves.
 */
export interface VmStore {
  /** Notes a VM that has started. */
  open(id: VmId, record: VmRecord): Promise<void>;

  /** undefined for a VM that is not known (any more). */
  read(id: VmId): Promise<VmRecord | undefined>;

  /** undefined, and nothing changed, for a VM that is not known (any more). */
  change<Value>(id: VmId, change: (record: VmRecord) => Change<Value>): Promise<Value | undefined>;

  /** Forgets a VM that has ended. */
  drop(id: VmId): Promise<void>;

  list(): Promise<readonly VmId[]>;
}

const keyOf = (id: VmId): string => id.toLowerCase();

function storeOf(records: Map<string, VmRecord>): VmStore {
  return {
    open: async (id, record) => void records.set(keyOf(id), record),
    read: async (id) => records.get(keyOf(id)),
    change: async (id, change) => {
      const record = records.get(keyOf(id));
      if (record === undefined) return undefined;
      const changed = change(record);
      records.set(keyOf(id), changed.record);
      return changed.value;
    },
    drop: async (id) => void records.delete(keyOf(id)),
    list: async () => [...records.values()].map(({ traits }) => vmId(traits.id)),
  };
}

/** VMs that are known as long as the process lives. */
export function memoryVmStore(): VmStore {
  return storeOf(new Map());
}

/** The VMs of another store as they are now, for changes that are only imagined: it is not looked at again. */
export async function imaginedVmStore(real: VmStore): Promise<VmStore> {
  const records = new Map<string, VmRecord>();
  for (const id of await real.list()) {
    const record = await real.read(id);
    if (record !== undefined) records.set(keyOf(id), record);
  }
  return storeOf(records);
}

const EXTENSION = '.json';

class FileVmStore implements VmStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(id: VmId, record: VmRecord): Promise<void> {
    await makeFolder(this.#folder);
    await this.#write(id, record);
  }

  async read(id: VmId): Promise<VmRecord | undefined> {
    try {
      return JSON.parse(await readFile(this.#fileOf(id), 'utf8')) as VmRecord;
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async change<Value>(id: VmId, change: (record: VmRecord) => Change<Value>): Promise<Value | undefined> {
    if ((await this.read(id)) === undefined) return undefined;
    return underLock(this.#fileOf(id), async (isOurs) => {
      const record = await this.read(id);
      if (record === undefined) return undefined;
      const changed = change(record);
      if (!isOurs()) throw lockLost(this.#fileOf(id));
      await this.#write(id, changed.record);
      return changed.value;
    });
  }

  async drop(id: VmId): Promise<void> {
    if ((await this.read(id)) === undefined) return;
    await underLock(this.#fileOf(id), () => rm(this.#fileOf(id), { force: true }));
  }

  async list(): Promise<readonly VmId[]> {
    const files = await listFolder(this.#folder);
    return files.filter((file) => file.endsWith(EXTENSION)).map((file) => vmId(nameIn(file)));
  }

  #fileOf(id: VmId): string {
    return join(this.#folder, `${encodeURIComponent(keyOf(id))}${EXTENSION}`);
  }

  async #write(id: VmId, record: VmRecord): Promise<void> {
    const file = this.#fileOf(id);
    try {
      await replaceFile(file, JSON.stringify(record));
    } catch (error) {
      throw unwritable(file, error);
    }
  }
}

function lockLost(file: string): JournalUnwritable {
  return new JournalUnwritable(file, 'this process stood still while it held the lock', 'Try it again.');
}

function nameIn(file: string): string {
  return decodeURIComponent(basename(file, EXTENSION));
}

/** VMs in files, one a VM: many processes may put containers into one VM at the same time. */
export function fileVmStore(folder: string): VmStore {
  return new FileVmStore(folder);
}
