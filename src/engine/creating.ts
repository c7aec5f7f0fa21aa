/** What a create of a container and one of a VM have in common for their caller. */
import type { ProvisionId, ResourceId } from '../domain/ids.ts';
import { isAtRest } from '../domain/provisionStatus.ts';
import type { LedgerEntry } from '../domain/resource.ts';
import type { ProvisionState } from '../observe/provisionState.ts';
import type { Watchable } from '../observe/recorder.ts';
import type { Waiting } from '../observe/waiting.ts';
import { ProvisionFault, type ReleaseHandle, type ReleaseReport } from './faults.ts';
import type { ProvisionRun } from './provisionRun.ts';

export type CancelOutcome =
  | ({ readonly cancelled: true } & ReleaseReport)
  /** It was too late: the create had already ended. */
  | { readonly cancelled: false; readonly because: string };

/** One create: what it does, what it owns, and how it ends. */
export interface Creating<Result> extends Watchable {
  readonly id: ProvisionId;
  /** Where it stands now. */
  readonly state: ProvisionState;
  /** What was asked for; rejects with a {@link ProvisionFault} when the rollback is over (or held). */
  readonly result: Promise<Result>;
  /** What it waits for, since when, and until when. */
  why(): Waiting;
  /** Stops the create; resolves when its rollback is over. Never rejects. */
  cancel(reason: string): Promise<CancelOutcome>;
}

/** A create that goes on, or whose rollback does; one that had ended before the compute service went away has not. */
function isBeingUndone({ status, fault }: ProvisionState): boolean {
  return status === 'reconciling' ? fault !== undefined : !isAtRest(status);
}

/** A create that runs, over the run that does the work. */
export abstract class RunningCreate<Result> implements Creating<Result> {
  readonly id: ProvisionId;
  readonly state$: Watchable['state$'];
  readonly resources$: Watchable['resources$'];
  readonly events$: Watchable['events$'];
  readonly result: Promise<Result>;
  readonly #run: ProvisionRun;

  /** @param made what the caller gets of a create that came to its end */
  constructor(run: ProvisionRun, made: (handle: ReleaseHandle) => Result | Promise<Result>) {
    this.#run = run;
    this.id = run.recorder.state.provisionId;
    this.state$ = run.recorder.create.state$;
    this.resources$ = run.recorder.create.resources$;
    this.events$ = run.recorder.create.events$;
    this.result = run.settled().then((state) => this.#resultOf(state, made));
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
    else if (!isBeingUndone(this.state)) {
      return { cancelled: false, because: `the create has ended already: it is ${this.state.status}` };
    }
    await run.settled();
    return { cancelled: true, ...run.report };
  }

  #resultOf(state: ProvisionState, made: (handle: ReleaseHandle) => Result | Promise<Result>) {
    const run = this.#run;
    const handle = releaseHandleOf(run);
    if (state.fault === undefined) return made(handle);
    const { provisionId, containerId } = state;
    throw new ProvisionFault({ provisionId, containerId }, state.fault, run.entries, handle);
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

/** What was created, for as long as it lives. */
export interface Created extends Watchable {
  readonly provisionId: ProvisionId;
  /** The ledger as it is now. */
  readonly resources: readonly LedgerEntry[];
}

export function createdOf(run: ProvisionRun): Created {
  return {
    provisionId: run.recorder.state.provisionId,
    ...run.recorder.life,
    get resources() {
      return run.entries;
    },
  };
}
