import type { HostEvent } from '../domain/events.ts';
import type { Fault } from '../domain/fault.ts';
import type { ProvisionId, SystemId } from '../domain/ids.ts';
import type { RecordedStatus } from '../domain/provisionStatus.ts';
import { isPodVm } from '../domain/vmRequest.ts';
import type { ToldLife } from '../journal/runSummary.ts';
import type { AskedOfRun, LedgerStore, RunNote, RunRecord } from '../journal/store.ts';
import { redactSpec } from '../oci/redact.ts';

const now = (): string => new Date().toISOString();

function withoutSecrets(asked: AskedOfRun): AskedOfRun {
  const { kind, request } = asked;
  if (kind === 'container') return { kind, request: { ...request, spec: redactSpec(request.spec) } };
  return { kind, request: isPodVm(request) ? { ...request, podSpec: redactSpec(request.podSpec) } : request };
}

/** A call that has answered, as the run file tells of it. */
export function callNoteOf(event: Extract<HostEvent, { type: 'call.answered' }>, atMs: number): RunNote {
  const { call, target, durationMs, failure } = event;
  const note = { type: 'note.call', call, target, atMs, durationMs } as const;
  return failure === undefined ? note : { ...note, failure: { hresult: failure.hresult, name: failure.name } };
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

  life(life: ToldLife): void {
    this.#append({ type: 'run.life', ...life });
  }

  note(note: RunNote): void {
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
