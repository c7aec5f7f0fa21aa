import type { LedgerEntry, Resource, ResourceKind } from '../domain/resource.ts';

declare const witness: unique symbol;

/**
 * Proof that the ledger holds the intent to acquire `resource`. Only {@link intentOf} makes one, and only the ledger
 * calls it, after the entry has been written: an acquiring method of the port cannot be called before.
 */
export interface Intent<K extends ResourceKind> {
  readonly entry: LedgerEntry;
  readonly resource: Resource<K>;
  readonly [witness]: true;
}

/** For the ledger alone. */
export function intentOf<K extends ResourceKind>(entry: LedgerEntry, resource: Resource<K>): Intent<K> {
  return { entry, resource } as Intent<K>;
}
