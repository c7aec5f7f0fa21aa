/** What the runs of a journal say of utility VMs. */
import type { ProvisionId, SystemId, VmId } from '../domain/ids.ts';
import type { VmTraits } from '../domain/utilityVm.ts';
import { isContainerRun, isOpen, summarize } from './runSummary.ts';
import type { LedgerStore } from './store.ts';

/** The containers in a VM, and those whose failed creates still hold something there. */
export async function usersOf(store: LedgerStore, vm: VmId): Promise<readonly SystemId[]> {
  const { runs } = await summarize(store);
  return runs
    .filter(isContainerRun)
    .filter((run) => isOpen(run) && run.request.vm?.toLowerCase() === vm.toLowerCase())
    .map(({ containerId }) => containerId);
}

/** @throws {RangeError} when the VM of the run has never run */
export async function traitsOf(store: LedgerStore, run: ProvisionId): Promise<VmTraits> {
  const started = (await store.read(run)).findLast((record) => record.type === 'vm.started');
  if (started?.type !== 'vm.started') throw new RangeError(`the utility VM of run ${run} has never run`);
  return started.traits;
}
