import type { Observable } from 'rxjs';
import { v4 as uuid } from 'uuid';
import { actorsOn } from '../actors/hostActors.ts';
import { Runs } from '../actors/run.ts';
import { vmActorsOn } from '../actors/vm/hostActors.ts';
import type { AdmissionLimits } from '../domain/admission.ts';
import type { Clock } from '../domain/clock.ts';
import type { Deadlines, Patience } from '../domain/deadlines.ts';
import type { HostEvent } from '../domain/events.ts';
import { containerId, type ProvisionId, provisionId, vmId } from '../domain/ids.ts';
import type { CreateRequest } from '../domain/request.ts';
import { type CreateVmRequest, isPodVm, type VmDefaults } from '../domain/vmRequest.ts';
import { realClock } from '../hcs/clock.ts';
import type { HostPort } from '../hcs/port.ts';
import { machineProcesses, type Processes } from '../hcs/processIdentity.ts';
import {
  isContainerRun,
  isVmRun,
  type RunSummary,
  type StoredRuns,
  summarize,
  summaryOf,
} from '../journal/runSummary.ts';
import { type LedgerStore, memoryLedgerStore } from '../journal/store.ts';
import { memoryVmStore, type VmStore } from '../journal/vmStore.ts';
import { createContainer } from '../machines/createContainer/machine.ts';
import { utilityVm } from '../machines/utilityVm/machine.ts';
import { IsolatedObservable } from '../observe/isolated.ts';
import { RunUnknown } from './faults.ts';
import { type Inspect, isolatedInspect } from './inspect.ts';
import { type AnyCreate, Leftovers, type LeftoverWork } from './leftovers.ts';
import { LiveRuns, tellOfService } from './liveRuns.ts';
import { type Provision, provisionOf } from './provision.ts';
import { ProvisionRun, type ProvisionRunOptions } from './provisionRun.ts';
import { Recovering, type RecoverOptions, type Recovery } from './recovering.ts';
import { type CreateMachine, containerSubject, type VmMachine, vmSubject } from './runSubject.ts';
import { claimRun, whereOf } from './takingUp.ts';
import { UnclosedHandles } from './unclosedHandles.ts';
import { type VmProvision, vmProvisionOf } from './vmProvision.ts';

export interface ProvisionerOptions {
  readonly host: HostPort;
  /** Where the ledgers are kept. Default: in memory, for the life of the process. */
  readonly journal?: LedgerStore;
  /** What is known of the utility VMs of the host. Default: in memory, for the life of the process. */
  readonly vms?: VmStore;
  /** The host path of device-util.exe, which lists the devices of a Windows guest. Default: there is none. */
  readonly deviceUtil?: string;
  /** The Owner of compute systems whose request names none. Default: `slipway`. */
  readonly owner?: string;
  /** Milliseconds a step may take. */
  readonly deadlines?: Partial<Deadlines>;
  readonly patience?: Partial<Patience>;
  /** What VMs are like where their requests say nothing. Default: {@link VM_DEFAULTS}. */
  readonly vmDefaults?: VmDefaults;
  /** Which processes live, and which of them this is. Default: those of this machine. */
  readonly processes?: Processes;
  /**
   * How much work of a class goes on at once; what has to wait is served first come, first served. Default:
   * {@link DEFAULT_ADMISSION}.
   */
  readonly admission?: AdmissionLimits;
  /** Default: the real one. A simulated host and its provisioner should have the same. */
  readonly clock?: Clock;
  /** Makes the GUIDs of provisions, namespaces and containers without an id. Default: version 4. */
  readonly newId?: () => string;
  /** Gets a copy of every transition, later; what it throws is reported as a process warning. */
  readonly inspect?: Inspect;
}

export interface CreateOptions {
  /** Cancels the create when it aborts. */
  readonly signal?: AbortSignal;
}

export interface CreateVmOptions extends CreateOptions {
  /** After a failure, keep what was acquired (see `fault.held`) instead of releasing it. Default: false. */
  readonly keepOnFailure?: boolean;
  /** How long a step may take, in milliseconds, where it should differ from the provisioner's. */
  readonly deadlines?: Partial<Deadlines>;
}

