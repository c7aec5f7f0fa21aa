interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly run: () => void;
}

/** Timers on a time of their own: what is due earlier runs earlier, at one moment in the order of setting. */
export class SimulatedTimers {
  readonly #timers = new Map<unknown, Timer>();
  #now = 0;
  #activity = 0;

  get now(): number {
    return this.#now;
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Grows whenever a timer is set, cleared or run. */
  get activity(): number {
    return this.#activity;
  }

  set(run: () => void, delayMs: number): unknown {
    this.#activity += 1;
    const key = Symbol('timer');
    this.#timers.set(key, { dueAt: this.#now + Math.max(0, delayMs), order: this.#activity, run });
    return key;
  }

  clear(key: unknown): void {
    if (this.#timers.delete(key)) this.#activity += 1;
  }

  /** Runs the next timer, at its time. */
  runNext(): void {
    const next = this.#next();
    if (next === undefined) return;
    const [key, timer] = next;
    this.#timers.delete(key);
    this.#activity += 1;
    this.#now = timer.dueAt;
    timer.run();
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(); next !== undefined && next[1].dueAt <= until; next = this.#next()) this.runNext();
    this.#now = until;
  }

  #next(): [unknown, Timer] | undefined {
    let first: [unknown, Timer] | undefined;
    for (const entry of this.#timers) {
      const [, timer] = entry;
      const isEarlier =
        first === undefined ||
        timer.dueAt < first[1].dueAt ||
        (timer.dueAt === first[1].dueAt && timer.order < first[1].order);
      if (isEarlier) first = entry;
    }
    return first;
  }
}
