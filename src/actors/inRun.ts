import { fromPromise } from 'xstate';
import type { ProvisionId } from '../domain/ids.ts';
import type { Phase } from '../domain/step.ts';
import { releaseResource } from '../machines/releaseResource.ts';
import { releaseResources } from '../machines/releaseResources.ts';
import { toFault } from './faults.ts';
import { listAlive, markUnanswered, tryRelease, waiveResource } from './release.ts';
import type { Conduct, Run, Runs } from './run.ts';

interface RunInput {
  readonly provisionId: ProvisionId;
}

const plainly: Conduct = (_, work) => work();

/** Who decides when actors of these runs work, and when they are heard of. */
export const conductOf = (runs: Runs): Conduct => runs.dependencies.conduct ?? plainly;

/** An actor that does its work in a run, and rejects with a fault. */
export function inRun<Input extends RunInput, Output>(
  runs: Runs,
  phase: Phase,
  work: (run: Run, input: Input, signal: AbortSignal) => Output | Promise<Output>,
) {
  const conduct = conductOf(runs);
  return fromPromise<Output, Input>(async ({ input, signal, self }) => {
    try {
      return await conduct({ id: self.id, input }, async () => work(await runs.get(input.provisionId), input, signal));
    } catch (error) {
      throw toFault(error, phase);
    }
  });
}

/** The releaser of a run of either kind. */
export function releaserOn(runs: Runs) {
  return releaseResources.provide({
    actors: {
      listAlive: inRun(runs, 'releasing', (run, { which }) => listAlive(run, which)),
      waiveResource: inRun(runs, 'releasing', (run, { resource }) => waiveResource(run, resource)),
      releaseResource: releaseResource.provide({
        actors: {
          tryRelease: inRun(runs, 'releasing', (run, { resource }) => tryRelease(run, resource)),
          markUnanswered: inRun(runs, 'releasing', (run, { resource }) => markUnanswered(run, resource)),
        },
      }),
    },
  });
}

/** Asks the step of a run to begin nothing more, in whichever machine; a call that has begun goes on. */
export function stopperOn(runs: Runs) {
  return inRun(runs, 'releasing', (run) => {
    runs.admission.leave(run.id);
    return run.stop();
  });
}
