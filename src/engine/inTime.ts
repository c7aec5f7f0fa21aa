import { Failure } from '../actors/faults.ts';
import type { Clock } from '../domain/clock.ts';
import type { Fault } from '../domain/fault.ts';

export interface Limit {
  readonly clock: Clock;
  readonly ms: number;
  /** What is said of work that takes longer. */
  readonly overdue: Fault;
}

/** Waits for work that goes on whether it is waited for or not. @throws {Failure} `overdue` */
export function inTime<T>(work: Promise<T>, { clock, ms, overdue }: Limit): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(new Failure(overdue)), ms);
    const done = (): void => clock.clearTimeout(timer);
    work.then(resolve, reject).finally(done);
  });
}
