import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ProvisionId, provisionId } from '../domain/ids.ts';
import { underLock } from '../hcs/fileLock.ts';
import { listFolder, makeFolder, readBytes, syncFolder } from './folders.ts';
import { headerOf, linesOf, parseRunFile, type RunFileContent } from './runFile.ts';
import type { LedgerStore, RunNote, RunRecord } from './store.ts';
import { JournalUnwritable, unwritable } from './unwritable.ts';

const EXTENSION = '.jsonl';

/** How long notes wait for a record that takes them along, before they are written without one. */
const NOTES_WAIT_MS = 100;

/** More notes are not kept of a run whose file cannot be written. */
const MOST_NOTES = 10_000;

/** The end of a run file as this process has left it. */
interface End extends Pick<RunFileContent, 'length' | 'sum'> {
  /** Whether something is after it that is not a whole line. */
  readonly isTorn: boolean;
}

/** One run file, written to by this process. */
class RunFile {
  readonly #run: ProvisionId;
  readonly #path: string;
  /** Appends follow each other. */
  #queue: Promise<unknown> = Promise.resolve();
  #end: End | undefined;
  readonly #notes: RunNote[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(run: ProvisionId, path: string) {
    this.#run = run;
    this.#path = path;
  }

  note(note: RunNote): void {
    if (this.#notes.length < MOST_NOTES) this.#notes.push(note);
    this.#writeNotesSoon();
  }

  append(record: RunRecord): Promise<void> {
    return this.#next(() => this.#write(record));
  }

  amend(decide: (records: readonly RunRecord[]) => RunRecord | undefined): Promise<void> {
    const amended = async () => {
      const content = await this.#read();
      this.#end = content;
      const record = decide(content.records);
      if (record !== undefined) await this.#write(record);
    };
    return this.#next(() => underLock(this.#path, amended));
  }

  /** What failed is told to who asked for it; the next one is tried all the same. */
  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  async #write(record?: RunRecord): Promise<void> {
    const end = this.#end ?? (await this.#begin());
    const notes = this.#notes.splice(0);
    try {
      this.#end = await this.#appendTo(end, notes, record);
    } catch (error) {
      this.#notes.unshift(...notes);
      if (error instanceof JournalUnwritable) throw error;
      // Part of it may be there: the next line goes where this one should have gone.
      this.#end = { ...end, isTorn: true };
      throw unwritable(this.#path, error);
    }
    this.#writeNotesSoon();
  }

  /** So that others see what a run does that waits for long. A file begins with a record, and never with notes. */
  #writeNotesSoon(): void {
    if (this.#timer !== undefined || this.#notes.length === 0 || this.#end === undefined) return;
    const work = async () => void (this.#notes.length > 0 && (await this.#write()));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // They are kept, and go with the next record.
      this.#next(work).catch(() => {});
    }, NOTES_WAIT_MS).unref();
  }

  async #begin(): Promise<End> {
    try {
      await makeFolder(dirname(this.#path));
    } catch (error) {
      throw unwritable(this.#path, error);
    }
    return this.#read();
  }

  async #read(): Promise<RunFileContent & End> {
    const bytes = await readBytes(this.#path);
    const content = parseRunFile(this.#path, bytes);
    return { ...content, isTorn: bytes.length > content.length };
  }

  /** A record is on the disk then; notes alone may be lost with the power. */
  async #appendTo({ length, sum, isTorn }: End, notes: readonly RunNote[], record?: RunRecord): Promise<End> {
    const isNew = length === 0;
    const lines = record === undefined ? notes : [...notes, record];
    const next = linesOf(isNew ? [headerOf(this.#run), ...lines] : lines, sum);
    const file = await open(this.#path, 'a');
    try {
      if (isTorn) await file.truncate(length);
      else if ((await file.stat()).size !== length) throw takenUpElsewhere(this.#path);
      await file.appendFile(next.text);
      if (record !== undefined) await file.datasync();
    } finally {
      await file.close();
    }
    if (isNew) await syncFolder(dirname(this.#path));
    return { length: length + Buffer.byteLength(next.text), sum: next.sum, isTorn: false };
  }
}

function takenUpElsewhere(path: string): JournalUnwritable {
  return new JournalUnwritable(
    path,
    'another process has written into it',
    'slipway list shows which one drives the run.',
  );
}

class FileLedgerStore implements LedgerStore {
  readonly #folder: string;
  readonly #files = new Map<ProvisionId, RunFile>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  append(run: ProvisionId, record: RunRecord): Promise<void> {
    return this.#fileOf(run).append(record);
  }

  note(run: ProvisionId, note: RunNote): void {
    this.#fileOf(run).note(note);
  }

  amend(run: ProvisionId, decide: (records: readonly RunRecord[]) => RunRecord | undefined): Promise<void> {
    return this.#fileOf(run).amend(decide);
  }

  async read(run: ProvisionId): Promise<readonly RunRecord[]> {
    const path = this.#pathOf(run);
    return parseRunFile(path, await readBytes(path)).records;
  }

  async runs(): Promise<readonly ProvisionId[]> {
    const files = await listFolder(this.#folder);
    return files.filter((file) => file.endsWith(EXTENSION)).map((file) => provisionId(basename(file, EXTENSION)));
  }

  #pathOf(run: ProvisionId): string {
    return join(this.#folder, `${run}${EXTENSION}`);
  }

  #fileOf(run: ProvisionId): RunFile {
    const known = this.#files.get(run);
    if (known !== undefined) return known;
    const file = new RunFile(run, this.#pathOf(run));
    this.#files.set(run, file);
    return file;
  }
}

/**
 * Runs in files, one a run, one JSON object a line: they outlive the process. A record is on the disk when its append
 * resolves. Reads reject with {@link RunFileUnreadable}, writes with {@link JournalUnwritable} too.
 */
export function fileLedgerStore(folder: string): LedgerStore {
  return new FileLedgerStore(folder);
}
