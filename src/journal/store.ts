import type { Fault } from '../domain/fault.ts';
import type { ProvisionId, ResourceId } from '../domain/ids.ts';
import type { Resource, ResourceState } from '../domain/resource.ts';
import type { Phase } from '../domain/step.ts';

/** One line of a ledger. The entries of a run are the fold of its records. */
export type LedgerRecord =
  | { readonly type: 'intended'; readonly id: ResourceId; readonly resource: Resource; readonly step: Phase }
  | {
      readonly type: 'changed';
      readonly id: ResourceId;
      readonly state: ResourceState;
      readonly attempts: number;
      readonly fault?: Fault;
    };

/** Where ledgers are kept. An append has happened when its promise resolves, and not before. */
export interface LedgerStore {
  append(run: ProvisionId, record: LedgerRecord): Promise<void>;
  /** The records of a run in the order in which they were appended; none for an unknown run. */
  read(run: ProvisionId): Promise<readonly LedgerRecord[]>;
  /** The runs that have a ledger. */
  runs(): Promise<readonly ProvisionId[]>;
}

/** Ledgers that live as long as the process. */
export function memoryLedgerStore(): LedgerStore {
  const ledgers = new Map<ProvisionId, LedgerRecord[]>();
  return {
    append: async (run, record) => {
      const ledger = ledgers.get(run);
      if (ledger === undefined) ledgers.set(run, [record]);
      else ledger.push(record);
    },
    read: async (run) => [...(ledgers.get(run) ?? [])],
    runs: async () => [...ledgers.keys()],
  };
}
