import type { ProvisionId } from '../domain/ids.ts';
import type { LedgerStore, RunLine, RunRecord } from './store.ts';

/** Something that a run has written down. */
export interface ToldLine {
  readonly run: ProvisionId;
  readonly line: RunLine;
}

/** The same store, which tells of every record when it is kept, and of every note at once. `tell` must not throw. */
export function tellingStore(store: LedgerStore, tell: (told: ToldLine) => void): LedgerStore {
  return {
    append: async (run, record) => {
      await store.append(run, record);
      tell({ run, line: record });
    },
    note: (run, note) => {
      store.note(run, note);
      tell({ run, line: note });
    },
    read: (run) => store.read(run),
    amend: async (run, decide) => {
      let amended: RunRecord | undefined;
      await store.amend(run, (records) => {
        amended = decide(records);
        return amended;
      });
      if (amended !== undefined) tell({ run, line: amended });
    },
    runs: () => store.runs(),
  };
}
