import { lookAtSystem } from '../actors/looking.ts';
import type { Runs } from '../actors/run.ts';
import type { VmId } from '../domain/ids.ts';
import type { LedgerEntry } from '../domain/resource.ts';
import type { VmTraits } from '../domain/utilityVm.ts';
import { traitsOf, usersOf } from '../journal/vmRuns.ts';
import { type Created, type Creating, createdOf, RunningCreate } from './creating.ts';
import { type ReleaseHandle, type ReleaseReport, VmInUse } from './faults.ts';
import type { ProvisionRun } from './provisionRun.ts';

export interface StopOptions {
  /** Stops it although containers are in it, or what failed creates of containers were told to keep. Default: false. */
  readonly force?: boolean;
}

/** A utility VM that runs. */
export interface UtilityVm extends Created, ReleaseHandle {
  readonly id: VmId;
  readonly traits: VmTraits;
  /**
   * Ends it, and gives back what it stood on.
   * @throws {VmInUse}
   */
  stop(options?: StopOptions): Promise<ReleaseReport>;
  /** The same as `stop()`. */
  release(): Promise<ReleaseReport>;
  /**
   * Asks the host whether it still runs. When it does not, and nobody had stopped it, what it stood on is released.
   * @throws {HostError}
   */
  look(): Promise<'running' | 'exited'>;
}

export interface VmProvisioned {
  readonly vm: UtilityVm;
  readonly resources: readonly LedgerEntry[];
}

/** The create of a utility VM. */
export interface VmProvision extends Creating<VmProvisioned> {
  readonly vmId: VmId;
}

async function vmOf(run: ProvisionRun, runs: Runs, id: VmId, handle: ReleaseHandle): Promise<UtilityVm> {
  const { store } = runs.dependencies;
  const stop = async ({ force = false }: StopOptions = {}): Promise<ReleaseReport> => {
    const users = force ? [] : await usersOf(store, id);
    if (users.length > 0) throw new VmInUse(id, users);
    return handle.release();
  };
  const look = async (): Promise<'running' | 'exited'> => {
    const handles = (await runs.get(run.recorder.state.provisionId)).handlesOf(id);
    // What is not closed now is closed with the VM.
    const found = await lookAtSystem(runs.dependencies.host, id, (handle) => handles.push(handle));
    if (found === 'Running' || found === 'Paused') return 'running';
    const event = { type: 'vm.exited', reason: found === 'gone' ? 'it is not on the host' : `it is ${found}` } as const;
    if (run.can(event)) run.send(event);
    await run.settled();
    return 'exited';
  };
  const traits = await traitsOf(store, run.recorder.state.provisionId);
  return Object.assign(createdOf(run), { id, traits, ...handle, stop, release: () => stop(), look });
}

class RunningVmProvision extends RunningCreate<VmProvisioned> implements VmProvision {
  readonly vmId: VmId;

  constructor(run: ProvisionRun, runs: Runs, id: VmId) {
    super(run, async (handle) => ({ vm: await vmOf(run, runs, id, handle), resources: run.entries }));
    this.vmId = id;
  }
}

export function vmProvisionOf(run: ProvisionRun, runs: Runs, id: VmId): VmProvision {
  return new RunningVmProvision(run, runs, id);
}
