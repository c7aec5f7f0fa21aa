import { redactDocument } from '../documents/redact.ts';
import type { Deadlines, Patience } from '../domain/deadlines.ts';
import type { HostEvent, MachineEvent } from '../domain/events.ts';
import type { Fault } from '../domain/fault.ts';
import type { ProvisionId, SystemId } from '../domain/ids.ts';
import type { RecordedStatus } from '../domain/provisionStatus.ts';
import { isPodVm } from '../domain/vmRequest.ts';
import type { AskedOfRun, LedgerStore, RunNote, RunRecord } from '../journal/store.ts';
import { redactSpec } from '../oci/redact.ts';

const now = (): string => new Date().toISOString();

function withoutSecrets(asked: AskedOfRun): AskedOfRun {
  const { kind, request } = asked;
  if (kind === 'container') return { kind, request: { ...request, spec: redactSpec(request.spec) } };
  return { kind, request: isPodVm(request) ? { ...request, podSpec: redactSpec(request.podSpec) } : request };
}

/** Microseconds are more than anybody wants to know. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

function answeredNote(event: Extract<HostEvent, { type: 'call.answered' }>, atMs: number): RunNote {
  const { call, target, durationMs, failure } = event;
  const note = { type: 'note.call', call, target, atMs, durationMs: rounded(durationMs) } as const;
  if (failure === undefined) return note;
  const { hresult, name, detail } = failure;
  return { ...note, failure: { hresult, name, ...(detail === undefined ? {} : { detail }) } };
}

/** An event, as the run file tells of it. */
function eventNote(event: MachineEvent | HostEvent, atMs: number): RunNote {
  switch (event.type) {
    case 'call.started': {
      const { call, phase, target } = event;
      return { type: 'note.callStarted', call, phase, target, atMs };
    }
    case 'call.answered':
      return answeredNote(event, atMs);
    case 'resource.changed':
      return { type: 'note.resource', id: event.entry.id, state: event.entry.state, atMs };
    default:
      return { type: 'note.event', event, atMs };
  }
}

export interface RunNotesOptions {
  readonly store: LedgerStore;
  readonly run: ProvisionId;
  /** The process that drives the run. */
  readonly process: string;
  /** Told of what could not be noted. */
  readonly onError: (error: unknown) => void;
}

/** Writes beside the ledger of a run what it is about and where it stands. */
export class RunNotes {
  readonly #options: RunNotesOptions;
  #written: Promise<unknown> = Promise.resolve();
  #status: RecordedStatus = 'provisioning';
  #isRefused = false;
  #document: object | null = null;

  constructor(options: RunNotesOptions) {
    this.#options = options;
  }

  /** Resolves when everything that was noted so far is in the store, or its error was told. */
  get written(): Promise<unknown> {
    return this.#written;
  }

  /** Comes before everything that the ledger writes later. @throws {JournalUnwritable} */
  started(containerId: SystemId, asked: AskedOfRun): Promise<void> {
    const { store, run, process } = this.#options;
    const record: RunRecord = { type: 'run.started', containerId, at: now(), process, ...withoutSecrets(asked) };
    const appended = store.append(run, record);
    this.#written = appended.catch(() => {
      this.#isRefused = true;
    });
    return appended;
  }

  /** Noted once for each change. `until`: how long what is held is held. */
  status(status: RecordedStatus, fault: Fault | null, until?: string): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#append({
      type: 'run.status',
      status,
      at: now(),
      ...(fault === null ? {} : { fault }),
      ...(until === undefined ? {} : { until }),
    });
  }

  limits(deadlines: Deadlines, { leaseMs: _, ...patience }: Patience): void {
    this.#note({ type: 'note.limits', deadlines, patience });
  }

  state(path: string, atMs: number): void {
    this.#note({ type: 'note.state', path, atMs: rounded(atMs) });
  }

  event(event: MachineEvent | HostEvent, atMs: number): void {
    this.#note(eventNote(event, rounded(atMs)));
  }

  /** Noted once. */
  document(document: object | null, atMs: number): void {
    if (document === null || document === this.#document) return;
    this.#document = document;
    this.#note({ type: 'note.document', document: redactDocument(document), atMs: rounded(atMs) });
  }

  #note(note: RunNote): void {
    this.#options.store.note(this.#options.run, note);
  }

  #append(record: RunRecord): void {
    // A run whose beginning is not written down has nothing else to be said of it.
    if (this.#isRefused) return;
    const { store, run, onError } = this.#options;
    const appended = store.append(run, record).catch(onError);
    this.#written = Promise.all([this.#written, appended]);
  }
}
