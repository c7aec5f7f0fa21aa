import type { CallName } from '../../src/testing/index.ts';

const LONGEST_CALL_MS = 20;

/** Every call takes a time of its own, so that those that began in one order end in another. */
export function anyLatencies(seed: number): Partial<Record<CallName, number>> {
  let state = seed;
  return new Proxy(
    {},
    {
      get: () => {
        state = (state * 48271) % (2 ** 31 - 1);
        return state % LONGEST_CALL_MS;
      },
    },
  );
}
