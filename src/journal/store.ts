import type { ExitManner } from '../domain/containerLife.ts';
import type { Deadlines, Patience } from '../domain/deadlines.ts';
import type { RunEvent } from '../domain/events.ts';
import type { Fault, HostFailure } from '../domain/fault.ts';
import type { ProvisionId, ResourceId, SystemId, VmId } from '../domain/ids.ts';
import type { RecordedStatus } from '../domain/provisionStatus.ts';
import type { CreateRequest } from '../domain/request.ts';
import type { Resource, ResourceState } from '../domain/resource.ts';
import type { Phase } from '../domain/step.ts';
import type { VmTraits } from '../domain/utilityVm.ts';
import type { CreateVmRequest } from '../domain/vmRequest.ts';

/** One line of a ledger. The entries of a run are the fold of its records. */
export type LedgerRecord =
  | { readonly type: 'intended'; readonly id: ResourceId; readonly resource: Resource; readonly step: Phase }
  | {
      readonly type: 'changed';
      readonly id: ResourceId;
      readonly state: ResourceState;
      readonly attempts: number;
      readonly fault?: Fault;
      readonly wentWith?: VmId;
    };

/** What a run was asked to make; its request is without its secrets. */
export type AskedOfRun =
  | { readonly kind: 'container'; readonly request: CreateRequest }
  | { readonly kind: 'vm'; readonly request: CreateVmRequest };

type RunStarted = {
  readonly type: 'run.started';
  /** What it makes: a container or a utility VM. */
  readonly containerId: SystemId;
  readonly at: string;
  /** The process that drives it, as `processIdentity` names it. */
  readonly process: string;
} & (AskedOfRun | { readonly kind?: undefined; readonly request: CreateRequest });

/** What a run says of itself besides its ledger. Times are ISO 8601. */
export type RunRecord =
  | LedgerRecord
  | RunStarted
  | {
      readonly type: 'run.status';
      readonly status: RecordedStatus;
      readonly at: string;
      readonly fault?: Fault;
      /** Of a run that is held: until when. */
      readonly until?: string;
    }
  /** The VM of the run runs, and can have containers put into it. */
  | { readonly type: 'vm.started'; readonly traits: VmTraits }
  /** What was made has been started, or has stopped since. */
  | {
      readonly type: 'run.life';
      readonly status: 'running' | 'stopped';
      readonly at: string;
      /** Of its first process. */
      readonly pid?: number;
      readonly how?: ExitManner;
      readonly exitCode?: number;
    }
  /** Another process has taken it up. */
  | { readonly type: 'run.takenUp'; readonly at: string; readonly process: string };

/**
 * What a run file tells besides, for people who read it: nothing of it decides what becomes of a run. Times are
 * milliseconds from the start of the run in its process.
 */
export type RunNote =
  /** The statechart came to another state. */
  | { readonly type: 'note.state'; readonly path: string; readonly atMs: number }
  /** A call to the host was begun. */
  | {
      readonly type: 'note.callStarted';
      readonly call: string;
      readonly phase: Phase;
      readonly target: string;
      readonly atMs: number;
    }
  /** A call to the host has answered. */
  | {
      readonly type: 'note.call';
      readonly call: string;
      readonly target: string;
      readonly atMs: number;
      readonly durationMs: number;
      /** What the host said against it: the code, its name, and its own words where it gave some. */
      readonly failure?: Pick<HostFailure, 'hresult' | 'name' | 'detail'>;
    }
  /** A statechart said something: that of the run, or that of its container's life. */
  | { readonly type: 'note.event'; readonly event: RunEvent; readonly atMs: number }
  /** When a ledger entry came to its state. */
  | { readonly type: 'note.resource'; readonly id: ResourceId; readonly state: ResourceState; readonly atMs: number }
  /** The document that HCS gets, without its secrets. */
  | { readonly type: 'note.document'; readonly document: object; readonly atMs: number }
  /** How long steps, stops, pauses and releases may take, in milliseconds. */
  | { readonly type: 'note.limits'; readonly deadlines: Deadlines; readonly patience: Omit<Patience, 'leaseMs'> };

/** What every run file begins with. */
export interface RunHeader {
  readonly type: 'header';
  readonly format: number;
  readonly machines: Readonly<Record<string, number>>;
  readonly run: string;
}

/** One line of a run file, without its checksum. */
export type RunLine = RunRecord | RunNote | RunHeader;

/** Where runs are kept. An append has happened when its promise resolves, and not before; appends keep their order. */
export interface LedgerStore {
  append(run: ProvisionId, record: RunRecord): Promise<void>;
  /** Is written with the next append, or soon without one; may be lost when the process ends. */
  note(run: ProvisionId, note: RunNote): void;
  /** The records of a run in the order in which they were appended; none for an unknown run. */
  read(run: ProvisionId): Promise<readonly RunRecord[]>;
  /**
   * Appends what `decide` makes of the records of the run, or nothing: of all processes that amend a run, one at a time
   * reads and appends. What `decide` throws is thrown.
   */
  amend(run: ProvisionId, decide: (records: readonly RunRecord[]) => RunRecord | undefined): Promise<void>;
  /** The runs that have a record. */
  runs(): Promise<readonly ProvisionId[]>;
}

/** How many runs that have ended are kept in memory. */
const KEPT_ENDED = 1_000;

function hasEnded(record: RunRecord): boolean {
  return record.type === 'run.status' && (record.status === 'failed' || record.status === 'released');
}

/**
 * Runs that are kept as long as the process lives, without their notes; of those that have ended with nothing left, the
 * last 1,000.
 */
export function memoryLedgerStore(): LedgerStore {
  const ledgers = new Map<ProvisionId, RunRecord[]>();
  const ended = new Set<ProvisionId>();
  const forgetOldest = (): void => {
    const [oldest] = ended;
    if (oldest === undefined || ended.size <= KEPT_ENDED) return;
    ended.delete(oldest);
    ledgers.delete(oldest);
  };
  const push = (run: ProvisionId, record: RunRecord): void => {
    const ledger = ledgers.get(run);
    if (ledger === undefined) ledgers.set(run, [record]);
    else ledger.push(record);
    if (!hasEnded(record)) return;
    ended.add(run);
    forgetOldest();
  };
  return {
    append: async (run, record) => push(run, record),
    note: () => {},
    read: async (run) => [...(ledgers.get(run) ?? [])],
    amend: async (run, decide) => {
      const record = decide(ledgers.get(run) ?? []);
      if (record !== undefined) push(run, record);
    },
    runs: async () => [...ledgers.keys()],
  };
}
