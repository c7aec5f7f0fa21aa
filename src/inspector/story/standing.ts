import type { QueuePlace } from '../../domain/admission.ts';
import { DEFAULT_DEADLINES, DEFAULT_PATIENCE, type Deadlines, type Patience } from '../../domain/deadlines.ts';
import type { MachineEvent } from '../../domain/events.ts';
import type { Fault } from '../../domain/fault.ts';
import type { ResourceId } from '../../domain/ids.ts';
import type { RecordedStatus } from '../../domain/provisionStatus.ts';
import { isAlive, type LedgerEntry } from '../../domain/resource.ts';
import type { StepName } from '../../domain/step.ts';
import { entryAfter } from '../../journal/ledger.ts';
import type { RunLine, RunRecord } from '../../journal/store.ts';
import { type Waiting, waitingOf } from '../../observe/waiting.ts';
import type { RunOverview, ShownStatus } from '../protocol.ts';

type Started = Extract<RunRecord, { type: 'run.started' }>;
type Told = Extract<RunRecord, { type: 'run.status' }>;

interface PendingCall {
  readonly call: string;
  readonly target: string;
  readonly sinceMs: number;
}

const GONE = 'its process is gone: slipway recover finishes what it has left';

/** Limits come as JSON, which has no Infinity. */
const finiteOnly = <T extends object>(limits: T): T =>
  Object.fromEntries(Object.entries(limits).map(([name, ms]) => [name, ms ?? Infinity])) as T;

/** Where a run stands, by its lines so far. Times are milliseconds from its start, over all its processes. */
export class Standing {
  #id = '';
  #started: Started | undefined;
  #told: Told | undefined;
  #process = '';
  /** When the process that drives it began to count. */
  #offsetMs = 0;
  #nowMs = 0;
  #path = '';
  #enteredMs = 0;
  #step: StepName = 'initializing';
  #fault: Fault | undefined;
  #place: QueuePlace | undefined;
  #pending: PendingCall[] = [];
  #deadlines: Deadlines = DEFAULT_DEADLINES;
  #patience: Patience = DEFAULT_PATIENCE;
  readonly #entries = new Map<ResourceId, LedgerEntry>();

  get id(): string {
    return this.#id;
  }

  /** undefined: what came so far does not tell what the run is about. */
  get started(): Started | undefined {
    return this.#started;
  }

  get process(): string {
    return this.#process;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get path(): string {
    return this.#path;
  }

  get step(): StepName {
    return this.#step;
  }

  get fault(): Fault | undefined {
    return this.#told?.fault ?? this.#fault;
  }

  get heldUntil(): string | null {
    return this.#told?.until ?? null;
  }

  get entries(): ReadonlyMap<ResourceId, LedgerEntry> {
    return this.#entries;
  }

  /** The time of a line, from the start of the run. */
  timeOf(atMs: number): number {
    return this.#offsetMs + atMs;
  }

  tell(line: RunLine): void {
    switch (line.type) {
      case 'header':
        this.#id = line.run;
        return;
      case 'intended':
      case 'changed':
        // A line that comes twice says nothing new, and one without its beginning nothing at all.
        if (line.type === 'changed' && !this.#entries.has(line.id)) return;
        if (line.type === 'intended' && this.#entries.has(line.id)) return;
        this.#entries.set(line.id, entryAfter(this.#entries, line));
        return;
      case 'note.limits':
        this.#deadlines = finiteOnly(line.deadlines);
        this.#patience = { ...finiteOnly(line.patience), leaseMs: this.#patience.leaseMs };
        return;
      case 'run.started':
      case 'run.status':
      case 'run.takenUp':
      case 'vm.started':
        this.#tellRecord(line);
        return;
      default:
        this.#nowMs = Math.max(this.#nowMs, this.timeOf(line.atMs));
        this.#tellNote(line);
    }
  }

  #tellRecord(line: Exclude<RunRecord, { type: 'intended' | 'changed' }>): void {
    if (line.type === 'vm.started') return;
    if (line.type === 'run.started') this.#started ??= line;
    const startedAt = Date.parse(this.#started?.at ?? line.at);
    // The clock on the wall may have been set meanwhile; what was told first was first.
    if (line.type !== 'run.started') this.#nowMs = Math.max(this.#nowMs, Date.parse(line.at) - startedAt);
    if (line.type === 'run.status') {
      this.#told = line;
      return;
    }
    this.#process = line.process;
    this.#pending = [];
    if (line.type === 'run.takenUp') this.#offsetMs = this.#nowMs;
  }

  #tellNote(line: Exclude<RunLine, RunRecord | { type: 'header' | 'note.limits' }>): void {
    switch (line.type) {
      case 'note.state':
        this.#path = line.path;
        this.#enteredMs = this.timeOf(line.atMs);
        return;
      case 'note.callStarted':
        this.#pending.push({ call: line.call, target: line.target, sinceMs: this.timeOf(line.atMs) });
        return;
      case 'note.call': {
        const index = this.#pending.findIndex(({ call, target }) => call === line.call && target === line.target);
        if (index >= 0) this.#pending.splice(index, 1);
        return;
      }
      case 'note.event':
        this.#tellEvent(line.event);
        return;
      default:
    }
  }

  #tellEvent(event: MachineEvent): void {
    if (event.type === 'step.queued') this.#place = event;
    else if (event.type.startsWith('step.') || event.type === 'release.started') this.#place = undefined;
    if (event.type === 'step.started') this.#step = event.step;
    if (event.type === 'step.failed' || event.type === 'step.outcomeUnknown') this.#fault ??= event.fault;
  }

  /** @param isLeft whether the process that drove it is gone */
  status(isLeft = false): ShownStatus {
    const status: RecordedStatus = this.#told?.status ?? 'provisioning';
    if (isLeft && (status === 'provisioning' || status === 'undoing')) return 'interrupted';
    if (status !== 'failed' && status !== 'released' && this.#path.startsWith('reconciling')) return 'reconciling';
    return status;
  }

  waiting(isLeft = false): Waiting {
    const status = this.status(isLeft);
    if (status === 'interrupted') return { for: 'nothing', what: GONE, sinceMs: this.#nowMs };
    const { untilMs, ...waiting } = waitingOf({
      state: { status, path: this.#path, step: this.#step },
      enteredMs: this.#enteredMs,
      pending: this.#pending.at(-1),
      place: this.#place,
      deadlines: this.#deadlines,
      patience: this.#patience,
    });
    return untilMs === undefined || !Number.isFinite(untilMs) ? waiting : { ...waiting, untilMs };
  }

  /** undefined as long as nothing tells what the run is about. */
  overview(id: string, isLeft = false): RunOverview | undefined {
    const started = this.#started;
    if (started === undefined) return undefined;
    const onHost = [...this.#entries.values()].filter(isAlive);
    const { fault } = this;
    return {
      id,
      systemId: started.containerId,
      kind: started.kind ?? 'container',
      status: this.status(isLeft),
      path: this.#path,
      step: this.#step,
      startedAt: started.at,
      lastAt: new Date(Date.parse(started.at) + this.#nowMs).toISOString(),
      waiting: this.waiting(isLeft),
      fault: fault === undefined ? null : { code: fault.code, message: fault.message, step: fault.step },
      onHost: onHost.length,
      residue: onHost.filter(({ state }) => state === 'residue').length,
    };
  }
}
