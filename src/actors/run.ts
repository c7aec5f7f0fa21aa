import type { AdmissionLimits } from '../domain/admission.ts';
import type { Clock } from '../domain/clock.ts';
import type { HostEvent } from '../domain/events.ts';
import type { ContainerId, ProvisionId, ResourceId, VmId } from '../domain/ids.ts';
import { describeResource, type LedgerEntry, type Resource } from '../domain/resource.ts';
import type { Phase } from '../domain/step.ts';
import type { VmDefaults } from '../domain/vmRequest.ts';
import { HostError } from '../hcs/hostError.ts';
import type { Intent } from '../hcs/intent.ts';
import type { HostPort, SystemHandle } from '../hcs/port.ts';
import type { Processes } from '../hcs/processIdentity.ts';
import { Ledger } from '../journal/ledger.ts';
import type { LedgerStore } from '../journal/store.ts';
import type { VmStore } from '../journal/vmStore.ts';
import { type AbandonedDependencies, reapAbandoned } from './abandoned.ts';
import { Admission } from './admission.ts';
import { Failure, stoppedBefore, toFault } from './faults.ts';

/** An actor of a run that has work to do: the `id` of its invoke, and what it was given. */
export interface ActorAtWork {
  readonly id: string;
  readonly input: { readonly provisionId: ProvisionId };
}

/** Decides when an actor does its work and when it is heard of, or what is heard instead: for tests. */
export type Conduct = <T>(actor: ActorAtWork, work: () => Promise<T>) => Promise<T>;

/** What the actors work with. */
export interface ActorDependencies {
  readonly host: HostPort;
  readonly store: LedgerStore;
  /** What is known of the VMs of the host. */
  readonly vms: VmStore;
  readonly clock: Clock;
  /** The Owner of a compute system whose request names none. */
  readonly owner: string;
  /** The host path of device-util.exe, which lists the devices of a Windows guest; absent: there is none. */
  readonly deviceUtil?: string;
  /** A new GUID. */
  readonly newId: () => string;
  /** Default: {@link VM_DEFAULTS}. */
  readonly vmDefaults?: VmDefaults;
  /** Which processes live. Default: those of this machine. */
  readonly processes?: Processes;
  /** How much work of a class goes on at once, over all runs. Default: {@link DEFAULT_ADMISSION}. */
  readonly admission?: AdmissionLimits;
  /** Default: nobody undoes what processes have left which have died, before somebody recovers it. */
  readonly reap?: AbandonedDependencies['reap'];
  /** Told of every call to the host and of every change of a ledger. */
  readonly report?: (provision: ProvisionId, event: HostEvent) => void;
  /** Default: every actor works at once, and is heard of when it has done so. */
  readonly conduct?: Conduct;
}

/** A run among those of its process. */
type PlaceOfRun = Pick<Run, 'id' | 'number' | 'sharedFolders'>;

/** What the actors of one provision share: its ledger, its handles, and whether it was asked to stop. */
export class Run {
  readonly id: ProvisionId;
  /** Counts the runs of this process: the younger, the higher. */
  readonly number: number;
  readonly host: HostPort;
  readonly vms: VmStore;
  readonly ledger: Ledger;
  /** Folders that runs of this process had made, and left because something of others lay in them. */
  readonly sharedFolders: Set<string>;
  readonly #clock: Clock;
  readonly #dependencies: ActorDependencies;
  readonly #report: (event: HostEvent) => void;
  /** By resource: whether its release was tried while the call was on its way. */
  readonly #inFlight = new Map<ResourceId, { releaseTried: boolean }>();
  readonly #handles = new Map<ContainerId | VmId, SystemHandle[]>();
  #stopped = false;
  #pendingStepCall: string | null = null;

  private constructor(place: PlaceOfRun, ledger: Ledger, dependencies: ActorDependencies) {
    const { id, number, sharedFolders } = place;
    this.id = id;
    this.number = number;
    this.sharedFolders = sharedFolders;
    this.host = dependencies.host;
    this.vms = dependencies.vms;
    this.ledger = ledger;
    this.#clock = dependencies.clock;
    this.#dependencies = dependencies;
    this.#report = (event) => dependencies.report?.(id, event);
  }

  static async open(place: PlaceOfRun, dependencies: ActorDependencies): Promise<Run> {
    const { id } = place;
    const report = (entry: LedgerEntry) => dependencies.report?.(id, { type: 'resource.changed', entry });
    return new Run(place, await Ledger.open(id, dependencies.store, report), dependencies);
  }

