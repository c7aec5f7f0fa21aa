/** What runs have left on the host: residue, and what failed creates were told to keep. */
import type { ProvisionId } from '../domain/ids.ts';
import { commandsToLookAt } from '../domain/lookAt.ts';
import { isAlive, type LedgerEntry } from '../domain/resource.ts';
import type { RunSummary, StoredRuns } from '../journal/runSummary.ts';
import { containersFirst } from './containersFirst.ts';
import type { Creating } from './creating.ts';
import { HeldUnknown, ProvisionFault, type ReleaseHandle, type ReleaseReport, ResidueUnknown } from './faults.ts';
import type { Provision, Provisioned } from './provision.ts';
import { type GivenBack, leftOf, tryToGiveBack } from './recovering.ts';
import type { VmProvision, VmProvisioned } from './vmProvision.ts';

/** Something that could not be released. */
export interface Residue {
  readonly entry: LedgerEntry;
  /** The run whose ledger it is in. */
  readonly run: RunSummary;
}

/** What is kept of a create that failed. */
export interface HeldRun {
  /** Its `fault` says why it failed. */
  readonly run: RunSummary;
  readonly resources: readonly LedgerEntry[];
  /** When the lease ends, ISO 8601; absent: never. */
  readonly until?: string;
  /** Commands that show these resources on a Windows host. */
  readonly lookAt: readonly string[];
}

/** What is left on the host, and the ways to get rid of it, whoever has left it. */
export interface LeftoverWork {
  /** What could not be released, of all runs. */
  residue(): Promise<readonly Residue[]>;
  /**
   * Tries again to release what is left of a run: all of it, in the order of release, because one residue may be what
   * another one waits for.
   * @param which the id of a residue, or that of a container or VM; default: all that there is
   * @throws {ResidueUnknown}
   */
  retryResidue(which?: string): Promise<readonly GivenBack[]>;
  /**
   * Takes one residue off the list: whoever asks for that looks after it from here on.
   * @throws {ResidueUnknown} {@link RunInProgress}
   */
  waiveResidue(id: string): Promise<Residue>;
  /** What failed creates were told to keep. */
  held(): Promise<readonly HeldRun[]>;
  /**
   * Gives back what is held.
   * @param which ids of containers or VMs, or of their runs; none: all that is held
   * @throws {HeldUnknown} before anything is released
   */
  releaseHeld(...which: readonly string[]): Promise<readonly GivenBack[]>;
}

export type AnyCreate = Creating<Provisioned | VmProvisioned>;

const isResidue = ({ state }: LedgerEntry): boolean => state === 'residue';

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const isNamed = ({ containerId, provisionId }: RunSummary, which: string): boolean =>
  same(containerId, which) || same(provisionId, which);

function heldOf(run: RunSummary): HeldRun {
  const resources = run.resources.filter(isAlive);
  const lookAt = commandsToLookAt(resources.map(({ resource }) => resource));
  return { run, resources, ...(run.heldUntil === undefined ? {} : { until: run.heldUntil }), lookAt };
}

async function handleOf(create: AnyCreate): Promise<ReleaseHandle | undefined> {
  try {
    const made = await create.result;
    return 'vm' in made ? made.vm : made.container;
  } catch (error) {
    if (error instanceof ProvisionFault) return error.held;
    throw error;
  }
}

/** A VM is ended whoever is in it: it is there no more, or its release had begun. */
function endOf(made: Provisioned | VmProvisioned): Promise<ReleaseReport> {
  return 'vm' in made ? made.vm.stop({ force: true }) : made.container.release();
}

/** What of a provisioner deals with what is left, by what it does with single runs. */
export abstract class Leftovers implements LeftoverWork {
  abstract runs(): Promise<StoredRuns>;
  abstract takeUp(id: ProvisionId): Promise<Provision>;
  abstract takeUpVm(id: ProvisionId): Promise<VmProvision>;

  async residue(): Promise<readonly Residue[]> {
    const { runs } = await this.runs();
    return runs.flatMap((run) => run.resources.filter(isResidue).map((entry) => ({ entry, run })));
  }

  async retryResidue(which?: string): Promise<readonly GivenBack[]> {
    const residue = await this.residue();
    const asked = residue.filter(({ entry, run }) => which === undefined || entry.id === which || isNamed(run, which));
    if (which !== undefined && asked.length === 0) throw new ResidueUnknown(which);
    return this.#giveBackAll([...new Set(asked.map(({ run }) => run))]);
  }

  async waiveResidue(id: string): Promise<Residue> {
    const residue = (await this.residue()).find(({ entry }) => entry.id === id);
    if (residue === undefined) throw new ResidueUnknown(id);
    const handle = await handleOf(await this.createOf(residue.run));
    await handle?.waive(residue.entry.id);
    return residue;
  }

  async held(): Promise<readonly HeldRun[]> {
    const { runs } = await this.runs();
    return runs.filter(({ status }) => status === 'held').map(heldOf);
  }

  async releaseHeld(...which: readonly string[]): Promise<readonly GivenBack[]> {
    const held = (await this.held()).map(({ run }) => run);
    const unknown = which.find((id) => !held.some((run) => isNamed(run, id)));
    if (unknown !== undefined) throw new HeldUnknown(unknown);
    return this.#giveBackAll(which.length === 0 ? held : held.filter((run) => which.some((id) => isNamed(run, id))));
  }

  protected createOf(run: RunSummary): Promise<AnyCreate> {
    return run.kind === 'vm' ? this.takeUpVm(run.provisionId) : this.takeUp(run.provisionId);
  }

  /** Takes the run up, and gives back all that it has. */
  protected async giveBack(run: RunSummary): Promise<ReleaseReport> {
    const create = await this.createOf(run);
    return create.result.then((made) => endOf(made), leftOf);
  }

  #giveBackAll(runs: readonly RunSummary[]): Promise<readonly GivenBack[]> {
    return containersFirst(runs, (run) => tryToGiveBack(run, (found) => this.giveBack(found)));
  }
}
