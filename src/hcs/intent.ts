import type { LedgerEntry, Resource, ResourceKind } from '../domain/resource.ts';

declare const witness: unique symbol;

/**
 * Proof that the ledger holds the intent to acquire `resource`. Only the ledger makes one, after the entry
 * has been written: an acquiring method of the port cannot be called before.
 */
export interface Intent<K extends ResourceKind> {
  readonly entry: LedgerEntry;
  readonly resource: Resource<K>;
  readonly [witness]: true;
}
