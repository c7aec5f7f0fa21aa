import { Subject } from 'rxjs';
import { v4 as uuid } from 'uuid';
import { actorsOn } from '../actors/hostActors.ts';
import { Runs } from '../actors/run.ts';
import { vmActorsOn } from '../actors/vm/hostActors.ts';
import { DEFAULT_PATIENCE } from '../domain/deadlines.ts';
import type { HostEvent } from '../domain/events.ts';
import { containerId, type ProvisionId, provisionId, vmId } from '../domain/ids.ts';
import type { CreateRequest } from '../domain/request.ts';
import { type CreateVmRequest, isPodVm } from '../domain/vmRequest.ts';
import { realClock } from '../hcs/clock.ts';
import { machineProcesses, type Processes } from '../hcs/processIdentity.ts';
import {
  isContainerRun,
  isVmRun,
  type RunSummary,
  type StoredRuns,
  summarize,
  summaryOf,
  type ToldLife,
} from '../journal/runSummary.ts';
import { memoryLedgerStore } from '../journal/store.ts';
import { type ToldLine, tellingStore } from '../journal/tellingStore.ts';
import { memoryVmStore } from '../journal/vmStore.ts';
import { createContainer } from '../machines/createContainer/machine.ts';
import { utilityVm } from '../machines/utilityVm/machine.ts';
import { IsolatedObservable } from '../observe/isolated.ts';
import { type CheckedRequest, checkRequest } from './checking.ts';
import type { CreateOptions, CreateVmOptions, Provisioner, ProvisionerOptions, TakeUpOptions } from './contract.ts';
import { RunUnknown } from './faults.ts';
import { isolatedInspect } from './inspect.ts';
import { type AnyCreate, Leftovers } from './leftovers.ts';
import type { Lived } from './life/begin.ts';
import { Lives } from './life/lives.ts';
import { LiveRuns, tellOfService } from './liveRuns.ts';
import { type Provision, provisionOf } from './provision.ts';
import { ProvisionRun, type ProvisionRunOptions } from './provisionRun.ts';
import { Recovering, type RecoverOptions, type Recovery } from './recovering.ts';
import { type CreateMachine, containerSubject, type VmMachine, vmSubject } from './runSubject.ts';
import { claimRun, whereOf } from './takingUp.ts';
import { UnclosedHandles } from './unclosedHandles.ts';
import { type VmProvision, vmProvisionOf } from './vmProvision.ts';

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
  readonly lines$: Provisioner['lines$'];
  readonly #containers = new LiveRuns<Provision>();
  readonly #vms = new LiveRuns<VmProvision>();
  readonly #options: ProvisionerOptions;
  readonly #runs: Runs;
  readonly #unclosed: UnclosedHandles;
  readonly #newId: () => string;
  readonly #processes: Processes;
  #containerMachine: CreateMachine | undefined;
  #vmMachine: VmMachine | undefined;
  #lives: Lives | undefined;
  readonly #inspect: ReturnType<typeof isolatedInspect> | undefined;
  readonly #listenNoMore: () => void;

  constructor(options: ProvisionerOptions) {
    super();
    const told = new Subject<ToldLine>();
    this.#options = options;
    this.#newId = options.newId ?? (() => uuid());
    this.#processes = options.processes ?? machineProcesses;
    this.#runs = new Runs({
      host: options.host,
      store: tellingStore(options.journal ?? memoryLedgerStore(), (line) => told.next(line)),
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
    this.lines$ = new IsolatedObservable(told, warn('a subscriber of lines$'), 'all');
  }

  create(request: CreateRequest, { signal }: CreateOptions = {}): Provision {
    const copy = copyOf(request);
    const id = containerId(this.#idFor(copy.id));
    const known = this.#containers.known(id, copy);
    if (known !== undefined) return known;
    const subject = containerSubject(this.#machineOfContainers(), id, { ...copy, id: copy.id || id });
    const run = this.#runOf({ subject, provisionId: provisionId(this.#newId()) });
    const provision = this.#containers.begin(id, copy, provisionOf(run, id, this.#lived(copy)), run);
    cancelOn(signal, provision);
    return provision;
  }

  check(request: CreateRequest): Promise<CheckedRequest> {
    return checkRequest(this.#runs, {
      provisionId: provisionId(this.#newId()),
      containerId: containerId(this.#idFor(request.id)),
      request: copyOf(request),
      deadlineMs: this.#options.deadlines?.validating,
    });
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

  async takeUp(id: ProvisionId, { spec }: TakeUpOptions = {}): Promise<Provision> {
    const known = this.#containers.byRun(id);
    if (known !== undefined) return known;
    const summary = await this.#claim(id, isContainerRun);
    const container = containerId(summary.containerId);
    const run = this.#takenUp(summary, containerSubject(this.#machineOfContainers(), container, summary.request));
    const { request, life } = summary;
    const lived = this.#lived({ spec: spec ?? request.spec }, life ?? 'nothing');
    return this.#containers.begin(container, request, provisionOf(run, container, lived), run);
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
    const { reconcileDeadlineMs = DEFAULT_PATIENCE.reconcileDeadlineMs } = this.#options.patience ?? {};
    return new Recovering({
      processes: this.#processes,
      stored: () => this.runs(),
      isOurs: (id) => (this.#containers.byRun(id) ?? this.#vms.byRun(id)) !== undefined,
      look: (id) => this.#unclosed.look(id, reconcileDeadlineMs),
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

  #lived({ spec }: Pick<CreateRequest, 'spec'>, told?: ToldLife | 'nothing'): Lived {
    this.#lives ??= new Lives({
      runs: this.#runs,
      patience: this.#options.lifePatience ?? {},
      newId: this.#newId,
      inspect: this.#inspect,
      onStrangerError: warn('a subscriber'),
    });
    return { spec, lives: this.#lives, told };
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
