/** What a provisioner is asked for, and what it offers. */
import type { Observable } from 'rxjs';
import type { AdmissionLimits } from '../domain/admission.ts';
import type { Clock } from '../domain/clock.ts';
import type { Deadlines, Patience } from '../domain/deadlines.ts';
import type { ProvisionId } from '../domain/ids.ts';
import type { CreateRequest } from '../domain/request.ts';
import type { CreateVmRequest, VmDefaults } from '../domain/vmRequest.ts';
import type { HostPort } from '../hcs/port.ts';
import type { Processes } from '../hcs/processIdentity.ts';
import type { StoredRuns } from '../journal/runSummary.ts';
import type { LedgerStore } from '../journal/store.ts';
import type { ToldLine } from '../journal/tellingStore.ts';
import type { VmStore } from '../journal/vmStore.ts';
import type { LifePatience } from '../machines/container/contract.ts';
import type { CheckedRequest } from './checking.ts';
import type { Inspect } from './inspect.ts';
import type { LeftoverWork } from './leftovers.ts';
import type { Provision } from './provision.ts';
import type { RecoverOptions, Recovery } from './recovering.ts';
import type { VmProvision } from './vmProvision.ts';

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
  /** The waits of what is done with a container that was created. Default: {@link DEFAULT_LIFE_PATIENCE}. */
  readonly lifePatience?: Partial<LifePatience>;
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
  /**
   * An inspector of XState. It gets copies without secrets, later; what it throws, and how many it was too slow for, is
   * reported as a process warning.
   */
  readonly inspect?: Inspect;
}

export interface CreateOptions {
  /** Cancels the create when it aborts. */
  readonly signal?: AbortSignal;
}

export interface TakeUpOptions {
  /**
   * The spec that the container was made from. Journals keep no secrets: without it, what is started or run in the
   * container is refused where it needs the value of a variable of the spec.
   */
  readonly spec?: unknown;
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
   * What is wrong with a request, without carrying it out: the validation of a create, which only reads the host.
   * @throws {ProvisionFault} when the host does not answer, or not in time
   */
  check(request: CreateRequest): Promise<CheckedRequest>;
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
  takeUp(id: ProvisionId, options?: TakeUpOptions): Promise<Provision>;
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
  /**
   * What the runs write down (the lines of their run files, also where there are no files), as they do so; nothing of
   * what came before the subscription.
   */
  readonly lines$: Observable<ToldLine> & AsyncIterable<ToldLine>;
  /** Cancels what is running and resolves when every rollback is over. What was provisioned stays. */
  close(): Promise<void>;
}
