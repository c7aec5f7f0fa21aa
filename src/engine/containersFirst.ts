import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import { isContainerRun, isVmRun, type RunSummary } from '../journal/runSummary.ts';

/** Runs that are worked on at the same time: what one has begun in a VM can be what another one waits for. */
const AT_ONCE = 32;

function ofAll<T>(runs: readonly RunSummary[], work: (run: RunSummary) => Promise<T>): Promise<readonly T[]> {
  return lastValueFrom(from(runs).pipe(mergeMap(work, AT_ONCE), toArray()));
}

/** Many at a time, and those of containers before those of VMs: what is in a VM is given back before the VM is. */
export async function containersFirst<T extends { readonly run: RunSummary }>(
  runs: readonly RunSummary[],
  work: (run: RunSummary) => Promise<T>,
): Promise<readonly T[]> {
  const containers = await ofAll(runs.filter(isContainerRun), work);
  const vms = await ofAll(runs.filter(isVmRun), work);
  const done = new Map([...containers, ...vms].map((one) => [one.run.provisionId, one]));
  return runs.flatMap(({ provisionId }) => done.get(provisionId) ?? []);
}
