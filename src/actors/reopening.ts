/** What a run does when the Host Compute Service went away: its handles are dead, and its system may be gone. */
import type { SystemAfterLoss } from '../domain/events.ts';
import type { ContainerId, VmId } from '../domain/ids.ts';
import { isAlive, type LedgerEntry, type ResourceKind } from '../domain/resource.ts';
import { isGone, isServiceLost } from '../hcs/hostError.ts';
import { closeHandle, closeHandles } from './handles.ts';
import type { Run } from './run.ts';

const PHASE = 'reconciling';

/** What cannot be released without the service. */
const OF_SERVICE: readonly ResourceKind[] = ['computeSystem', 'utilityVm', 'credentialGuard', 'vmAttachment'];

/** The new handle comes before the old ones go: one of those may be the last that keeps the system alive. */
async function reopen(run: Run, id: ContainerId | VmId): Promise<SystemAfterLoss> {
  const stale = [...run.handlesOf(id)];
  const { compute } = run.host;
  try {
    const handle = await run.call(PHASE, 'compute.open', id, () => compute.open(id));
    run.handlesOf(id).push(handle);
    for (const old of stale) await closeHandle(run, PHASE, id, old);
    const { State } = await run.call(PHASE, 'compute.properties', id, () => compute.properties(handle));
    if (State !== 'Stopped') return 'there';
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  await closeHandles(run, PHASE, id);
  return 'gone';
}

/** undefined for a host without a credential guard, which says so, as a service that is away cannot. */
async function guards(run: Run): Promise<ReadonlySet<string> | undefined> {
  const { credentials } = run.host;
  try {
    const instances = await run.call(PHASE, 'credentials.instances', 'all', () => credentials.instances());
    return new Set(instances.map(({ id }) => id.toLowerCase()));
  } catch (error) {
    if (isServiceLost(error)) throw error;
    return undefined;
  }
}

/** An instance of the credential guard does not outlive the service. @throws {HostError} as long as that is not there */
async function noteVanishedGuards(run: Run, alive: readonly LedgerEntry[]): Promise<void> {
  const there = await guards(run);
  for (const { id, resource, state } of alive) {
    const isGuard = state === 'held' && resource.kind === 'credentialGuard';
    if (isGuard && there?.has(resource.id.toLowerCase()) === false) await run.ledger.change(id, 'released');
  }
}

function systemOf(alive: readonly LedgerEntry[]): ContainerId | VmId | undefined {
  for (const { resource, state } of alive) {
    if (state !== 'held') continue;
    if (resource.kind === 'computeSystem' || resource.kind === 'utilityVm') return resource.id;
  }
  return undefined;
}

/**
 * Drops the dead handles of the run, opens its system by the id in the ledger, and says whether it is there. A run that
 * has nothing of the service does not wait for it.
 * @throws {HostError} as long as the service is not there
 */
export async function reopenSystem(run: Run): Promise<SystemAfterLoss> {
  const alive = run.ledger.entries.filter(isAlive);
  if (!alive.some(({ resource }) => OF_SERVICE.includes(resource.kind))) return 'there';
  await noteVanishedGuards(run, alive);
  const system = systemOf(alive);
  return system === undefined ? 'there' : reopen(run, system);
}
