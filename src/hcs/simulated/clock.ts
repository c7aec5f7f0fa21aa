import type { Clock } from '../../domain/clock.ts';
import { SimulatedTimers } from './timers.ts';

export interface VirtualClock extends Clock {
  /** Moves time on by `ms`, running what is due on the way, in order. */
  advance(ms: number): void;
}

/** How many turns of the event loop without a new timer count as idle: promises and streams settle in fewer. */
const IDLE_TURNS = 5;

/**
 * A clock whose time moves only when it is told to; with `autoAdvance`, it jumps to the next timer whenever the event
 * loop has nothing else to do, so that waits of minutes pass at once. It does not see what is waited for outside: while
 * a file is written or a process answers, it jumps, and deadlines pass; use it with a journal in memory.
 */
export function virtualClock(options: { readonly autoAdvance?: boolean } = {}): VirtualClock {
  const timers = new SimulatedTimers();
  let watching = false;
  const watch = (idleTurns: number, seen: number): void => {
    if (timers.pending === 0) {
      watching = false;
      return;
    }
    const idle = timers.activity === seen ? idleTurns + 1 : 0;
    if (idle < IDLE_TURNS) {
      setImmediate(watch, idle, timers.activity);
      return;
    }
    timers.runNext();
    setImmediate(watch, 0, timers.activity);
  };
  return {
    now: () => timers.now,
    setTimeout: (run, delayMs) => {
      const timer = timers.set(run, delayMs);
      if (options.autoAdvance === true && !watching) {
        watching = true;
        setImmediate(watch, 0, timers.activity);
      }
      return timer;
    },
    clearTimeout: (timer) => timers.clear(timer),
    advance: (ms) => timers.advance(ms),
  };
}
