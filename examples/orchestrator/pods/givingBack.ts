/** Giving back what pods stood on, for as long as it takes: nobody else will. */
import type { Clock, ReleaseReport } from 'slipway';
import { sleep } from '../waits.ts';
import { type BackOff, delayOf } from './restarting.ts';
import { type Why, whyOf, whyStillThere } from './why.ts';

export interface Persistence {
  readonly clock: Clock;
  readonly backOff: BackOff;
  /** Ends the trying. What is not given back by then is found by the next recovery. */
  readonly closed: AbortSignal;
  /** Told of each try that was not the last. */
  readonly onFailure: (why: Why) => void;
}

/** Does it until it succeeds, or everything is over. */
export async function untilDone(work: () => Promise<Why | undefined>, persistence: Persistence): Promise<void> {
  const { clock, backOff, closed, onFailure } = persistence;
  for (let tries = 1; !closed.aborted; tries += 1) {
    const why = await work().catch(whyOf);
    if (why === undefined) return;
    onFailure(why);
    await sleep(clock, delayOf(backOff, tries), closed);
  }
}

/** Gives back until nothing is left. */
export function giveBack(release: () => Promise<ReleaseReport>, persistence: Persistence): Promise<void> {
  return untilDone(async () => whyStillThere(await release()), persistence);
}
