import type { Fault } from '../domain/fault.ts';
import type { ResourceId } from '../domain/ids.ts';
import { describeResource, isAlive, type LedgerEntry, type Resource, releaseOrder } from '../domain/resource.ts';
import type { ReleaseAnswer } from '../machines/releaseResource.ts';
import type { WhichResources } from '../machines/releaseResources.ts';
import { Failure, toFault } from './faults.ts';
import { KEPT, releaseByKind, type Went } from './releasers.ts';
import type { Run } from './run.ts';

function unansweredFault(entry: LedgerEntry, which: 'acquiring' | 'releasing'): Fault {
  const description = describeResource(entry.resource);
  return {
    code: 'outcome-unknown',
    message: `the call ${which} ${description} has not answered: whether it is on the host is not known`,
    hint: 'It is undone by itself when the call answers. Look at the host (hcsdiag list, hnsdiag list all) if it never does.',
    step: which === 'acquiring' ? entry.step : 'releasing',
    transient: true,
    resource: { id: entry.id, description },
  };
}

/**
 * Tries once to release a resource. `unresolved` when the call that acquires it has not answered: what was found is
 * undone, but more may come. `overtaken` when that call has answered meanwhile: more may have come.
 */
export async function tryRelease(run: Run, id: ResourceId): Promise<ReleaseAnswer> {
  const entry = run.ledger.entry(id);
  if (!isAlive(entry)) return 'released';
  const wasInFlight = run.releaseInFlight(id);
  let went: Went;
  try {
    went = await releaseByKind(entry.resource, run, entry.id);
  } catch (error) {
    // The call that acquires it may have answered meanwhile that it is somebody else's.
    if (!isAlive(run.ledger.entry(id))) return 'released';
    await run.ledger.releaseTried(id, 'residue', toFault(error, 'releasing', entry.resource));
    return 'failed';
  }
  if (run.isInFlight(id)) {
    await run.ledger.releaseTried(id, 'residue', unansweredFault(entry, 'acquiring'));
    return 'unresolved';
  }
  if (wasInFlight) return 'overtaken';
  await noteGone(run, id, went);
  return 'released';
}

async function noteGone(run: Run, id: ResourceId, went: Went): Promise<void> {
  if (went === KEPT) await run.ledger.releaseTried(id, 'handedOver');
  else if (went === undefined) await run.ledger.releaseTried(id, 'released');
  else await run.ledger.wentWith(id, went);
}

/** Notes that the release of a resource has not answered in time; what turned out to be somebody else's stays so. */
export async function markUnanswered(run: Run, id: ResourceId): Promise<void> {
  const entry = run.ledger.entry(id);
  if (isAlive(entry)) await run.ledger.change(id, 'residue', unansweredFault(entry, 'releasing'));
}

/** Whether a resource stays its caller's when what stood on it has been there and is gone. */
function isKept(resource: Resource, all: readonly LedgerEntry[]): boolean {
  switch (resource.kind) {
    case 'scratchFolder':
    case 'scratchLayer':
      return true;
    case 'vmFile':
      return resource.kept === true;
    case 'vmGroupAccess':
      // That to a file of one VM goes with the file; that to a folder may serve other VMs.
      return !all.some(({ resource: other }) => other.kind === 'vmFile' && other.path === resource.path);
    default:
      return false;
  }
}

/** The scratch of a container or VM that existed belongs to the caller: its data is theirs. */
async function handOverScratch(run: Run): Promise<void> {
  const { entries } = run.ledger;
  for (const { id, resource, state } of entries) {
    if (state === 'held' && isKept(resource, entries)) await run.ledger.change(id, 'handedOver');
  }
}

/** What is alive, in the order of release. Before a container is released, its scratch is handed over. */
export async function listAlive(run: Run, which: WhichResources): Promise<readonly ResourceId[]> {
  if (which === 'container') await handOverScratch(run);
  return releaseOrder(run.ledger.entries)
    .filter((entry) => which !== 'intended' || entry.state !== 'held')
    .map((entry) => entry.id);
}

/** Takes a residue off the list; anything that is not residue stays as it is. */
export async function waiveResource(run: Run, id: ResourceId): Promise<void> {
  const entry = run.ledger.entry(id);
  if (entry.state === 'residue') await run.ledger.change(id, 'waived', entry.fault);
}

/** Takes down what one attempt at the layers left mounted. */
export async function undoLayers(run: Run): Promise<void> {
  const mounted = releaseOrder(run.ledger.entries).filter(
    ({ resource }) => resource.kind === 'activatedLayer' || resource.kind === 'preparedLayer',
  );
  for (const { id, resource } of mounted) {
    const release = run.waitFor(`the release of ${describeResource(resource)}`, () => tryRelease(run, id));
    if ((await release) === 'released') continue;
    const { fault } = run.ledger.entry(id);
    throw new Failure(fault ?? toFault('the layer was not released', 'mountingLayers', resource));
  }
}