/** Creates containers, and the VMs that they may run in, on one host. */
export interface Provisioner extends LeftoverWork {
  /**
   * Starts a create. The same request for an id that is in use gives the provision that is there already.
   * @throws {ProvisionConflict} when the id is in use by another request.
   */
  create(request: CreateRequest, options?: CreateOptions): Provision;
  /**
   * Starts the create of a utility VM: by its options, or by the pod that is to run in it.
   * @throws {ProvisionConflict} when the id is in use by another request.
   */
  createVm(request: CreateVmRequest, options?: CreateVmOptions): VmProvision;
  /** What the journal tells of its runs, also of those that other processes drive. */
  runs(): Promise<StoredRuns>;
  /**
   * Takes up the run of a container that another process has left, where it stood: provisioned, held, in need of hands; one that was
   * interrupted is rolled back.
   * @throws {RunUnknown} {@link RunInProgress} {@link RunEnded}
   */
  takeUp(id: ProvisionId): Promise<Provision>;
  /**
   * The same for the run of a VM.
   * @throws {RunUnknown} {@link RunInProgress} {@link RunEnded}
   */
  takeUpVm(id: ProvisionId): Promise<VmProvision>;
  /**
   * What is to be done after processes have ended, however they ended: creates that were interrupted are rolled back,
   * releases go on, residue is tried again, leases that are over end, and what had reached its end and is there is
   * taken up (it comes to `provisions$` and `vms$`). Runs that a living process drives are left alone.
   */
  recover(options?: RecoverOptions): Promise<Recovery>;
  /** The provisions that have not ended: running, provisioned, held, or in need of hands. */
  readonly provisions$: Observable<readonly Provision[]> & AsyncIterable<readonly Provision[]>;
  /** The same of the VMs. */
  readonly vms$: Observable<readonly VmProvision[]> & AsyncIterable<readonly VmProvision[]>;
  /** Cancels what is running and resolves when every rollback is over. What was provisioned stays. */
  close(): Promise<void>;
}

