import type { ProvisionId } from '../domain/ids.ts';
import type { LedgerStore, RunRecord } from './store.ts';

/**
 * The runs of another store, for somebody who looks after none of them: what is appended is remembered here alone, and
 * the other store is only read.
 */
export function imaginedLedgerStore(real: Pick<LedgerStore, 'read' | 'runs'>): LedgerStore {
  const own = new Map<ProvisionId, readonly RunRecord[]>();
  const read = async (run: ProvisionId) => own.get(run) ?? (await real.read(run));
  const append = async (run: ProvisionId, record: RunRecord) => void own.set(run, [...(await read(run)), record]);
  return {
    read,
    append,
    note: () => {},
    amend: async (run, decide) => {
      const record = decide(await read(run));
      if (record !== undefined) await append(run, record);
    },
    runs: async () => [...new Set([...(await real.runs()), ...own.keys()])],
  };
}
