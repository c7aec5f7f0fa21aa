import { setTimeout as pause } from 'node:timers/promises';

/** Waits until the condition holds; a test that waits for what never comes ends by its own time limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(2);
}
