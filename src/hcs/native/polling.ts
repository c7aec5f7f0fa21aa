/** One timer for all that is waited for by asking again: nothing native calls back, and nothing is asked in vain. */
const QUICK_MS = 1;
const SLOW_MS = 5;
/** For how long something is new, and so likely to be done soon. */
const NEW_MS = 25;
/** Of the time of the thread, what asking may take at most. */
const SHARE = 5;

interface Waiting {
  readonly since: number;
  /** Asks; gives true when it need not be asked again. It never throws. */
  readonly settle: () => boolean;
}

export class Polling {
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

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

  #schedule(delay: number): void {
    this.#timer ??= setTimeout(() => this.#ask(), delay);
  }

  #ask(): void {
    const start = performance.now();
    let isNew = false;
    for (const waiting of this.#waiting) {
      if (waiting.settle()) this.#waiting.delete(waiting);
      else isNew ||= start - waiting.since < NEW_MS;
    }
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const took = performance.now() - start;
    this.#schedule(Math.max(isNew ? QUICK_MS : SLOW_MS, took * SHARE));
  }
}
