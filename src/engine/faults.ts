import type { Fault } from '../domain/fault.ts';
import type { Finding } from '../domain/finding.ts';
import type { ProvisionId, ResourceId, SystemId, VmId } from '../domain/ids.ts';
import { isAlive, type LedgerEntry } from '../domain/resource.ts';
import type { Phase } from '../domain/step.ts';
import type { RunSummary } from '../journal/runSummary.ts';

/** What became of a release. */
export interface ReleaseReport {
  /** Gone from the host. */
  readonly released: readonly LedgerEntry[];
  /** Still there, or not known to be gone; each with the fault of its last try. */
  readonly residue: readonly LedgerEntry[];
}

/** The ways out of a run that stopped with resources. */
export interface ReleaseHandle {
  /** Gives everything back that is alive. Safe to call again. */
  release(): Promise<ReleaseReport>;
  /** Takes one residue off the list: it is the caller's from here on. */
  waive(resource: ResourceId): Promise<ReleaseReport>;
}

/** A create that failed: why, in which step, what is left, and a way to give it back. */
export class ProvisionFault extends Error {
  override readonly name = 'ProvisionFault';
  readonly fault: Fault;
  readonly code: Fault['code'];
  readonly step: Phase;
  readonly hint: string;
  readonly findings: readonly Finding[];
  readonly provisionId: ProvisionId;
  /** What was to be made: a container or a utility VM. */
  readonly containerId: SystemId;
  /** The ledger at the end of the run: everything that was acquired, with what became of it. */
  readonly resources: readonly LedgerEntry[];
  /** Present when something is still on the host: kept on purpose, or residue. */
  readonly held?: ReleaseHandle;

  constructor(
    ids: { readonly provisionId: ProvisionId; readonly containerId: SystemId },
    fault: Fault,
    resources: readonly LedgerEntry[],
    handle: ReleaseHandle,
  ) {
    super(fault.message);
    this.fault = fault;
    this.code = fault.code;
    this.step = fault.step;
    this.hint = fault.hint;
    this.findings = fault.findings ?? [];
    this.provisionId = ids.provisionId;
    this.containerId = ids.containerId;
    this.resources = resources;
    if (resources.some(isAlive)) this.held = handle;
  }
}

/** What went wrong with something that has acquired nothing. */
export function withoutResources(
  ids: { readonly provisionId: ProvisionId; readonly containerId: SystemId },
  fault: Fault,
): ProvisionFault {
  const nothing = async (): Promise<ReleaseReport> => ({ released: [], residue: [] });
  return new ProvisionFault(ids, fault, [], { release: nothing, waive: nothing });
}

/** The run is not in the journal. */
export class RunUnknown extends Error {
  override readonly name = 'RunUnknown';
  readonly code = 'run-unknown';

  constructor(id: ProvisionId) {
    super(`there is no run ${id} in the journal`);
  }
}

/** Another process drives the run, and goes on doing so. */
export class RunInProgress extends Error {
  override readonly name = 'RunInProgress';
  readonly code = 'run-in-progress';
  /** The pid of that process. */
  readonly pid: number;

  constructor({ containerId, provisionId, status, process }: RunSummary) {
    const pid = Number(process.split('@', 1)[0]);
    super(
      `${containerId} (run ${provisionId}) is ${status}: process ${pid} drives it; wait for it, ask it, or end it first`,
    );
    this.pid = pid;
  }
}

/** The run has come to its end: nothing of it is left that could be taken up. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
  readonly code = 'run-ended';

  constructor({ containerId, provisionId, status }: RunSummary) {
    super(`${containerId} (run ${provisionId}) is ${status}: nothing of it is left`);
  }
}

/** Containers, or what failed creates of containers were told to keep, are in the VM. */
export class VmInUse extends Error {
  override readonly name = 'VmInUse';
  readonly code = 'vm-in-use';
  readonly vmId: VmId;
  /** The ids of those containers. */
  readonly users: readonly SystemId[];

  constructor(vm: VmId, users: readonly SystemId[]) {
    super(`the utility VM ${vm} is used by ${users.join(', ')}; release them first, or stop it with force`);
    this.vmId = vm;
    this.users = users;
  }
}

/** The id is in use by another create with another request. */
export class ProvisionConflict extends Error {
  override readonly name = 'ProvisionConflict';
  readonly code = 'id-in-use';
  readonly containerId: SystemId;
  readonly provisionId: ProvisionId;

  constructor(containerId: SystemId, provisionId: ProvisionId) {
    super(
      `the id ${containerId} is in use by provision ${provisionId}, which was asked for something else; ` +
        'use another id, or release that one first',
    );
    this.containerId = containerId;
    this.provisionId = provisionId;
  }
}

/** No run has such a residue (any more). */
export class ResidueUnknown extends Error {
  override readonly name = 'ResidueUnknown';
  readonly code = 'residue-unknown';

  constructor(which: string) {
    super(`there is no residue ${which}, and none of a container or VM of this name`);
  }
}

/** Nothing is held for a create of this name (any more). */
export class HeldUnknown extends Error {
  override readonly name = 'HeldUnknown';
  readonly code = 'held-unknown';

  constructor(which: string) {
    super(`nothing is held for ${which}`);
  }
}
