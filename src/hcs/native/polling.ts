/** One timer for all that is waited for by asking again: nothing native calls back, and nothing is asked in vain. */
const QUICK_MS = 1;
const SLOW_MS = 5;
const IDLE_MS = 20;
/** For how long something is new, and so likely to be done soon. */
const NEW_MS = 25;
/** After how long something may as well take for ever: a process that says nothing. */
const OLD_MS = 1000;
/** Of the time of the thread, what asking may take at most. */
const SHARE = 5;

function delayFor(ageMs: number): number {
  if (ageMs < NEW_MS) return QUICK_MS;
  return ageMs < OLD_MS ? SLOW_MS : IDLE_MS;
}

interface Waiting {
  readonly since: number;
  /** Asks; gives true when it need not be asked again. It never throws. */
  readonly settle: () => boolean;
}

export class Polling {
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #delay = 0;
  #notBefore = 0;

  /**
   * Asks until there is an answer. The event loop is kept alive meanwhile.
   * @param ask gives undefined while there is none; must not block
   * @throws what `ask` throws
   */
  until<T>(ask: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (): boolean => {
        try {
          const answer = ask();
          if (answer === undefined) return false;
          resolve(answer);
        } catch (error) {
          reject(error);
        }
        return true;
      };
      if (settle()) return;
      this.#waiting.add({ since: performance.now(), settle });
      this.#schedule(QUICK_MS);
    });
  }

  /** Whoever comes while the others are asked about seldom is not kept waiting by that. */
  #schedule(wanted: number): void {
    const delay = Math.max(wanted, this.#notBefore - performance.now());
    if (this.#timer !== undefined && delay >= this.#delay) return;
    clearTimeout(this.#timer);
    this.#delay = delay;
    this.#timer = setTimeout(() => this.#ask(), delay);
  }

  #ask(): void {
    const start = performance.now();
    let youngest = Number.POSITIVE_INFINITY;
    for (const waiting of this.#waiting) {
      if (waiting.settle()) this.#waiting.delete(waiting);
      else youngest = Math.min(youngest, start - waiting.since);
    }
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const took = performance.now() - start;
    this.#notBefore = start + took + took * SHARE;
    this.#schedule(delayFor(youngest));
  }
}
