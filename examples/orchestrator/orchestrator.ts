/** Keeps pods on one host: what is wanted is written down, what is there is brought to it. */
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Subject } from 'rxjs';
import {
  type CreateRequest,
  createProvisioner,
  fileLedgerStore,
  isContainerRun,
  type ProvisionerOptions,
  realClock,
} from 'slipway';
import type { Persistence } from './pods/givingBack.ts';
import { PodKeeper, type PodWorld } from './pods/keeper.ts';
import { parseManifest, podIdOf } from './pods/manifest.ts';
import type { PodId, PodManifest, PodRecord, PodState } from './pods/pod.ts';
import { type BackOff, DEFAULT_BACK_OFF } from './pods/restarting.ts';
import { PodStore } from './pods/store.ts';
import { Turns } from './pods/turns.ts';
import { whyOf } from './pods/why.ts';
import { Refusal } from './refusal.ts';
import { Remnants } from './remnants.ts';
import { sleep } from './waits.ts';

export interface OrchestratorOptions extends ProvisionerOptions {
  /** Where pods are kept, and, by default, the journal of their runs; one orchestrator at a time. */
  readonly folder: string;
  readonly backOff?: BackOff;
  /** How many pods are created at once. Default: 8. */
  readonly atOnce?: number;
  /** Milliseconds that a first process has when it is asked to end. Default: 10,000. */
  readonly graceMs?: number;
}

/** What is left of a drain that was over before everything had stopped. */
export interface Drained {
  readonly stopped: readonly PodId[];
  readonly left: readonly PodState[];
}

/** Of the time of a drain, how much processes have to end by themselves. */
const GRACE_OF_DRAIN = 0.5;

export class Orchestrator {
  /** Every state of every pod, as it comes. */
  readonly changes$ = new Subject<PodState>();
  readonly unreadable: readonly PodId[];
  readonly #world: PodWorld;
  readonly #closed: AbortController;
  readonly #pods = new Map<PodId, PodKeeper>();
  #draining: Promise<Drained> | undefined;
  #isRecovered = false;

  constructor(world: PodWorld, closed: AbortController, unreadable: readonly PodId[]) {
    this.#world = world;
    this.#closed = closed;
    this.unreadable = unreadable;
  }

  get isDraining(): boolean {
    return this.#draining !== undefined;
  }

