/** Time as a port: one clock moves the machine, the simulated host and the measurements alike. */
export interface Clock {
  /** Milliseconds, monotonic; the origin is the clock's own. */
  now(): number;
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}
