import { type ProvisionId, provisionId, type VmId } from '../domain/ids.ts';
import { machineProcesses, type Processes } from '../hcs/processIdentity.ts';
import { summaryOf } from '../journal/runSummary.ts';
import type { LedgerStore } from '../journal/store.ts';
import type { VmStore } from '../journal/vmStore.ts';

export interface AbandonedDependencies {
  readonly store: LedgerStore;
  readonly vms: VmStore;
  readonly processes?: Processes;
  /** Undoes a run that nobody drives any more, unless somebody else does so already. */
  readonly reap?: ((run: ProvisionId) => Promise<void>) | undefined;
}

/** Holders are ledger entries: `<run>/<number>`. */
const runOf = (holder: string): ProvisionId => provisionId(holder.slice(0, holder.lastIndexOf('/')));

/**
 * Undoes the runs of processes that have died while something was being attached to the VM for them, or taken off:
 * until it is known what came of that, others wait.
 */
export async function reapAbandoned(dependencies: AbandonedDependencies, vm: VmId): Promise<void> {
  const { store, vms, processes = machineProcesses, reap } = dependencies;
  if (reap === undefined) return;
  const record = await vms.read(vm);
  for (const run of new Set((record?.unsettled ?? []).map(runOf))) {
    const summary = summaryOf(run, await store.read(run), processes);
    if (summary !== undefined && processes.hasEnded(summary.process)) await reap(run);
  }
}
