import type { Fault } from '../domain/fault.ts';
import { type ProvisionId, type ResourceId, resourceId, type VmId } from '../domain/ids.ts';
import type { LedgerEntry, Resource, ResourceState } from '../domain/resource.ts';
import type { Phase } from '../domain/step.ts';
import type { Intent } from '../hcs/intent.ts';
import { intentOf } from './intentOf.ts';
import type { LedgerRecord, LedgerStore, RunRecord } from './store.ts';

/** What a provision owns, from the intent to the release. Every change is in the store before it is seen. */
export class Ledger {
  readonly #entries = new Map<ResourceId, LedgerEntry>();
  #intents = 0;
  readonly #run: ProvisionId;
  readonly #store: LedgerStore;
  readonly #onChange: (entry: LedgerEntry) => void;

  private constructor(run: ProvisionId, store: LedgerStore, onChange: (entry: LedgerEntry) => void) {
    this.#run = run;
    this.#store = store;
    this.#onChange = onChange;
  }

  /** Reads the ledger of `run` from the store; an unknown run has an empty one. */
  static async open(run: ProvisionId, store: LedgerStore, onChange: (entry: LedgerEntry) => void): Promise<Ledger> {
    const ledger = new Ledger(run, store, onChange);
    for (const entry of foldLedger(await store.read(run))) ledger.#entries.set(entry.id, entry);
    ledger.#intents = ledger.#entries.size;
    return ledger;
  }

  /** In the order of acquisition. */
  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()];
  }

  /** Writes down that `resource` is about to be acquired, and gives the proof that acquiring methods ask for. */
  async intend<R extends Resource>(step: Phase, resource: R): Promise<Intent<R['kind']>> {
    this.#intents += 1;
    const id = resourceId(`${this.#run}/${this.#intents}`);
    const entry = await this.#write({ type: 'intended', id, resource, step });
    return intentOf(entry, resource);
  }

  /** @throws {RangeError} for an id that is not in this ledger. */
  async change(id: ResourceId, state: ResourceState, fault?: Fault): Promise<LedgerEntry> {
    return this.#write({ type: 'changed', id, state, attempts: this.entry(id).attempts, ...faultField(fault) });
  }

  /** Notes one more try to release the entry, and how it ended. */
  async releaseTried(id: ResourceId, state: ResourceState, fault?: Fault): Promise<LedgerEntry> {
    return this.#write({ type: 'changed', id, state, attempts: this.entry(id).attempts + 1, ...faultField(fault) });
  }

  /** Notes that the entry is gone because the VM is that it was in. */
  async wentWith(id: ResourceId, vm: VmId): Promise<LedgerEntry> {
    const attempts = this.entry(id).attempts + 1;
    return this.#write({ type: 'changed', id, state: 'released', attempts, wentWith: vm });
  }

  /** @throws {RangeError} for an id that is not in this ledger. */
  entry(id: ResourceId): LedgerEntry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new RangeError(`there is no resource ${id} in the ledger of ${this.#run}`);
    return entry;
  }

  async #write(record: LedgerRecord): Promise<LedgerEntry> {
    await this.#store.append(this.#run, record);
    const entry = this.#fold(record);
    this.#onChange(entry);
    return entry;
  }

  #fold(record: LedgerRecord): LedgerEntry {
    const entry = entryAfter(this.#entries, record);
    this.#entries.set(record.id, entry);
    return entry;
  }
}

function faultField(fault: Fault | undefined): { fault?: Fault } {
  return fault === undefined ? {} : { fault };
}

/** The entry that a record makes or changes. @throws {RangeError} for a change of something that was never intended. */
export function entryAfter(entries: ReadonlyMap<ResourceId, LedgerEntry>, record: LedgerRecord): LedgerEntry {
  const { id } = record;
  if (record.type === 'intended') {
    const { resource, step } = record;
    return { id, order: entries.size, resource, step, state: 'intended', attempts: 0 };
  }
  const before = entries.get(id);
  if (before === undefined) throw new RangeError(`the ledger changes ${id}, which it never intended`);
  // What is somebody else's never becomes ours, whatever a release that ran beside says of it.
  if (before.state === 'refused') return before;
  const { fault: _before, ...rest } = before;
  const { state, attempts, fault, wentWith } = record;
  return { ...rest, state, attempts, ...faultField(fault), ...(wentWith === undefined ? {} : { wentWith }) };
}

function isLedgerRecord(record: RunRecord): record is LedgerRecord {
  return record.type === 'intended' || record.type === 'changed';
}

/** The ledger that the records of a run tell, in the order of acquisition. */
export function foldLedger(records: readonly RunRecord[]): readonly LedgerEntry[] {
  const entries = new Map<ResourceId, LedgerEntry>();
  for (const record of records.filter(isLedgerRecord)) entries.set(record.id, entryAfter(entries, record));
  return [...entries.values()];
}
