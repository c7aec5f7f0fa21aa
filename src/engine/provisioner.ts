import { isDeepStrictEqual } from 'node:util';
import { map, type Observable, Subject, startWith } from 'rxjs';
import { v4 as uuid } from 'uuid';
import { actorsOn } from '../actors/hostActors.ts';
import { Runs } from '../actors/run.ts';
import type { Clock } from '../domain/clock.ts';
import type { Deadlines, Patience } from '../domain/deadlines.ts';
import type { HostEvent } from '../domain/events.ts';
import { type ContainerId, containerId, type ProvisionId, provisionId } from '../domain/ids.ts';
import type { CreateRequest } from '../domain/request.ts';
import { realClock } from '../hcs/clock.ts';
import type { HostPort } from '../hcs/port.ts';
import { type StoredRuns, summarize } from '../journal/runSummary.ts';
import { type LedgerStore, memoryLedgerStore } from '../journal/store.ts';
import { memoryVmStore, type VmStore } from '../journal/vmStore.ts';
import { createContainer } from '../machines/createContainer/machine.ts';
import { IsolatedObservable } from '../observe/isolated.ts';
import { ProvisionConflict, RunUnknown } from './faults.ts';
import { type Inspect, isolatedInspect } from './inspect.ts';
import { type Provision, provisionOf } from './provision.ts';
import { type CreateMachine, ProvisionRun, type ProvisionRunOptions } from './provisionRun.ts';
import { whereOf } from './takingUp.ts';

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

/** Creates containers on one host. */
export interface Provisioner {
  /**
   * Starts a create. The same request for an id that is in use gives the provision that is there already.
   * @throws {ProvisionConflict} when the id is in use by another request.
   */
  create(request: CreateRequest, options?: CreateOptions): Provision;
  /** What the journal tells of its runs, also of those that other processes drive. */
  runs(): Promise<StoredRuns>;
  /**
   * Takes up a run that another process has left, where it stood: provisioned, held, in need of hands; one that was
   * interrupted is rolled back.
   * @throws {RunUnknown} {@link RunInProgress}
   */
  takeUp(id: ProvisionId): Promise<Provision>;
  /** The provisions that have not ended: running, provisioned, held, or in need of hands. */
  readonly provisions$: Observable<readonly Provision[]> & AsyncIterable<readonly Provision[]>;
  /** Cancels what is running and resolves when every rollback is over. Provisioned containers stay. */
  close(): Promise<void>;
}

interface Known {
  readonly request: CreateRequest;
  readonly provision: Provision;
}