  get pods(): readonly PodState[] {
    return [...this.#pods.values()].map(({ state$ }) => state$.value);
  }

  /** @throws {Refusal} `pod-unknown` */
  pod(id: string): { readonly manifest: PodManifest; readonly state: PodState } {
    const { manifest, state$ } = this.#keeperOf(id);
    return { manifest, state: state$.value };
  }

  /**
   * Takes a pod on. The same manifest again changes nothing.
   * @throws {Refusal}
   */
  async add(json: unknown): Promise<{ readonly isNew: boolean; readonly state: PodState }> {
    const parsed = parseManifest(json);
    if ('findings' in parsed) throw invalid('manifest-invalid', parsed.findings);
    const { manifest } = parsed;
    if (this.#known(manifest) === undefined) await this.#check(manifest);
    const known = this.#known(manifest);
    if (known !== undefined) return { isNew: false, state: known.state$.value };
    return { isNew: true, state: await this.#take(manifest) };
  }

  /** Resolves when that is written down; the pod is gone when its state says so. @throws {Refusal} */
  async delete(id: string): Promise<PodState> {
    const keeper = this.#keeperOf(id);
    await keeper.delete().catch((error: unknown) => {
      throw unwritable(error);
    });
    return keeper.state$.value;
  }

  /** Takes no pods on any more, and stops all that there are: what runs has ended when `timeoutMs` are over. */
  drain(timeoutMs: number): Promise<Drained> {
    this.#draining ??= this.#drained(timeoutMs);
    return this.#draining;
  }

  /** Nothing is tried any more. What is still there is found by the next orchestrator. */
  close(): void {
    this.#closed.abort();
    this.changes$.complete();
  }

  /** Goes on with what is written down, and gives back what nobody wants any more. */
  resume(records: readonly PodRecord[]): void {
    for (const record of records) this.#begin(this.#enter(record));
    void this.#recover();
  }

  async #recover(): Promise<void> {
    const { remnants, provisioner } = this.#world;
    await remnants.recover(this.#persistence);
    const wanted = new Set<string>([...this.#pods.keys(), ...this.unreadable]);
    const { runs } = await provisioner.runs();
    const requests = new Map<string, CreateRequest>(
      runs.filter(isContainerRun).map(({ containerId, request }) => [containerId, request]),
    );
    for (const id of remnants.ids.filter((one) => !wanted.has(one)).flatMap((one) => podIdOf(one) ?? [])) {
      const manifest: PodManifest = { id, restart: 'never', request: requests.get(id) ?? { spec: {} } };
      this.#begin(this.#enter({ manifest, desired: 'deleted', progress: { kind: 'unstarted' } }));
    }
    this.#isRecovered = true;
  }

  get #persistence(): Persistence {
    const { clock, backOff, closed } = this.#world;
    return { clock, backOff, closed, onFailure: () => {} };
  }

  async #drained(timeoutMs: number): Promise<Drained> {
    const { clock } = this.#world;
    const stopped = new Set<PodId>();
    const over = new AbortController();
    const drains = [...this.#pods].map(async ([id, pod]) => {
      await pod.drain(timeoutMs * GRACE_OF_DRAIN);
      stopped.add(id);
    });
    await Promise.race([Promise.all(drains), sleep(clock, timeoutMs, over.signal)]);
    over.abort();
    const left = this.pods.filter(({ id }) => !stopped.has(id));
    return { stopped: [...stopped], left };
  }

  /** The pod that is there already. @throws {Refusal} when it is another one, or none can be taken on now */
  #known(manifest: PodManifest): PodKeeper | undefined {
    const { id } = manifest;
    if (this.isDraining) throw new Refusal('draining', 'no pods are taken on any more', 'Ask another host, or later.');
    if (!this.#isRecovered)
      throw new Refusal('recovering', 'what was left from before is looked at', 'Ask again soon.');
    if (this.unreadable.includes(id)) {
      throw new Refusal('pod-exists', `the file of the pod ${id} cannot be read`, 'Mend that file, or use another id.');
    }
    const known = this.#pods.get(id);
    if (known === undefined) return undefined;
    if (known.isDeleted) throw new Refusal('pod-being-deleted', `${id} is being deleted`, 'Ask again when it is gone.');
    if (isDeepStrictEqual(known.manifest, manifest)) return known;
    throw new Refusal('pod-exists', `there is another pod ${id}`, 'Delete it first, or use another id.');
  }

  /** A host that cannot be asked now is no reason to refuse: what is wrong is found when the pod is created. */
  async #check({ id, request }: PodManifest): Promise<void> {
    const checked = await this.#world.provisioner.check({ ...request, id }).catch(() => undefined);
    const findings = [...(checked?.findings ?? []), ...(checked?.atStart ?? [])];
    if (findings.length > 0) throw invalid('invalid-request', findings);
  }

  /** The first thing of a pod that there is, is what is written down of it. */
  async #take(manifest: PodManifest): Promise<PodState> {
    const record: PodRecord = { manifest, desired: 'running', progress: { kind: 'unstarted' } };
    const keeper = this.#enter(record);
    await this.#world.store.write(record).catch((error: unknown) => {
      this.#pods.delete(manifest.id);
      throw unwritable(error);
    });
    this.#begin(keeper);
    return keeper.state$.value;
  }

  #keeperOf(id: string): PodKeeper {
    const known = podIdOf(id);
    const keeper = known === undefined ? undefined : this.#pods.get(known);
    if (keeper !== undefined) return keeper;
    throw new Refusal('pod-unknown', `there is no pod ${JSON.stringify(id)}`, 'GET /pods lists those that there are.');
  }

  #enter(record: PodRecord): PodKeeper {
    const keeper = new PodKeeper(record, this.#world);
    this.#pods.set(record.manifest.id, keeper);
    return keeper;
  }

  #begin(keeper: PodKeeper): void {
    const { id } = keeper.manifest;
    keeper.state$.subscribe({
      next: (state) => this.changes$.next(state),
      complete: () => this.#pods.delete(id),
    });
    void keeper.run();
  }
}

function invalid(code: 'manifest-invalid' | 'invalid-request', findings: Refusal['findings']): Refusal {
  const [first] = findings;
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  const message = `the pod cannot be made: ${first?.message ?? 'it is not valid'}${more}`;
  return new Refusal(code, message, 'Mend what the findings point at; nothing was begun.', findings);
}

function unwritable(error: unknown): Refusal {
  const { message } = whyOf(error);
  return new Refusal('store-unwritable', `it could not be written down: ${message}`, 'Make the folder writable.');
}

/** Opens the folder, and goes on with what is in it. */
export async function openOrchestrator(options: OrchestratorOptions): Promise<Orchestrator> {
  const { folder, backOff = DEFAULT_BACK_OFF, atOnce = 8, graceMs = 10_000, ...given } = options;
  const clock = given.clock ?? realClock();
  const provisioner = await createProvisioner({ journal: fileLedgerStore(join(folder, 'runs')), ...given, clock });
  const store = new PodStore(join(folder, 'pods'));
  const { records, unreadable } = await store.readAll();
  const closed = new AbortController();
  // Every pod listens to it.
  setMaxListeners(0, closed.signal);
  const remnants = new Remnants(provisioner);
  const turns = new Turns(atOnce);
  const world = { provisioner, store, remnants, turns, clock, backOff, graceMs, closed: closed.signal };
  const orchestrator = new Orchestrator(world, closed, unreadable);
  orchestrator.resume(records);
  return orchestrator;
}
