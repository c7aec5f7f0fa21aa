/** Finding the runs of VMs by what a person calls them. */
import { isOpen, isVmRun, type RunSummary, type VmRunSummary } from '../../journal/runSummary.ts';
import { Refusal } from '../input.ts';
import { findRun } from '../runs.ts';

/** @throws {Refusal} */
export function vmRunOf(runs: readonly RunSummary[], id: string): VmRunSummary {
  const run = findRun(runs.filter(isVmRun), id);
  if (run !== undefined) return run;
  throw new Refusal(
    'vm-unknown',
    `there is no utility VM ${id} that slipway has made on this host`,
    'slipway vm list --all shows those that there are and were; --host chooses the host.',
  );
}

/** @throws {Refusal} when a run has the id, and something on the host */
export function refuseTakenVm(runs: readonly RunSummary[], id: string | undefined): void {
  const run = id === undefined ? undefined : findRun(runs, id);
  if (run === undefined || !isOpen(run)) return;
  throw new Refusal(
    'id-in-use',
    `the id ${run.containerId} is in use: ${run.status} since ${run.startedAt}, by run ${run.provisionId}`,
    'Use another id, or give that one back first (slipway vm delete, slipway release).',
  );
}
