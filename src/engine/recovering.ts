/** What becomes of the runs that processes have left which are gone. */
import { toFault } from '../actors/faults.ts';
import type { SystemFound } from '../actors/looking.ts';
import type { ProvisionId, SystemId } from '../domain/ids.ts';
import { isAlive, type LedgerEntry } from '../domain/resource.ts';
import type { Processes } from '../hcs/processIdentity.ts';
import type { RunFileUnreadable } from '../journal/runFile.ts';
import { isOpen, type RunSummary, type StoredRuns } from '../journal/runSummary.ts';
import { containersFirst } from './containersFirst.ts';
import { ProvisionFault, type ReleaseReport, RunEnded, RunInProgress, withoutResources } from './faults.ts';
import { isDriven } from './takingUp.ts';

/**
 * What is to be done with a run. `leave`: a process that lives drives it. `adopt`: it had reached its end, and what it
 * made is there. `keep`: what it holds is held for its caller. `rollBack`: its create was interrupted. `release`: what
 * it made is gone, or its lease is over, or its release was interrupted. `retry`: it had left residue.
 */
export type RecoveryAction = 'leave' | 'adopt' | 'keep' | 'rollBack' | 'release' | 'retry';

/**
 * `done`: as was to be done, and of what was released nothing is left. `takenByAnother`: another process is at it
 * ({@link RunInProgress}), or was first ({@link RunEnded}). `failed`: it could not even be tried.
 */
export type RecoveryOutcome = 'done' | 'residue' | 'takenByAnother' | 'failed';

/** What became of the release of what a run has. */
export interface GivenBack extends ReleaseReport {
  /** As it was found. */
  readonly run: RunSummary;
  readonly outcome: RecoveryOutcome;
  /** Why it could not be tried. */
  readonly error?: unknown;
}

export interface RecoveredRun {
  /** As it was found. */
  readonly run: RunSummary;
  readonly action: RecoveryAction;
  /** Why, in a few words. */
  readonly because: string;
  /** Absent in a dry run. */
  readonly outcome?: RecoveryOutcome;
  /** Why it could not be tried. */
  readonly error?: unknown;
  /** What is gone from the host that was there, or may have been, when the run was found. */
  readonly released: readonly LedgerEntry[];
  /** What is left; in a dry run, and where nothing is to be released, nothing. */
  readonly residue: readonly LedgerEntry[];
}

export interface Recovery {
  /** All runs with something on the host, the oldest first. */
  readonly runs: readonly RecoveredRun[];
  /** Runs that nothing was done to: their files are of a newer version, or not as they were written. */
  readonly unreadable: readonly RunFileUnreadable[];
}

export interface RecoverOptions {
  /** Only say what would be done. Default: false. */
  readonly dryRun?: boolean;
  /**
   * Takes up what is there and well, which a process wants that goes on to look after it; when false, such runs are
   * looked at and left. Default: true.
   */
  readonly adopt?: boolean;
}

export interface RecoveringDependencies {
  readonly processes: Processes;
  readonly stored: () => Promise<StoredRuns>;
  /** Whether this provisioner drives the run. */
  readonly isOurs: (id: ProvisionId) => boolean;
  readonly look: (id: SystemId) => Promise<SystemFound>;
  /** Takes the run up; resolves when it rests. */
  readonly takeUp: (run: RunSummary) => Promise<void>;
  /** Takes the run up, and gives back all that it has. */
  readonly giveBack: (run: RunSummary) => Promise<ReleaseReport>;
}

type Planned = Pick<RecoveredRun, 'run' | 'action' | 'because'>;

function heldOver({ heldUntil }: RunSummary): boolean {
  return heldUntil !== undefined && Date.parse(heldUntil) <= Date.now();
}

/** @param found how its compute system stands on the host */
function actionFor(run: RunSummary, found: SystemFound): Pick<Planned, 'action' | 'because'> {
  switch (run.status) {
    case 'interrupted':
      return run.wasProvisioned
        ? { action: 'release', because: 'its release was interrupted' }
        : { action: 'rollBack', because: 'its create was interrupted' };
    case 'provisioned':
      return found === 'gone' || found === 'Stopped'
        ? { action: 'release', because: `${run.containerId} is not there any more` }
        : { action: 'adopt', because: `${run.containerId} is ${found.toLowerCase()}` };
    case 'held':
      return heldOver(run)
        ? { action: 'release', because: `its lease ended at ${run.heldUntil}` }
        : { action: 'keep', because: `it is held${run.heldUntil === undefined ? '' : ` until ${run.heldUntil}`}` };
    default:
      return { action: 'retry', because: 'something of it could not be released' };
  }
}

