/** Keeps one pod: brings what is there to what is wanted, for as long as the pod is wanted. */
import { BehaviorSubject, filter, firstValueFrom } from 'rxjs';
import { type Clock, type Provision, type Provisioner, type ProvisionId, RunEnded, RunUnknown } from 'slipway';
import type { Remnants } from '../remnants.ts';
import { aborted, sleep } from '../waits.ts';
import { type AttemptEnd, attempt } from './attempt.ts';
import { type Persistence, untilDone } from './givingBack.ts';
import type { PodEnd, PodManifest, PodPhase, PodRecord, PodState, Progress } from './pod.ts';
import { type BackOff, type Ending, verdictOn } from './restarting.ts';
import type { PodStore } from './store.ts';
import type { Turns } from './turns.ts';
import { whyOf } from './why.ts';

/** What all pods share. */
export interface PodWorld {
  readonly provisioner: Provisioner;
  readonly store: PodStore;
  readonly remnants: Remnants;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly backOff: BackOff;
  readonly graceMs: number;
  /** The orchestrator is closed: nothing is tried again any more. */
  readonly closed: AbortSignal;
}

/** Nothing of the pod is on the host, and nothing is on its way there. */
const AT_REST: readonly PodPhase[] = ['exited', 'failed', 'drained', 'deleted'];

const now = (): string => new Date().toISOString();

export class PodKeeper {
  readonly state$: BehaviorSubject<PodState>;
  readonly #world: PodWorld;
  #record: PodRecord;
  #graceMs: number;
  /** Left by another process, and still to be taken up. */
  #found: ProvisionId | undefined;
  readonly #stop = new AbortController();
  readonly #deleted = new AbortController();

  constructor(record: PodRecord, world: PodWorld) {
    this.#world = world;
    this.#record = record;
    this.#graceMs = world.graceMs;
    const { id, restart } = record.manifest;
    this.state$ = new BehaviorSubject<PodState>({ id, restart, phase: 'recovering', since: now(), starts: 0 });
    if (record.desired === 'deleted') this.#end();
  }

  get manifest(): PodManifest {
    return this.#record.manifest;
  }

  get isDeleted(): boolean {
    return this.#deleted.signal.aborted;
  }

  /** Resolves when the pod is deleted. Never rejects. */
  async run(): Promise<void> {
    await this.#run().catch((error: unknown) => this.#publish({ phase: 'failed', why: whyOf(error) }));
  }

  /** @throws what writing it down fails with: then nothing has changed */
  async delete(): Promise<void> {
    try {
      await this.#write({ desired: 'deleted' });
    } catch (error) {
      this.#record = { ...this.#record, desired: 'running' };
      throw error;
    }
    this.#end();
  }

  /** Resolves when nothing of it runs. It stays written down. */
  async drain(graceMs: number): Promise<void> {
    this.#graceMs = Math.min(graceMs, this.#graceMs);
    this.#stop.abort();
    await firstValueFrom(this.state$.pipe(filter(({ phase }) => AT_REST.includes(phase))));
  }

  async #run(): Promise<void> {
    const before = await this.#fromBefore();
    const end = this.#endBefore() ?? (await this.#keep(before));
    if (this.#world.closed.aborted) return;
    if (end !== undefined) await this.#rest(end);
    else if (!this.isDeleted) await this.#drained();
    await aborted(this.#deleted.signal, this.#world.closed);
    if (!this.isDeleted) return;
    await this.#removed();
  }

  #end(): void {
    this.#deleted.abort();
    this.#stop.abort();
  }

  /** What another process has left of it. */
  async #fromBefore(): Promise<Ending | undefined> {
    const { remnants } = this.#world;
    const { id } = this.manifest;
    const waiting = remnants.waitingFor(id).subscribe((why) => this.#publish({ phase: 'recovering', why }));
    const remnant = await remnants.take(id).finally(() => waiting.unsubscribe());
    if (remnant?.kind === 'alive') this.#found = remnant.provisionId;
    const { progress } = this.#record;
    if (this.#found !== undefined || progress.kind !== 'started') return undefined;
    const told = remnant?.kind === 'ended' ? remnant.exit : undefined;
    return { kind: 'exited', exit: progress.exit ?? told ?? { how: 'unexpected', at: now() }, ranMs: 0 };
  }

  /** How it had come to its end before; what is there all the same has to go first. */
  #endBefore(): PodEnd | undefined {
    const { progress } = this.#record;
    return progress.kind === 'over' && this.#found === undefined ? progress.end : undefined;
  }

