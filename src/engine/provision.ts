import type { ContainerId } from '../domain/ids.ts';
import type { LedgerEntry } from '../domain/resource.ts';
import { type Created, type Creating, createdOf, RunningCreate } from './creating.ts';
import type { ReleaseHandle } from './faults.ts';
import { beginLife, type Lived } from './life/begin.ts';
import type { ContainerLife } from './life/contract.ts';
import type { ProvisionRun } from './provisionRun.ts';

/** A container that was created: its compute system exists; nothing runs in it before it is started. */
export interface Container extends Created, ReleaseHandle, ContainerLife {
  readonly id: ContainerId;
}

export interface Provisioned {
  readonly container: Container;
  readonly resources: readonly LedgerEntry[];
}

/** The create of a container. */
export interface Provision extends Creating<Provisioned> {
  readonly containerId: ContainerId;
}

class RunningProvision extends RunningCreate<Provisioned> implements Provision {
  readonly containerId: ContainerId;

  constructor(run: ProvisionRun, id: ContainerId, lived: Lived) {
    super(run, (handle) => containerOf(run, id, handle, lived));
    this.containerId = id;
  }
}

async function containerOf(run: ProvisionRun, id: ContainerId, handle: ReleaseHandle, lived: Lived) {
  const life = beginLife(run, id, handle, lived);
  // One that was begun before is where the host says that it is before anybody is given it.
  if (lived.told !== undefined) await life.known();
  // The ledger is read anew each time: what is assigned would be the one of now.
  const created: Created = createdOf(run);
  const watched = Object.defineProperties(life, Object.getOwnPropertyDescriptors(created));
  return { container: Object.assign(watched as typeof life & Created, { id }, handle), resources: run.entries };
}

export function provisionOf(run: ProvisionRun, id: ContainerId, lived: Lived): Provision {
  return new RunningProvision(run, id, lived);
}
