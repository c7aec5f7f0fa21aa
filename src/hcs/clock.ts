import type { Clock } from '../domain/clock.ts';

/** Wall time, from the start of the process. */
export function realClock(): Clock {
  return {
    now: () => performance.now(),
    setTimeout: (run, delayMs) => setTimeout(run, delayMs),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  };
}
