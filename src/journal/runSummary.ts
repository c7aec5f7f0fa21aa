import type { Fault } from '../domain/fault.ts';
import type { ProvisionId, SystemId } from '../domain/ids.ts';
import { isAtRest, type RecordedStatus } from '../domain/provisionStatus.ts';
import { isAlive, type LedgerEntry } from '../domain/resource.ts';
import type { VmTraits } from '../domain/utilityVm.ts';
import { machineProcesses, type Processes } from '../hcs/processIdentity.ts';
import { foldLedger } from './ledger.ts';
import { RunFileUnreadable } from './runFile.ts';
import type { AskedOfRun, LedgerStore, RunRecord } from './store.ts';

/** What is told of a container that was started. */
export type ToldLife = Omit<Extract<RunRecord, { type: 'run.life' }>, 'type'>;

/** What a store tells of one run, without the run itself. */
interface AnySummary {
  readonly provisionId: ProvisionId;
  /** What it makes: a container or a utility VM. */
  readonly containerId: SystemId;
  /** As the run has told it last; `interrupted` when its process is gone and it was not at rest. */
  readonly status: RecordedStatus | 'interrupted';
  /** Why it failed, if it did. */
  readonly fault?: Fault;
  /** Whether the create had reached its end, whatever came after. */
  readonly wasProvisioned: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Since when it has told that status, ISO 8601. */
  readonly statusSince: string;
  /** The process that drives it, or drove it last. */
  readonly process: string;
  /** What its container was doing when that was told last; absent when it was never started. */
  readonly life?: ToldLife;
  /** Until when what a failed create was told to keep is held, ISO 8601; absent when nothing is. */
  readonly heldUntil?: string;
  readonly resources: readonly LedgerEntry[];
}

export type ContainerRunSummary = AnySummary & Extract<AskedOfRun, { kind: 'container' }>;
/** `traits`: of a VM that has run. */
export type VmRunSummary = AnySummary & Extract<AskedOfRun, { kind: 'vm' }> & { readonly traits?: VmTraits };
export type RunSummary = ContainerRunSummary | VmRunSummary;

export function isContainerRun(run: RunSummary): run is ContainerRunSummary {
  return run.kind === 'container';
}

export function isVmRun(run: RunSummary): run is VmRunSummary {
  return run.kind === 'vm';
}

function ofType<T extends RunRecord['type']>(records: readonly RunRecord[], type: T) {
  return records.filter((record): record is Extract<RunRecord, { type: T }> => record.type === type);
}

type Told = Extract<RunRecord, { type: 'run.status' }> | undefined;

/** What moves by itself moves only as long as its process does. */
function statusOf(told: Told, process: string, { hasEnded }: Pick<Processes, 'hasEnded'>): RunSummary['status'] {
  const status = told?.status ?? 'provisioning';
  return !isAtRest(status) && hasEnded(process) ? 'interrupted' : status;
}

function saidOf(told: Told): Pick<AnySummary, 'fault' | 'heldUntil'> {
  const { fault, until } = told ?? {};
  return { ...(fault === undefined ? {} : { fault }), ...(until === undefined ? {} : { heldUntil: until }) };
}

/** The pid stays that of its start. */
function lifeOf(records: readonly RunRecord[]): Pick<AnySummary, 'life'> {
  const told = ofType(records, 'run.life');
  const last = told.at(-1);
  if (last === undefined) return {};
  const { type: _, ...life } = last;
  const pid = told.findLast((one) => one.pid !== undefined)?.pid;
  return { life: pid === undefined ? life : { ...life, pid } };
}

/** What the records of a run tell; undefined for a run that was never started. */
export function summaryOf(
  provisionId: ProvisionId,
  records: readonly RunRecord[],
  processes: Pick<Processes, 'hasEnded'> = machineProcesses,
): RunSummary | undefined {
  const [started] = ofType(records, 'run.started');
  if (started === undefined) return undefined;
  const told = ofType(records, 'run.status');
  const process = ofType(records, 'run.takenUp').at(-1)?.process ?? started.process;
  const summary: AnySummary = {
    provisionId,
    containerId: started.containerId,
    status: statusOf(told.at(-1), process, processes),
    ...saidOf(told.at(-1)),
    wasProvisioned: told.some(({ status }) => status === 'provisioned'),
    startedAt: started.at,
    statusSince: told.at(-1)?.at ?? started.at,
    process,
    ...lifeOf(records),
    resources: foldLedger(records),
  };
  if (started.kind !== 'vm') return { ...summary, kind: 'container', request: started.request };
  const traits = ofType(records, 'vm.started').at(-1)?.traits;
  return { ...summary, kind: 'vm', request: started.request, ...(traits === undefined ? {} : { traits }) };
}

/** Whether something of the run is, or may yet be, on the host. */
export function isOpen({ status, resources }: Pick<RunSummary, 'status' | 'resources'>): boolean {
  return status === 'provisioning' || status === 'undoing' || resources.some(isAlive);
}

export interface StoredRuns {
  /** The oldest first. */
  readonly runs: readonly RunSummary[];
  /** Why a run could not be read; the others are told all the same. */
  readonly unreadable: readonly RunFileUnreadable[];
}

async function summarizeOne(
  store: LedgerStore,
  run: ProvisionId,
  processes: Processes,
): Promise<RunSummary | RunFileUnreadable | undefined> {
  try {
    return summaryOf(run, await store.read(run), processes);
  } catch (error) {
    if (error instanceof RunFileUnreadable) return error;
    throw error;
  }
}

/** All runs of a store. */
export async function summarize(store: LedgerStore, processes: Processes = machineProcesses): Promise<StoredRuns> {
  const runs = await store.runs();
  const read = await Promise.all(runs.map((run) => summarizeOne(store, run, processes)));
  return {
    runs: read
      .filter((one): one is RunSummary => one !== undefined && !(one instanceof RunFileUnreadable))
      .sort((a, b) => a.startedAt.localeCompare(b.startedAt)),
    unreadable: read.filter((one) => one instanceof RunFileUnreadable),
  };
}
