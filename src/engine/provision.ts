import type { ContainerId } from '../domain/ids.ts';
import type { LedgerEntry } from '../domain/resource.ts';
import { type Created, type Creating, createdOf, RunningCreate } from './creating.ts';
import type { ReleaseHandle } from './faults.ts';
import type { ProvisionRun } from './provisionRun.ts';

/** A container that was created: its compute system exists, nothing runs in it yet. */
export interface Container extends Created, ReleaseHandle {
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

  constructor(run: ProvisionRun, id: ContainerId) {
    super(run, (handle) => ({ container: Object.assign(createdOf(run), { id }, handle), resources: run.entries }));
    this.containerId = id;
  }
}

export function provisionOf(run: ProvisionRun, id: ContainerId): Provision {
  return new RunningProvision(run, id);
}
