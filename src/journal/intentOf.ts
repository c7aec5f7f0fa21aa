import type { LedgerEntry, Resource } from '../domain/resource.ts';
import type { Intent } from '../hcs/intent.ts';

/** For the ledger alone, and for it only after the entry has been written; the import rules see to that. */
export function intentOf<R extends Resource>(entry: LedgerEntry, resource: R): Intent<R['kind']> {
  const intent: Pick<Intent<R['kind']>, 'entry'> & { resource: R } = { entry, resource };
  return intent as Intent<R['kind']> & { resource: R };
}
