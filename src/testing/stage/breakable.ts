import { releaserOn } from '../../actors/inRun.ts';
import type { Runs } from '../../actors/run.ts';

/** The releaser of runs, with a defect: it breaks in the middle of its work where `defect` throws. */
export function breakableReleaser(runs: Runs, defect: () => void) {
  return releaserOn(runs).provide({
    guards: {
      queueIsEmpty: ({ context }) => {
        defect();
        return context.queue.length === 0;
      },
      mustGoOverItAgain: ({ context }) => {
        defect();
        return context.again;
      },
    },
  });
}