const NOTHING: ReleaseReport = { released: [], residue: [] };

/** What a release has changed of what was found. */
function doneTo(run: RunSummary, { released, residue }: ReleaseReport): GivenBack {
  const alive = new Set(run.resources.filter(isAlive).map(({ id }) => id));
  const outcome = residue.length === 0 ? 'done' : 'residue';
  return { run, outcome, released: released.filter(({ id }) => alive.has(id)), residue };
}

/** That one run cannot be worked on is nothing to the others. */
function notDoneTo(run: RunSummary, error: unknown): GivenBack {
  const isTaken = error instanceof RunInProgress || error instanceof RunEnded;
  return { run, ...NOTHING, outcome: isTaken ? 'takenByAnother' : 'failed', error };
}

/** Never rejects. */
export async function tryToGiveBack(
  run: RunSummary,
  giveBack: (run: RunSummary) => Promise<ReleaseReport>,
): Promise<GivenBack> {
  try {
    return doneTo(run, await giveBack(run));
  } catch (error) {
    return notDoneTo(run, error);
  }
}

export class Recovering {
  readonly #dependencies: RecoveringDependencies;

  constructor(dependencies: RecoveringDependencies) {
    this.#dependencies = dependencies;
  }

  async recover(options: RecoverOptions = {}): Promise<Recovery> {
    const { runs, unreadable } = await this.#dependencies.stored();
    const open = runs.filter((run) => isOpen(run) && !this.#dependencies.isOurs(run.provisionId));
    return { runs: await containersFirst(open, (run) => this.#recoverOne(run, options)), unreadable };
  }

  /** One run, if nobody drives it. */
  async recoverRun(id: ProvisionId): Promise<void> {
    const { runs } = await this.#dependencies.stored();
    const run = runs.find(({ provisionId }) => provisionId === id);
    if (run !== undefined) await this.#recoverOne(run, {});
  }

  async #recoverOne(run: RunSummary, { dryRun = false, adopt = true }: RecoverOptions): Promise<RecoveredRun> {
    let planned: Planned = { run, action: 'leave', because: 'the host could not be asked for it' };
    try {
      planned = await this.#plan(run);
      if (dryRun) return { ...planned, ...NOTHING };
      const isLeft = planned.action === 'adopt' && !adopt;
      return isLeft ? { ...planned, ...NOTHING, outcome: 'done' } : await this.#carryOut(planned);
    } catch (error) {
      return { ...planned, ...notDoneTo(run, error) };
    }
  }

  async #plan(run: RunSummary): Promise<Planned> {
    if (isDriven(run, this.#dependencies.processes)) {
      return { run, action: 'leave', because: `process ${run.process.split('@', 1)[0]} drives it` };
    }
    const found = run.status === 'provisioned' ? await this.#found(run) : 'gone';
    return { run, ...actionFor(run, found) };
  }

  /** @throws {ProvisionFault} with what the host says, or that it says nothing */
  async #found(run: RunSummary): Promise<SystemFound> {
    try {
      return await this.#dependencies.look(run.containerId);
    } catch (error) {
      throw withoutResources(run, toFault(error, 'reconciling'));
    }
  }

  async #carryOut(planned: Planned): Promise<RecoveredRun> {
    const { run, action } = planned;
    if (action === 'leave' || action === 'keep') return { ...planned, ...NOTHING, outcome: 'done' };
    return { ...planned, ...doneTo(run, await this.#work(run, action)) };
  }

  async #work(run: RunSummary, action: RecoveryAction): Promise<ReleaseReport> {
    if (action !== 'adopt') return this.#dependencies.giveBack(run);
    await this.#dependencies.takeUp(run);
    return NOTHING;
  }
}

/** Gives back what a create has left that had failed; none of it is there when it was rolled back. */
export async function leftOf(error: unknown): Promise<ReleaseReport> {
  if (!(error instanceof ProvisionFault)) throw error;
  const released = error.resources.filter((entry) => !isAlive(entry));
  return error.held === undefined ? { released, residue: [] } : error.held.release();
}
