/** What another process has left of the pods, found when the orchestrator starts. */
import { BehaviorSubject, filter, firstValueFrom, map, type Observable } from 'rxjs';
import {
  type ContainerExit,
  type GivenBack,
  isContainerRun,
  type Provisioner,
  type ProvisionId,
  type RecoveredRun,
  ResidueUnknown,
  type RunSummary,
} from 'slipway';
import { type Persistence, untilDone } from './pods/givingBack.ts';
import { type Why, whyOf, whyStillThere } from './pods/why.ts';

/** `unsettled`: not known, or not given back yet. `alive`: a container that can be taken up. `ended`: all is given back. */
export type Remnant =
  | { readonly kind: 'unsettled'; readonly why: Why }
  | { readonly kind: 'alive'; readonly provisionId: ProvisionId }
  | { readonly kind: 'ended'; readonly exit?: ContainerExit };

const WAITING: Why = {
  code: 'recovering',
  message: 'what was left from before is not looked at yet',
  hint: 'Wait.',
  transient: true,
};

/** What the journal tells of the end of a container, if somebody was there to see it. */
function exitOf(run: RunSummary): ContainerExit | undefined {
  if (run.life?.status !== 'stopped') return undefined;
  const { how = 'unexpected', exitCode, at } = run.life;
  return { how, at, ...(exitCode === undefined ? {} : { exitCode }) };
}

type Unsettled = Pick<GivenBack, 'residue'> & Partial<Pick<RecoveredRun, 'outcome' | 'error' | 'because'>>;

function whyUnsettled({ outcome, error, residue, because }: Unsettled): Why {
  if (outcome === 'residue') return whyStillThere({ released: [], residue }) ?? WAITING;
  return {
    ...WAITING,
    ...(error === undefined ? {} : whyOf(error)),
    ...(because === undefined ? {} : { hint: because }),
  };
}

function remnantOf(recovered: RecoveredRun): Remnant {
  const { run, action, outcome } = recovered;
  if (outcome !== 'done') return { kind: 'unsettled', why: whyUnsettled(recovered) };
  if (action === 'adopt') return { kind: 'alive', provisionId: run.provisionId };
  if (action === 'leave') return { kind: 'unsettled', why: { ...WAITING, message: recovered.because } };
  const exit = exitOf(run);
  return { kind: 'ended', ...(exit === undefined ? {} : { exit }) };
}

/** Of several runs of one container, the one that stands in the way most decides. */
const WEIGHT: Readonly<Record<Remnant['kind'], number>> = { unsettled: 2, alive: 1, ended: 0 };

function byContainer(recovered: readonly RecoveredRun[]): Map<string, Remnant> {
  const found = new Map<string, Remnant>();
  for (const one of recovered.filter(({ run }) => isContainerRun(run))) {
    const [id, remnant] = [one.run.containerId, remnantOf(one)];
    const known = found.get(id);
    if (known === undefined || WEIGHT[known.kind] <= WEIGHT[remnant.kind]) found.set(id, remnant);
  }
  return found;
}

/** Recovers until nothing is unknown any more, and says of each container what became of it. */
export class Remnants {
  readonly #provisioner: Provisioner;
  /** Absent: nothing was looked at yet. */
  readonly #known = new BehaviorSubject<ReadonlyMap<string, Remnant> | undefined>(undefined);

  constructor(provisioner: Provisioner) {
    this.#provisioner = provisioner;
  }

  /** The containers of which something is, or may be, there. */
  get ids(): readonly string[] {
    const known = [...(this.#known.value ?? [])];
    return known.flatMap(([id, { kind }]) => (kind === 'ended' ? [] : [id]));
  }

  /** Resolves after the first look that succeeds; what that could not settle is looked at again until it is. */
  async recover(persistence: Persistence): Promise<void> {
    await untilDone(async () => void (await this.#look()), persistence);
    void untilDone(() => this.#settle(), persistence);
  }

  /** What stands in the way of a container, until nothing does. */
  waitingFor(id: string): Observable<Why> {
    return this.#known.pipe(
      map((known) => known?.get(id)),
      map((remnant) => (remnant?.kind === 'unsettled' ? remnant.why : WAITING)),
    );
  }

  /** What is left of a container, once nothing stands in its way; it is the caller's from then on. */
  async take(id: string): Promise<Exclude<Remnant, { kind: 'unsettled' }> | undefined> {
    const known = await firstValueFrom(
      this.#known.pipe(filter((all) => all !== undefined && all.get(id)?.kind !== 'unsettled')),
    );
    const remnant = known?.get(id);
    this.#known.next(new Map([...(known ?? [])].filter(([other]) => other !== id)));
    return remnant?.kind === 'unsettled' ? undefined : remnant;
  }

  async #look(): Promise<void> {
    const { runs } = await this.#provisioner.recover({ adopt: false });
    this.#known.next(new Map([...(this.#known.value ?? []), ...byContainer(runs)]));
  }

  /** Why it is not over; undefined when nothing is unsettled any more. */
  async #settle(): Promise<Why | undefined> {
    const unsettled = [...(this.#known.value ?? [])].filter(([, { kind }]) => kind === 'unsettled');
    if (unsettled.length === 0) return undefined;
    const { runs } = await this.#provisioner.recover({ adopt: false });
    const again = byContainer(runs);
    for (const [id] of unsettled) this.#note(id, again.get(id) ?? (await this.#retried(id)));
    return [...(this.#known.value ?? [])].flatMap(([, one]) => (one.kind === 'unsettled' ? one.why : []))[0];
  }

  #note(id: string, remnant: Remnant): void {
    this.#known.next(new Map([...(this.#known.value ?? []), [id, remnant]]));
  }

  /** Of a run that is this process's already, because its release was begun here. */
  async #retried(id: string): Promise<Remnant> {
    try {
      const tried = await this.#provisioner.retryResidue(id);
      const failed = tried.find(({ outcome }) => outcome !== 'done');
      return failed === undefined ? { kind: 'ended' } : { kind: 'unsettled', why: whyUnsettled(failed) };
    } catch (error) {
      return error instanceof ResidueUnknown ? { kind: 'ended' } : { kind: 'unsettled', why: whyOf(error) };
    }
  }
}
