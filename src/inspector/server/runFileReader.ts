import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { hasEnded } from '../../hcs/processIdentity.ts';
import { systemCodeOf } from '../../hcs/systemError.ts';
import { parseRunFile, type RunFilePlace, RunFileUnreadable } from '../../journal/runFile.ts';
import type { Problem } from '../protocol.ts';
import type { KnownRun, Registry } from './registry.ts';

/** A run file that is larger is not shown. */
const MOST_BYTES = 64 * 1024 * 1024;

export const EXTENSION = '.jsonl';

const BEGINNING: RunFilePlace = { length: 0, count: 0, sum: '' };

function unreadable(file: string, error: unknown): Problem {
  if (error instanceof RunFileUnreadable) {
    const hint = error.isNewer
      ? 'Use the version of slipway that has written it.'
      : 'See what has written into it; what it lists may still be on the host.';
    return { code: error.code, message: error.message, hint };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'run-file-unreadable',
    message: `the run file ${file} cannot be read: ${reason}`,
    hint: 'See whether the path and its rights are right.',
  };
}

async function bytesFrom(file: string, from: number): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    // Shorter than it was: a part that was torn has been written over.
    const bytes = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Reads one run file, and what is appended to it later. */
export class RunFileReader {
  readonly file: string;
  readonly #registry: Registry;
  #place: RunFilePlace = BEGINNING;
  #run: KnownRun | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(file: string, registry: Registry) {
    this.file = file;
    this.#registry = registry;
  }

  get run(): KnownRun | undefined {
    return this.#run;
  }

  /** Tells the registry of what is new, or why it cannot. Never rejects. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#readOn());
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    try {
      this.#tell(parseRunFile(this.file, await bytesFrom(this.file, this.#place.length), this.#place));
      this.#registry.report(this.file, undefined);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT' || this.#run === undefined)
        this.#registry.report(this.file, unreadable(this.file, error));
    }
  }

  #tell({ lines, ...place }: ReturnType<typeof parseRunFile>): void {
    const [header] = lines;
    if (this.#place.count === 0 && header?.type === 'header') {
      this.#run = this.#registry.begin(header.run || basename(this.file, EXTENSION), hasEnded);
    }
    this.#place = place;
    const run = this.#run;
    // Its process may tell of it by now.
    if (run !== undefined && lines.length > 0 && this.#registry.run(run.id) === run) this.#registry.tell(run, lines);
  }
}
