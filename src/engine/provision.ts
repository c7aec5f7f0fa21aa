import type { ContainerId, ProvisionId, ResourceId } from '../domain/ids.ts';
import type { LedgerEntry } from '../domain/resource.ts';
import type { ProvisionState } from '../observe/provisionState.ts';
import type { Watchable } from '../observe/recorder.ts';
import { ProvisionFault, type ReleaseHandle, type ReleaseReport } from './faults.ts';
import type { ProvisionRun } from './provisionRun.ts';
import type { Waiting } from './waiting.ts';

/** A container that was created: its compute system exists, nothing runs in it yet. */
export interface Container extends Watchable, ReleaseHandle {
  readonly id: ContainerId;
  readonly provisionId: ProvisionId;
  /** The ledger as it is now. */
  readonly resources: readonly LedgerEntry[];
}

export interface Provisioned {
  readonly container: Container;
  readonly resources: readonly LedgerEntry[];
}

export type CancelOutcome =
  | ({ readonly cancelled: true } & ReleaseReport)
  /** It was too late: the create had already ended. */
  | { readonly cancelled: false; readonly because: string };

/** One create: what it does, what it owns, and how it ends. */
export interface Provision extends Watchable {
  readonly id: ProvisionId;
  readonly containerId: ContainerId;
  /** Where it stands now. */
  readonly state: ProvisionState;
  /** The container; rejects with a {@link ProvisionFault} when the rollback is over (or held). */
  readonly result: Promise<Provisioned>;
  /** What it waits for, since when, and until when. */
  why(): Waiting;
  /** Stops the create; resolves when its rollback is over. Never rejects. */
  cancel(reason: string): Promise<CancelOutcome>;
}

class RunningProvision implements Provision {
  readonly id: ProvisionId;
  readonly containerId: ContainerId;
  readonly state$: Provision['state$'];
  readonly resources$: Provision['resources$'];
  readonly events$: Provision['events$'];
  readonly result: Promise<Provisioned>;
  readonly #run: ProvisionRun;

  constructor(run: ProvisionRun) {
    const { provisionId, containerId } = run.recorder.state;
    this.#run = run;
    this.id = provisionId;
    this.containerId = containerId;
    this.state$ = run.recorder.create.state$;
    this.resources$ = run.recorder.create.resources$;
    this.events$ = run.recorder.create.events$;
    this.result = run.settled().then((state) => this.#resultOf(state));
    // Whoever only watches the streams must not be told of an unhandled rejection.
    this.result.catch(() => {});
  }

  get state(): ProvisionState {
    return this.#run.recorder.state;
  }

  why(): Waiting {
    return this.#run.waiting();
  }

  async cancel(reason: string): Promise<CancelOutcome> {
    const run = this.#run;
    const event = { type: 'provision.cancel', reason } as const;
    if (run.can(event)) run.send(event);
    else if (this.state.status !== 'provisioning' && this.state.status !== 'undoing') {
      return { cancelled: false, because: `the create has ended already: it is ${this.state.status}` };
    }
    await run.settled();
    return { cancelled: true, ...run.report };
  }

  #resultOf(state: ProvisionState): Provisioned {
    const run = this.#run;
    const handle = releaseHandleOf(run);
    if (state.fault === undefined) return { container: containerOf(run, handle), resources: run.entries };
    throw new ProvisionFault({ provisionId: this.id, containerId: this.containerId }, state.fault, run.entries, handle);
  }
}

function releaseHandleOf(run: ProvisionRun): ReleaseHandle {
  const release = async (): Promise<ReleaseReport> => {
    const event = [{ type: 'resources.release' }, { type: 'release.retry' }] as const;
    const possible = event.find((candidate) => run.can(candidate));
    if (possible !== undefined) run.send(possible);
    await run.settled();
    return run.report;
  };
  const waive = async (resource: ResourceId): Promise<ReleaseReport> => {
    const event = { type: 'release.waive', resource } as const;
    if (!run.can(event)) return run.report;
    const done = run.nextReleaseFinished();
    run.send(event);
    await done;
    return run.report;
  };
  return { release, waive };
}

function containerOf(run: ProvisionRun, handle: ReleaseHandle): Container {
  const { containerId, provisionId } = run.recorder.state;
  return {
    id: containerId,
    provisionId,
    ...run.recorder.life,
    get resources() {
      return run.entries;
    },
    ...handle,
  };
}

export function provisionOf(run: ProvisionRun): Provision {
  return new RunningProvision(run);
}