  /** Asks the step that runs to begin no further call; gives the call that it is waiting for, if there is one. */
  stop(): string | null {
    this.#stopped = true;
    return this.#pendingStepCall;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Whether the call that acquires this resource has not answered yet. */
  isInFlight(resource: ResourceId): boolean {
    return this.#inFlight.has(resource);
  }

  /** The same, for a release that begins now: what it finds is not all that may come. */
  releaseInFlight(resource: ResourceId): boolean {
    const acquiring = this.#inFlight.get(resource);
    if (acquiring === undefined) return false;
    acquiring.releaseTried = true;
    return true;
  }

  /** Whether a release was tried before the call that acquires this resource had answered. */
  wasReleaseTried(resource: ResourceId): boolean {
    return this.#inFlight.get(resource)?.releaseTried === true;
  }

  /** Handles that this process holds to the compute system. */
  handlesOf(id: ContainerId | VmId): SystemHandle[] {
    const handles = this.#handles.get(id) ?? [];
    this.#handles.set(id, handles);
    return handles;
  }

  /** A call of a step: not begun any more once the run was asked to stop. */
  async step<T>(phase: Phase, call: string, target: string, make: () => Promise<T>): Promise<T> {
    this.#throwIfStopped(phase);
    return this.waitFor(`${call} (${target})`, () => this.call(phase, call, target, make));
  }

  /** Waits, unless the run was asked to stop. */
  async pause(phase: Phase, ms: number): Promise<void> {
    this.#throwIfStopped(phase);
    await this.sleep(ms);
    this.#throwIfStopped(phase);
  }

  /** Waits in any case. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.setTimeout(resolve, ms));
  }

  /** The same, until somebody says that it is enough. */
  sleepUntil(ms: number, enough: AbortSignal): Promise<undefined> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => resolve(undefined), ms);
      enough.addEventListener('abort', () => {
        this.#clock.clearTimeout(timer);
        resolve(undefined);
      });
    });
  }

  /** Undoes what stands in the way in the VM, and whose process has died. */
  reapIn(vm: VmId): Promise<void> {
    return reapAbandoned(this.#dependencies, vm);
  }

  /** Any call to the host: reported when it begins and when it has answered. */
  async call<T>(phase: Phase, call: string, target: string, make: () => Promise<T>): Promise<T> {
    const startedAt = this.#clock.now();
    const answered = (error?: unknown) =>
      this.#report({
        type: 'call.answered',
        call,
        phase,
        target,
        durationMs: this.#clock.now() - startedAt,
        ...(error instanceof HostError ? { failure: error.failure } : {}),
      });
    this.#report({ type: 'call.started', call, phase, target });
    try {
      const value = await make();
      answered();
      return value;
    } catch (error) {
      answered(error);
      throw error;
    }
  }

  /**
   * Acquires `resource` with one call: the intent is in the ledger before `make` is called, and the outcome after it.
   * What the host says is somebody else's is marked as refused, so that it is never released by us.
   */
  acquire<R extends Resource, T>(
    phase: Phase,
    call: string,
    resource: R,
    make: (intent: Intent<R['kind']>) => Promise<T>,
  ): Promise<T> {
    const target = describeResource(resource);
    return this.hold(phase, resource, (intent) => this.step(phase, call, target, () => make(intent)));
  }

  /** Acquires `resource` with as many calls as `work` makes, each through `step`. */
  async hold<R extends Resource, T>(
    phase: Phase,
    resource: R,
    work: (intent: Intent<R['kind']>) => Promise<T>,
  ): Promise<T> {
    this.#throwIfStopped(phase);
    const intent = await this.ledger.intend(phase, resource);
    const { id } = intent.entry;
    this.#inFlight.set(id, { releaseTried: false });
    try {
      const value = await work(intent);
      await this.ledger.change(id, 'held');
      return value;
    } catch (error) {
      const fault = toFault(error, phase, resource);
      if (fault.host?.class === 'conflict') await this.ledger.change(id, 'refused', fault);
      throw new Failure(fault);
    } finally {
      this.#inFlight.delete(id);
    }
  }

  /** The waits of a step follow each other, so that there is one at the most. `call`: what a run is told that gives up. */
  async waitFor<T>(call: string, make: () => Promise<T>): Promise<T> {
    this.#pendingStepCall = call;
    try {
      return await make();
    } finally {
      this.#pendingStepCall = null;
    }
  }

  #throwIfStopped(phase: Phase): void {
    if (this.#stopped) throw stoppedBefore(phase, 'its next call');
  }
}

/** The runs that are known in this process, opened when first asked for. */
export class Runs {
  readonly dependencies: ActorDependencies;
  readonly admission: Admission;
  readonly #runs = new Map<ProvisionId, Promise<Run>>();
  readonly #sharedFolders = new Set<string>();
  #opened = 0;

  /** @throws {RangeError} for a bad limit of the admission */
  constructor(dependencies: ActorDependencies) {
    this.dependencies = dependencies;
    this.admission = new Admission(dependencies.admission);
  }

  get(id: ProvisionId): Promise<Run> {
    return this.#runs.get(id) ?? this.#open(id, Promise.resolve());
  }

  /** Opens the run when it has begun; what that rejects with is what every actor of the run rejects with. */
  openAfter(id: ProvisionId, begun: Promise<void>): void {
    this.#open(id, begun).catch(() => {});
  }

  #open(id: ProvisionId, begun: Promise<void>): Promise<Run> {
    this.#opened += 1;
    const place: PlaceOfRun = { id, number: this.#opened, sharedFolders: this.#sharedFolders };
    const run = begun.then(() => Run.open(place, this.dependencies));
    this.#runs.set(id, run);
    return run;
  }

  /** Drops what the process remembers of a run; its ledger stays in the store. */
  forget(id: ProvisionId): void {
    this.#runs.delete(id);
  }
}
