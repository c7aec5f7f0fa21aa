import { type FileHandle, mkdir, open, readdir, readFile, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ProvisionId, provisionId } from '../domain/ids.ts';
import { systemCodeOf } from '../hcs/systemError.ts';
import type { LedgerStore, RunRecord } from './store.ts';

const EXTENSION = '.jsonl';

/** Grows with every change that an older version could not read. */
const FORMAT = 1;

interface Header {
  readonly type: 'header';
  readonly format: number;
  readonly run: string;
}

/** A run file cannot be read: somebody has written into it, or it is of a newer version. */
export class RunFileUnreadable extends Error {
  override readonly name = 'RunFileUnreadable';
  readonly file: string;

  constructor(file: string, reason: string) {
    super(`the run file ${file} cannot be read: ${reason}`);
    this.file = file;
  }
}

/** What is not there yet is empty. */
async function orEmpty<T>(read: Promise<T>, empty: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return empty;
    throw error;
  }
}

const readText = (file: string): Promise<string> => orEmpty(readFile(file, 'utf8'), '');
const listFolder = (folder: string): Promise<readonly string[]> => orEmpty<readonly string[]>(readdir(folder), []);

function parseLine(file: string, line: string, index: number): RunRecord | Header {
  try {
    return JSON.parse(line) as RunRecord | Header;
  } catch {
    throw new RunFileUnreadable(file, `line ${index + 1} is not JSON`);
  }
}

/** A line without its end was being written when the process ended: what it announces has not been done. */
function parse(file: string, text: string): readonly RunRecord[] {
  const lines = text.split('\n').slice(0, -1);
  const [header, ...records] = lines.map((line, index) => parseLine(file, line, index));
  if (header === undefined) return [];
  if (header.type !== 'header') throw new RunFileUnreadable(file, 'it does not begin with a header');
  if (header.format !== FORMAT) throw new RunFileUnreadable(file, `its format ${header.format} is not ${FORMAT}`);
  return records as RunRecord[];
}

class FileLedgerStore implements LedgerStore {
  readonly #folder: string;
  /** By run: its appends, one after the other. */
  readonly #queues = new Map<ProvisionId, Promise<void>>();
  /** Runs that this process has written to. */
  readonly #begun = new Set<ProvisionId>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  append(run: ProvisionId, record: RunRecord): Promise<void> {
    const before = this.#queues.get(run) ?? Promise.resolve();
    // An append that failed is told to who asked for it; the next one is tried all the same.
    const appended = before.catch(() => {}).then(() => this.#write(run, record));
    this.#queues.set(run, appended);
    return appended;
  }

  async read(run: ProvisionId): Promise<readonly RunRecord[]> {
    const file = this.#fileOf(run);
    return parse(file, await readText(file));
  }

  async runs(): Promise<readonly ProvisionId[]> {
    const files = await listFolder(this.#folder);
    return files.filter((file) => file.endsWith(EXTENSION)).map((file) => provisionId(basename(file, EXTENSION)));
  }

  #fileOf(run: ProvisionId): string {
    return join(this.#folder, `${run}${EXTENSION}`);
  }

  async #begin(run: ProvisionId): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await dropTornTail(this.#fileOf(run));
    this.#begun.add(run);
  }

  async #write(run: ProvisionId, record: RunRecord): Promise<void> {
    if (!this.#begun.has(run)) await this.#begin(run);
    const file = await open(this.#fileOf(run), 'a');
    try {
      await appendTo(file, { type: 'header', format: FORMAT, run }, record);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

async function appendTo(file: FileHandle, header: Header, record: RunRecord): Promise<void> {
  const { size } = await file.stat();
  const lines = size === 0 ? [header, record] : [record];
  await file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Takes off a line that the process before this one did not get to the end of. */
async function dropTornTail(path: string): Promise<void> {
  const text = await readText(path);
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) await truncate(path, Buffer.byteLength(text.slice(0, end)));
}

/**
 * Runs in files, one a run, one JSON object a line: they outlive the process. A record is on the disk when its append
 * resolves. Reads reject with {@link RunFileUnreadable}, everything with the errors of node:fs.
 */
export function fileLedgerStore(folder: string): LedgerStore {
  return new FileLedgerStore(folder);
}