function warn(what: string): (error: unknown) => void {
  return (error) => {
    process.emitWarning(`${what} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, {
      type: 'SlipwayWarning',
    });
  };
}

function cloneOf<T>(value: T): T | undefined {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}

/** What the caller may do with the request afterwards is nothing to us; a spec that JSON cannot carry stays as it is. */
function copyOf(request: CreateRequest): CreateRequest {
  return { ...request, spec: cloneOf(request.spec) };
}

function vmCopyOf(request: CreateVmRequest): CreateVmRequest {
  return isPodVm(request) ? { ...request, podSpec: cloneOf(request.podSpec) } : { ...(cloneOf(request) ?? request) };
}

function cancelOn(signal: AbortSignal | undefined, create: Provision | VmProvision): void {
  if (signal === undefined) return;
  const cancel = () =>
    void create.cancel(signal.reason instanceof Error ? signal.reason.message : String(signal.reason));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  create.result.catch(() => {}).finally(() => signal.removeEventListener('abort', cancel));
}

class HostProvisioner extends Leftovers implements Provisioner {
  readonly provisions$: Provisioner['provisions$'];
  readonly vms$: Provisioner['vms$'];
  readonly #containers = new LiveRuns<Provision>();
  readonly #vms = new LiveRuns<VmProvision>();
  readonly #options: ProvisionerOptions;
  readonly #runs: Runs;
  readonly #unclosed: UnclosedHandles;
  readonly #newId: () => string;
  readonly #processes: Processes;
  #containerMachine: CreateMachine | undefined;
  #vmMachine: VmMachine | undefined;
  readonly #inspect: ReturnType<typeof isolatedInspect> | undefined;
  readonly #listenNoMore: () => void;

  constructor(options: ProvisionerOptions) {
    super();
    this.#options = options;
    this.#newId = options.newId ?? (() => uuid());
    this.#processes = options.processes ?? machineProcesses;
    this.#runs = new Runs({
      host: options.host,
      store: options.journal ?? memoryLedgerStore(),
      vms: options.vms ?? memoryVmStore(),
      ...(options.deviceUtil === undefined ? {} : { deviceUtil: options.deviceUtil }),
      clock: options.clock ?? realClock(),
      owner: options.owner ?? 'slipway',
      newId: this.#newId,
      processes: this.#processes,
      ...(options.vmDefaults === undefined ? {} : { vmDefaults: options.vmDefaults }),
      ...(options.admission === undefined ? {} : { admission: options.admission }),
      reap: (run) => this.#recovering().recoverRun(run),
      report: (id, event) => this.#report(id, event),
    });
    this.#unclosed = new UnclosedHandles(this.#runs);
    this.#inspect = options.inspect === undefined ? undefined : isolatedInspect(options.inspect, warn('an inspector'));
    this.#listenNoMore = tellOfService(options.host, [this.#vms, this.#containers]);
    this.provisions$ = new IsolatedObservable(this.#containers.list$, warn('a subscriber of provisions$'), 'latest');
    this.vms$ = new IsolatedObservable(this.#vms.list$, warn('a subscriber of vms$'), 'latest');
  }

  create(request: CreateRequest, { signal }: CreateOptions = {}): Provision {
    const copy = copyOf(request);
    const id = containerId(this.#idFor(copy.id));
    const known = this.#containers.known(id, copy);
    if (known !== undefined) return known;
    const subject = containerSubject(this.#machineOfContainers(), id, { ...copy, id: copy.id || id });
    const run = this.#runOf({ subject, provisionId: provisionId(this.#newId()) });
    const provision = this.#containers.begin(id, copy, provisionOf(run, id), run);
    cancelOn(signal, provision);
    return provision;
  }

  createVm(request: CreateVmRequest, options: CreateVmOptions = {}): VmProvision {
    const copy = vmCopyOf(request);
    const id = vmId(this.#idFor(copy.id));
    const known = this.#vms.known(id, copy);
    if (known !== undefined) return known;
    const { signal, keepOnFailure = false, deadlines = {} } = options;
    const own = { keepOnFailure, ownDeadlines: deadlines };
    const subject = vmSubject(this.#machineOfVms(), id, { ...copy, id: copy.id || id }, own);
    const run = this.#runOf({ subject, provisionId: provisionId(this.#newId()) });
    const provision = this.#vms.begin(id, copy, vmProvisionOf(run, this.#runs, id), run);
    cancelOn(signal, provision);
    return provision;
  }

  runs(): Promise<StoredRuns> {
    return summarize(this.#runs.dependencies.store, this.#processes);
  }

  async takeUp(id: ProvisionId): Promise<Provision> {
    const known = this.#containers.byRun(id);
    if (known !== undefined) return known;
    const summary = await this.#claim(id, isContainerRun);
    const container = containerId(summary.containerId);
    const run = this.#takenUp(summary, containerSubject(this.#machineOfContainers(), container, summary.request));
    return this.#containers.begin(container, summary.request, provisionOf(run, container), run);
  }

  async takeUpVm(id: ProvisionId): Promise<VmProvision> {
    const known = this.#vms.byRun(id);
    if (known !== undefined) return known;
    const summary = await this.#claim(id, isVmRun);
    const vm = vmId(summary.containerId);
    const run = this.#takenUp(summary, vmSubject(this.#machineOfVms(), vm, summary.request));
    return this.#vms.begin(vm, summary.request, vmProvisionOf(run, this.#runs, vm), run);
  }

  async close(): Promise<void> {
    const reason = 'the provisioner is closed';
    await Promise.all([this.#containers.cancelAll(reason), this.#vms.cancelAll(reason)]);
    this.#listenNoMore();
  }

  recover(options?: RecoverOptions): Promise<Recovery> {
    return this.#recovering().recover(options);
  }

  #recovering(): Recovering {
    return new Recovering({
      processes: this.#processes,
      stored: () => this.runs(),
      isOurs: (id) => (this.#containers.byRun(id) ?? this.#vms.byRun(id)) !== undefined,
      look: (id) => this.#unclosed.look(id),
      takeUp: async (run) => void (await this.createOf(run)).result.catch(() => {}),
      giveBack: (run) => this.giveBack(run),
    });
  }

  protected override async createOf(run: RunSummary): Promise<AnyCreate> {
    const create = await super.createOf(run);
    await this.#unclosed.giveTo(run);
    return create;
  }

  async #claim<Run extends RunSummary>(id: ProvisionId, is: (run: RunSummary) => run is Run): Promise<Run> {
    const { store } = this.#runs.dependencies;
    const found = summaryOf(id, await store.read(id), this.#processes);
    if (found === undefined || !is(found)) throw new RunUnknown(id);
    const claimed = await claimRun(store, id, this.#processes);
    return is(claimed) ? claimed : found;
  }

  #takenUp(summary: RunSummary, subject: ProvisionRunOptions['subject']): ProvisionRun {
    const takenUp = { where: whereOf(summary), entries: summary.resources, heldUntil: summary.heldUntil };
    return this.#runOf({ subject, provisionId: summary.provisionId, takenUp });
  }

  /** Made when first used: that takes some milliseconds. */
  #machineOfContainers(): CreateMachine {
    this.#containerMachine ??= createContainer.provide({ actors: actorsOn(this.#runs) });
    return this.#containerMachine;
  }

  #machineOfVms(): VmMachine {
    this.#vmMachine ??= utilityVm.provide({ actors: vmActorsOn(this.#runs) });
    return this.#vmMachine;
  }

  /** An id that cannot be one is refused by the validation; until then the run needs some other name. */
  #idFor(asked: unknown): string {
    const usable = typeof asked === 'string' && asked !== '' && !asked.includes('\0');
    return usable ? asked : this.#newId();
  }

  #runOf(about: Pick<ProvisionRunOptions, 'subject' | 'provisionId' | 'takenUp'>): ProvisionRun {
    return new ProvisionRun({
      ...about,
      deadlines: this.#options.deadlines ?? {},
      patience: this.#options.patience ?? {},
      runs: this.#runs,
      clock: this.#runs.dependencies.clock,
      inspect: this.#inspect,
      onStrangerError: warn('a subscriber'),
      onNotesError: warn('the journal'),
    });
  }

  #report(id: ProvisionId, event: HostEvent): void {
    this.#containers.report(id, event);
    this.#vms.report(id, event);
  }
}

/**
 * A provisioner over a host.
 * @throws {RangeError} for a bad limit in `admission`
 */
export async function createProvisioner(options: ProvisionerOptions): Promise<Provisioner> {
  return new HostProvisioner(options);
}
