import { isAtRest } from '../domain/provisionStatus.ts';
import type { RunSummary } from '../journal/runSummary.ts';
import { interrupted } from '../machines/faults.ts';
import type { TakenUp } from '../machines/run/contract.ts';
import { RunInProgress } from './faults.ts';

/**
 * Where a run is taken up that another process has left. A release that was interrupted is a release still: what its
 * caller keeps is not taken from them.
 * @throws {RunInProgress} when its process is still at it
 */
export function whereOf(run: RunSummary): TakenUp {
  const { status, fault = null, wasProvisioned } = run;
  if (status !== 'interrupted' && !isAtRest(status)) throw new RunInProgress(run);
  if (status === 'provisioned') return { at: 'provisioned' };
  if (status === 'held' && fault !== null) return { at: 'held', fault };
  if (status === 'interrupted' && !wasProvisioned) return { at: 'interrupted', fault: fault ?? interrupted() };
  return { at: 'residue', fault };
}
