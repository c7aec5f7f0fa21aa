import type { Fault } from '../domain/fault.ts';
import type { ProvisionId, SystemId } from '../domain/ids.ts';
import type { ProvisionStatus } from '../domain/provisionStatus.ts';
import { isPodVm } from '../domain/vmRequest.ts';
import { processIdentity } from '../hcs/processIdentity.ts';
import type { AskedOfRun, LedgerStore, RunRecord } from '../journal/store.ts';
import { redactSpec } from '../oci/redact.ts';

const now = (): string => new Date().toISOString();

function withoutSecrets(asked: AskedOfRun): AskedOfRun {
  const { kind, request } = asked;
  if (kind === 'container') return { kind, request: { ...request, spec: redactSpec(request.spec) } };
  return { kind, request: isPodVm(request) ? { ...request, podSpec: redactSpec(request.podSpec) } : request };
}

/** Writes beside the ledger of a run what it is about and where it stands. */
export class RunNotes {
  readonly #store: LedgerStore;
  readonly #run: ProvisionId;
  readonly #onError: (error: unknown) => void;
  #written: Promise<unknown> = Promise.resolve();
  #status: ProvisionStatus = 'provisioning';

  constructor(store: LedgerStore, run: ProvisionId, onError: (error: unknown) => void) {
    this.#store = store;
    this.#run = run;
    this.#onError = onError;
  }

  /** Resolves when everything that was noted so far is in the store, or its error was told. */
  get written(): Promise<unknown> {
    return this.#written;
  }

  /** Comes before everything that the ledger writes later. */
  started(containerId: SystemId, asked: AskedOfRun): void {
    this.#note({ type: 'run.started', containerId, at: now(), process: processIdentity(), ...withoutSecrets(asked) });
  }

  takenUp(): void {
    this.#note({ type: 'run.takenUp', at: now(), process: processIdentity() });
  }

  /** Noted once for each change. */
  status(status: ProvisionStatus, fault: Fault | null): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#note({ type: 'run.status', status, at: now(), ...(fault === null ? {} : { fault }) });
  }

  #note(record: RunRecord): void {
    const appended = this.#store.append(this.#run, record).catch(this.#onError);
    this.#written = Promise.all([this.#written, appended]);
  }
}
