import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Registry } from './registry.ts';
import { EXTENSION, RunFileReader } from './runFileReader.ts';

/** How often the folder is looked through, whether or not the system tells of changes. */
const LOOK_MS = 1_000;
/** How often what the system has told of is read. */
const READ_MS = 50;
/** Of a folder with more run files, the newest are shown. */
const MOST_FILES = 1_000;

interface Found {
  readonly name: string;
  readonly size: number;
  readonly changedMs: number;
}

async function filesIn(folder: string): Promise<readonly Found[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(EXTENSION));
  const found = names.map(async (name): Promise<readonly Found[]> => {
    const stats = await stat(join(folder, name)).catch(() => undefined);
    return stats === undefined ? [] : [{ name, size: stats.size, changedMs: stats.mtimeMs }];
  });
  return (await Promise.all(found)).flat();
}

/** Tells a registry of the run files of a folder, and of what processes append to them. */
export class FolderFollower {
  readonly #folder: string;
  readonly #registry: Registry;
  readonly #readers = new Map<string, RunFileReader>();
  readonly #sizes = new Map<string, number>();
  readonly #changed = new Set<string>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(folder: string, registry: Registry) {
    this.#folder = folder;
    this.#registry = registry;
  }

  /** Resolves when what is there has been read. */
  async start(): Promise<void> {
    await this.#look();
    this.#plan();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#watcher?.close();
  }

  #plan(): void {
    if (this.#isStopped) return;
    let lookAt = performance.now() + LOOK_MS;
    const turn = async (): Promise<void> => {
      const isTime = performance.now() >= lookAt;
      if (isTime) await this.#look();
      else await this.#readChanged();
      if (isTime) lookAt = performance.now() + LOOK_MS;
      if (!this.#isStopped) this.#timer = setTimeout(() => void turn(), READ_MS);
    };
    this.#timer = setTimeout(() => void turn(), READ_MS);
  }

  /** The folder may come into being later. */
  #watch(): void {
    if (this.#watcher !== undefined || this.#isStopped) return;
    try {
      const watcher = watch(this.#folder, { persistent: false }, (_, name) => {
        if (name?.endsWith(EXTENSION) === true) this.#changed.add(name);
      });
      watcher.on('error', () => {
        watcher.close();
        this.#watcher = undefined;
      });
      this.#watcher = watcher;
    } catch {
      // Where the system does not tell of changes, looking does.
    }
  }

  async #look(): Promise<void> {
    this.#watch();
    const found = await filesIn(this.#folder);
    const newest = [...found].sort((a, b) => b.changedMs - a.changedMs).slice(0, MOST_FILES);
    for (const { name, size } of newest) if (this.#sizes.get(name) !== size) this.#changed.add(name);
    for (const { name, size } of found) this.#sizes.set(name, size);
    const names = new Set(found.map(({ name }) => name));
    for (const name of this.#readers.keys()) if (!names.has(name)) this.#drop(name);
    await this.#readChanged();
    // A process that ends without a word changes what its runs are.
    for (const { run } of this.#readers.values()) if (run !== undefined && !run.hasEnded) this.#registry.touch(run.id);
  }

  #drop(name: string): void {
    const run = this.#readers.get(name)?.run;
    this.#readers.delete(name);
    this.#sizes.delete(name);
    this.#registry.report(join(this.#folder, name), undefined);
    if (run !== undefined) this.#registry.forget(run.id);
  }

  async #readChanged(): Promise<void> {
    const names = [...this.#changed];
    this.#changed.clear();
    for (const name of names) await this.#readerOf(name)?.read();
  }

  /** undefined for a run that the registry has from elsewhere: its process tells more, and sooner. */
  #readerOf(name: string): RunFileReader | undefined {
    const known = this.#readers.get(name);
    if (known !== undefined) return known;
    if (this.#registry.run(basename(name, EXTENSION))?.isKnown === true) return undefined;
    const reader = new RunFileReader(join(this.#folder, name), this.#registry);
    this.#readers.set(name, reader);
    return reader;
  }
}
