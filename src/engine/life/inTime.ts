import { Failure } from '../../actors/faults.ts';
import type { Clock } from '../../domain/clock.ts';
import type { LifePhase } from '../../domain/step.ts';
import { lifeOverdue } from '../../machines/faults.ts';

export interface Limit {
  readonly clock: Clock;
  readonly ms: number;
  readonly phase: LifePhase;
}

/** Waits for work that goes on whether it is waited for or not. @throws {Failure} `deadline-exceeded` */
export function inTime<T>(work: Promise<T>, { clock, ms, phase }: Limit): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(new Failure(lifeOverdue(phase, ms))), ms);
    const done = (): void => clock.clearTimeout(timer);
    work.then(resolve, reject).finally(done);
  });
}
