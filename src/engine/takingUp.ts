import type { ProvisionId } from '../domain/ids.ts';
import { isAtRest } from '../domain/provisionStatus.ts';
import type { Processes } from '../hcs/processIdentity.ts';
import { type RunSummary, summaryOf } from '../journal/runSummary.ts';
import type { LedgerStore } from '../journal/store.ts';
import { interrupted } from '../machines/faults.ts';
import type { TakenUp } from '../machines/run/contract.ts';
import { RunEnded, RunInProgress, RunUnknown } from './faults.ts';

/**
 * Where a run is taken up that another process has left. A release that was interrupted is a release still: what its
 * caller keeps is not taken from them.
 */
export function whereOf({ status, fault, wasProvisioned }: RunSummary): TakenUp {
  if (status === 'provisioned') return { at: 'provisioned' };
  if (status === 'held') return { at: 'held', fault: fault ?? interrupted() };
  if (status === 'interrupted' && !wasProvisioned) return { at: 'interrupted', fault: fault ?? interrupted() };
  return { at: 'residue', fault: fault ?? null };
}

/** Whether somebody drives the run: another process that lives, or this one in the middle of it. */
export function isDriven({ process, status }: RunSummary, { own, hasEnded }: Processes): boolean {
  return process === own ? status !== 'interrupted' && !isAtRest(status) : !hasEnded(process);
}

/**
 * Makes this process the one that drives the run. Of several processes that try, one succeeds.
 * @throws {RunUnknown} {@link RunInProgress} {@link RunEnded} {@link RunFileUnreadable} {@link JournalUnwritable}
 */
export async function claimRun(store: LedgerStore, id: ProvisionId, processes: Processes): Promise<RunSummary> {
  const summaryIn = async () => summaryOf(id, await store.read(id), processes);
  if ((await summaryIn()) === undefined) throw new RunUnknown(id);
  let claimed: RunSummary | undefined;
  await store.amend(id, (records) => {
    claimed = summaryOf(id, records, processes);
    if (claimed === undefined) throw new RunUnknown(id);
    if (isDriven(claimed, processes)) throw new RunInProgress(claimed);
    if (claimed.status === 'failed' || claimed.status === 'released') throw new RunEnded(claimed);
    if (claimed.process === processes.own) return undefined;
    return { type: 'run.takenUp', at: new Date().toISOString(), process: processes.own };
  });
  if (claimed === undefined) throw new RunUnknown(id);
  return claimed;
}
