import type { Clock } from 'slipway';

/** Resolves when the time is over, or the signal is given: whoever waits asks the signal which of both it was. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const over = (): void => {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = clock.setTimeout(over, ms);
    signal.addEventListener('abort', over);
  });
}

/** Waits for the work, but no longer than until one of the signals is given; the work goes on. */
export function until<T>(work: Promise<T>, ...signals: readonly AbortSignal[]): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const give = (): void => resolve(undefined);
    for (const signal of signals) signal.addEventListener('abort', give);
    if (signals.some(({ aborted }) => aborted)) give();
    const leave = (): void => {
      for (const signal of signals) signal.removeEventListener('abort', give);
    };
    work.then(resolve, reject).finally(leave);
  });
}

/** Resolves when one of the signals is given. */
export function aborted(...signals: readonly AbortSignal[]): Promise<undefined> {
  return until(new Promise<undefined>(() => {}), ...signals);
}
