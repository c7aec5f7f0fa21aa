import type { ProvisionId } from '../../domain/ids.ts';
import type { Provisioner } from '../../engine/contract.ts';
import { headerOf } from '../../journal/runFile.ts';
import type { RunLine } from '../../journal/store.ts';
import type { ToldLine } from '../../journal/tellingStore.ts';
import type { KnownRun, Registry } from './registry.ts';

/** How many lines are taken at a time: the runs have their turn in between. */
const TURN_LINES = 500;

/** The runs of a provisioner live in this process. */
const isNeverLeft = (): boolean => false;

/** Tells a registry of what the runs of a provisioner write down from now on, in turns between their own work. */
export class ProvisionerFollower {
  readonly #registry: Registry;
  /** The runs that are told from here; others are known by their files. */
  readonly #own = new Map<string, KnownRun>();
  readonly #waiting: ToldLine[] = [];
  #isPlanned = false;
  readonly #stop: () => void;

  constructor(provisioner: Pick<Provisioner, 'lines$'>, registry: Registry) {
    this.#registry = registry;
    const subscription = provisioner.lines$.subscribe((told) => this.#take(told));
    this.#stop = () => subscription.unsubscribe();
  }

  stop(): void {
    this.#stop();
  }

  #take(told: ToldLine): void {
    this.#waiting.push(told);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    const batch = this.#waiting.splice(0, TURN_LINES);
    const runs = new Set<string>();
    for (const { run, line } of batch) {
      this.#runOf(run, line)?.tell(line);
      runs.add(run);
    }
    for (const run of runs) this.#registry.touch(run);
    if (this.#waiting.length > 0) setImmediate(() => this.#turn());
    else this.#isPlanned = false;
  }

  #runOf(id: ProvisionId, line: RunLine): KnownRun | undefined {
    const own = this.#own.get(id);
    if (own !== undefined && this.#registry.run(id) === own) return own;
    // What came before of a run that had begun already, only its file tells.
    const begins = line.type === 'run.started' || (line.type === 'note.limits' && !this.#registry.run(id));
    if (!begins) return undefined;
    this.#registry.forgetOldest();
    const run = this.#registry.begin(id, isNeverLeft);
    run.tell(headerOf(id));
    this.#own.set(id, run);
    return run;
  }
}
