/** Processes of a test: engines that live in this one, and end when the test says so. */
import type { Processes } from '../../src/index.ts';

export function pretendedProcesses() {
  const ended = new Set<string>();
  return {
    named: (own: string): Processes => ({ own, hasEnded: (identity) => ended.has(identity) }),
    end: (own: string): void => void ended.add(own),
  };
}
