import { vmId } from '../../domain/ids.ts';
import { summarize } from '../../journal/runSummary.ts';
import { usersOf } from '../../journal/vmRuns.ts';
import { openHost } from '../hosts.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { statusOf } from '../runState.ts';
import { provisionOf, type StateOptions } from '../state.ts';
import { vmRunOf } from './runs.ts';

/** `slipway vm state ID`: what there is to know of a VM, as JSON. @throws {Refusal} for an unknown one */
export async function vmState(id: string, options: StateOptions, { out }: Streams): Promise<number> {
  const { host, journal } = openHost(options);
  const run = vmRunOf((await summarize(journal)).runs, id);
  const shown = {
    id: run.containerId,
    status: await statusOf(host, run),
    traits: run.traits ?? null,
    containers: await usersOf(journal, vmId(run.containerId)),
    request: run.request,
    provision: provisionOf(run),
  };
  out(`${JSON.stringify(shown, null, options.json === true ? 0 : 2)}\n`);
  return EXIT.done;
}
