/** The longest that a timer of Node can be set to. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * How long a run holds what it was told to keep, by the clock on the wall: from the first moment that it is held, also
 * when it comes to that a second time. It does not keep the process alive.
 */
export class Lease {
  /** Epoch milliseconds; Infinity: for ever. */
  #end: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param until when it ends, as another process has said that held the run; ISO 8601, or `never` */
  constructor(until?: string) {
    if (until !== undefined) this.#end = until === 'never' ? Number.POSITIVE_INFINITY : Date.parse(until);
  }

  /** Begins, or goes on; gives when it ends, ISO 8601, or undefined for never. */
  hold(lengthMs: number, expired: () => void): string | undefined {
    this.#end ??= Date.now() + lengthMs;
    this.#wait(this.#end, expired);
    return Number.isFinite(this.#end) ? new Date(this.#end).toISOString() : undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(end: number, expired: () => void): void {
    this.stop();
    if (end === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(Math.max(end - Date.now(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => (Date.now() < end ? this.#wait(end, expired) : expired()), wait);
    this.#timer.unref();
  }
}
