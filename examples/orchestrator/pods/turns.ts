/** How many pods are created at once. What those do to the host is Slipway's to bound. */
import pLimit from 'p-limit';

export class Turns {
  readonly #limit: ReturnType<typeof pLimit>;

  constructor(atOnce: number) {
    this.#limit = pLimit(atOnce);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#limit.pendingCount;
  }

  /** Does the work when it is its turn; undefined when the signal is given before that. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const leave = (): void => resolve(undefined);
      signal.addEventListener('abort', leave);
      const begin = async (): Promise<void> => {
        signal.removeEventListener('abort', leave);
        if (signal.aborted) return leave();
        await work().then(resolve, reject);
      };
      void this.#limit(begin);
    });
  }
}