function warn(what: string): (error: unknown) => void {
  return (error) => {
    process.emitWarning(`${what} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, {
      type: 'SlipwayWarning',
    });
  };
}

/** What the caller may do with the request afterwards is nothing to us; a spec that JSON cannot carry stays as it is. */
function copyOf(request: CreateRequest): CreateRequest {
  try {
    return { ...request, spec: structuredClone(request.spec) };
  } catch {
    return { ...request, spec: undefined };
  }
}

class HostProvisioner implements Provisioner {
  readonly provisions$: Provisioner['provisions$'];
  readonly #listed = new Set<Provision>();
  readonly #listChanges = new Subject<void>();
  readonly #byContainer = new Map<ContainerId, Known>();
  readonly #running = new Map<ProvisionId, ProvisionRun>();
  readonly #options: ProvisionerOptions;
  readonly #runs: Runs;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #machine: CreateMachine;
  readonly #inspect: ReturnType<typeof isolatedInspect> | undefined;

  constructor(options: ProvisionerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock();
    this.#newId = options.newId ?? (() => uuid());
    this.#runs = new Runs({
      host: options.host,
      store: options.journal ?? memoryLedgerStore(),
      vms: options.vms ?? memoryVmStore(),
      ...(options.deviceUtil === undefined ? {} : { deviceUtil: options.deviceUtil }),
      clock: this.#clock,
      owner: options.owner ?? 'slipway',
      newId: this.#newId,
      report: (id, event) => this.#report(id, event),
    });
    this.#machine = createContainer.provide({ actors: actorsOn(this.#runs) });
    this.#inspect = options.inspect === undefined ? undefined : isolatedInspect(options.inspect, warn('an inspector'));
    // The list is copied for whoever looks, and not at each change: there may be thousands.
    const lists = this.#listChanges.pipe(
      startWith(undefined),
      map(() => [...this.#listed]),
    );
    this.provisions$ = new IsolatedObservable(lists, warn('a subscriber of provisions$'), 'latest');
  }

  create(request: CreateRequest, { signal }: CreateOptions = {}): Provision {
    const copy = copyOf(request);
    const id = this.#idFor(copy);
    const known = this.#byContainer.get(id);
    if (known !== undefined) {
      if (isDeepStrictEqual(known.request, copy)) return known.provision;
      throw new ProvisionConflict(id, known.provision.id);
    }
    const run = this.#runOf({
      containerId: id,
      provisionId: provisionId(this.#newId()),
      request: { ...copy, id: copy.id === undefined || copy.id === '' ? id : copy.id },
    });
    const provision = this.#begin(copy, run);
    this.#cancelOn(signal, provision);
    return provision;
  }

  runs(): Promise<StoredRuns> {
    return summarize(this.#runs.dependencies.store);
  }

  async takeUp(id: ProvisionId): Promise<Provision> {
    const known = [...this.#listed].find((provision) => provision.id === id);
    if (known !== undefined) return known;
    const summary = (await this.runs()).runs.find(({ provisionId }) => provisionId === id);
    if (summary === undefined) throw new RunUnknown(id);
    const { containerId, request, resources } = summary;
    const run = this.#runOf({
      containerId,
      provisionId: id,
      request,
      takenUp: { where: whereOf(summary), entries: resources },
    });
    return this.#begin(request, run);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listed].map((provision) => provision.cancel('the provisioner is closed')));
  }

  /** An id that cannot be one is refused by the validation; until then the run needs some other name. */
  #idFor(request: CreateRequest): ContainerId {
    try {
      return containerId(request.id === undefined || request.id === '' ? this.#newId() : request.id);
    } catch {
      return containerId(this.#newId());
    }
  }

  #runOf(about: Pick<ProvisionRunOptions, 'containerId' | 'provisionId' | 'request' | 'takenUp'>): ProvisionRun {
    return new ProvisionRun({
      ...about,
      deadlines: this.#options.deadlines ?? {},
      patience: this.#options.patience ?? {},
      machine: this.#machine,
      runs: this.#runs,
      clock: this.#clock,
      inspect: this.#inspect,
      onStrangerError: warn('a subscriber'),
      onNotesError: warn('the journal'),
    });
  }

  #begin(request: CreateRequest, run: ProvisionRun): Provision {
    const provision = provisionOf(run);
    this.#enlist({ request, provision }, run);
    run.start();
    return provision;
  }

  #enlist(known: Known, run: ProvisionRun): void {
    const id = known.provision.containerId;
    this.#byContainer.set(id, known);
    this.#running.set(known.provision.id, run);
    this.#listed.add(known.provision);
    this.#listChanges.next();
    run.recorder.life.state$.subscribe({
      complete: () => {
        this.#byContainer.delete(id);
        this.#running.delete(known.provision.id);
        this.#listed.delete(known.provision);
        this.#listChanges.next();
      },
    });
  }

  #cancelOn(signal: AbortSignal | undefined, provision: Provision): void {
    if (signal === undefined) return;
    const cancel = () =>
      void provision.cancel(signal.reason instanceof Error ? signal.reason.message : String(signal.reason));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    provision.result.catch(() => {}).finally(() => signal.removeEventListener('abort', cancel));
  }

  #report(id: ProvisionId, event: HostEvent): void {
    this.#running.get(id)?.onHostEvent(event);
  }
}

/** A provisioner over a host. */
export async function createProvisioner(options: ProvisionerOptions): Promise<Provisioner> {
  return new HostProvisioner(options);
}
