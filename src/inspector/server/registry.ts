import type { RunLine } from '../../journal/store.ts';
import type { Problem, RunOverview } from '../protocol.ts';
import { Standing } from '../story/standing.ts';

/** A run with more lines is shown without those that follow. */
const MOST_LINES = 50_000;
/** Of the runs of this process that have ended, the older ones are forgotten. */
const MOST_ENDED = 1_000;

const TOO_LONG: Problem = {
  code: 'run-too-long',
  message: `the run has more than ${MOST_LINES} lines: those that follow are not shown`,
  hint: 'Read the rest in its run file.',
};

/** What is known of one run. */
export class KnownRun {
  readonly id: string;
  readonly lines: RunLine[] = [];
  readonly #standing = new Standing();
  readonly #isLeft: (process: string) => boolean;

  constructor(id: string, isLeft: (process: string) => boolean) {
    this.id = id;
    this.#isLeft = isLeft;
  }

  get problem(): Problem | undefined {
    return this.lines.length < MOST_LINES ? undefined : TOO_LONG;
  }

  /** Whether it is known what the run is about. */
  get isKnown(): boolean {
    return this.#standing.started !== undefined;
  }

  get hasEnded(): boolean {
    const status = this.#standing.status();
    return status === 'failed' || status === 'released';
  }

  /** Never throws. */
  tell(line: RunLine): void {
    try {
      this.#standing.tell(line);
    } catch {
      // A line that makes no sense changes nothing of where the run stands; it is shown as it is.
    }
    if (this.lines.length < MOST_LINES) this.lines.push(line);
  }

  overview(): RunOverview | undefined {
    return this.#standing.overview(this.id, !this.hasEnded && this.#isLeft(this.#standing.process));
  }
}

/** `undefined`: all of them, for some are gone. */
export type Changed = string | undefined;

/** All runs that an inspector knows of, wherever it has them from. */
export class Registry {
  readonly #runs = new Map<string, KnownRun>();
  /** By file. */
  readonly #problems = new Map<string, Problem>();
  readonly #listeners = new Set<(changed: Changed) => void>();

  run(id: string): KnownRun | undefined {
    return this.#runs.get(id);
  }

  get runs(): Iterable<KnownRun> {
    return this.#runs.values();
  }

  get problems(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  /** Told after every change; gives the end of it. */
  onChange(listener: (changed: Changed) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @param isLeft whether the process of that name is gone */
  begin(id: string, isLeft: (process: string) => boolean): KnownRun {
    const run = new KnownRun(id, isLeft);
    this.#runs.set(id, run);
    return run;
  }

  tell(run: KnownRun, lines: readonly RunLine[]): void {
    for (const line of lines) run.tell(line);
    this.touch(run.id);
  }

  /** Something of the run may have changed. */
  touch(id: Changed): void {
    for (const listener of this.#listeners) listener(id);
  }

  forget(id: string): void {
    if (this.#runs.delete(id)) this.touch(undefined);
  }

  forgetOldest(): void {
    const ended = [...this.#runs.values()].filter((run) => run.hasEnded);
    const old = ended.slice(0, Math.max(0, ended.length - MOST_ENDED));
    for (const { id } of old) this.#runs.delete(id);
    if (old.length > 0) this.touch(undefined);
  }

  report(file: string, problem: Problem | undefined): void {
    if (this.#problems.get(file)?.message === problem?.message) return;
    if (problem === undefined) this.#problems.delete(file);
    else this.#problems.set(file, problem);
    this.touch(undefined);
  }
}