  /** One container after the other, until its end is decided or it is told to stop. */
  async #keep(before: Ending | undefined): Promise<PodEnd | undefined> {
    const { clock, backOff } = this.#world;
    const { signal } = this.#stop;
    let inARow = 0;
    let ending: AttemptEnd | undefined = before;
    while (!signal.aborted || this.#found !== undefined) {
      ending ??= await this.#attempt();
      if (ending.kind !== 'stopped') {
        const verdict = verdictOn(this.manifest.restart, ending, inARow, backOff);
        if (verdict.kind === 'over') return verdict.end;
        inARow = verdict.inARow;
        this.#publish({ phase: 'backingOff', ...toldOf(ending), retryAt: inMs(verdict.delayMs) });
        await sleep(clock, verdict.delayMs, this.#found === undefined ? signal : this.#world.closed);
      }
      ending = undefined;
      if (this.#world.closed.aborted) break;
    }
    return undefined;
  }

  #attempt(): Promise<AttemptEnd> {
    const { clock } = this.#world;
    return attempt({
      clock,
      stop: this.#stop.signal,
      graceMs: () => this.#graceMs,
      provide: () => (this.#found === undefined ? this.#created() : this.#takenUp(this.#found)),
      mayHaveRun: () => this.#found === undefined && this.#record.progress.kind === 'started',
      noteStart: () => this.#noteStart(),
      noteExit: (exit) => this.#write({ progress: { kind: 'started', exit } }),
      publish: (change) => this.#publish(change),
      persistence: this.#persistence,
    });
  }

  #created(): Promise<Provision | undefined> {
    const { provisioner, turns } = this.#world;
    const { id, request } = this.manifest;
    this.#publish({ phase: 'queued' });
    return turns.take(this.#stop.signal, async () => {
      const provision = provisioner.create({ ...request, id, lifetime: 'host' }, { signal: this.#stop.signal });
      const watching = provision.state$.subscribe(({ path }) => this.#publish({ phase: 'creating', path }));
      await provision.result.catch(() => {});
      watching.unsubscribe();
      return provision;
    });
  }

  /** With its spec: the journal keeps no secrets. */
  async #takenUp(id: ProvisionId): Promise<Provision> {
    try {
      const provision = await this.#world.provisioner.takeUp(id, { spec: this.manifest.request.spec });
      this.#found = undefined;
      return provision;
    } catch (error) {
      if (error instanceof RunEnded || error instanceof RunUnknown) this.#found = undefined;
      throw error;
    }
  }

  async #noteStart(): Promise<void> {
    const { progress } = this.#record;
    if (progress.kind !== 'started' || progress.exit !== undefined)
      await this.#write({ progress: { kind: 'started' } });
    this.#publish({ phase: 'starting', starts: this.state$.value.starts + 1 });
  }

  /** It was ended on purpose, which is no failure: the next orchestrator starts it, but what is started once is over. */
  async #drained(): Promise<void> {
    const progress: Progress = { kind: 'unstarted' };
    if (this.manifest.restart !== 'never') {
      await untilDone(async () => void (await this.#write({ progress })), this.#persistence);
    }
    this.#publish({ phase: 'drained' });
  }

  /** Its end is known to the next orchestrator too. */
  async #rest(end: PodEnd): Promise<void> {
    const progress: Progress = { kind: 'over', end };
    await untilDone(async () => void (await this.#write({ progress })), this.#persistence);
    if (!this.isDeleted) this.#publish({ phase: end.kind, ...toldOf(end) });
  }

  async #removed(): Promise<void> {
    const { store } = this.#world;
    await untilDone(async () => void (await store.remove(this.manifest.id)), this.#persistence);
    if (this.#world.closed.aborted) return;
    this.#publish({ phase: 'deleted' });
    this.state$.complete();
  }

  get #persistence(): Persistence {
    const { clock, backOff, closed } = this.#world;
    return { clock, backOff, closed, onFailure: (why) => this.#publish({ phase: 'releasing', why }) };
  }

  #write(change: Partial<PodRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    return this.#world.store.write(this.#record);
  }

  /** What is said of one phase is not said of the next one, but for how it ended last. */
  #publish(change: Partial<PodState> & Pick<PodState, 'phase'>): void {
    const { id, restart, phase, since, starts, exit, why } = this.state$.value;
    this.state$.next({
      ...{ id, restart, starts, since: phase === change.phase ? since : now() },
      ...(exit === undefined ? {} : { exit }),
      ...(why === undefined || phase === 'recovering' || change.phase === 'running' ? {} : { why }),
      ...change,
    });
  }
}

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** What is shown of an ending. */
function toldOf(ending: Ending | PodEnd): Pick<PodState, 'why' | 'exit'> {
  return ending.kind === 'exited' ? { exit: ending.exit } : { why: ending.why };
}
