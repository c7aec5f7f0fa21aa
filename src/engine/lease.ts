/** The longest that a timer of Node can be set to. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Tells when a lease has run out, by the clock on the wall. It does not keep the process alive. */
export class Lease {
  #timer: NodeJS.Timeout | undefined;

  /** @param until epoch milliseconds; Infinity: never */
  start(until: number, expired: () => void): void {
    this.end();
    if (until === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(Math.max(until - Date.now(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => (Date.now() < until ? this.start(until, expired) : expired()), wait);
    this.#timer.unref();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
