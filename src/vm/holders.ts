/**
 * Who needs an attachment: ids of ledger entries or of containers. A set and no counter, so that attaching or
 * detaching twice for one holder changes nothing.
 */
export interface Held {
  readonly holders: readonly string[];
}

/** The holder of what a VM was born with: nobody else's release takes it away. */
export const THE_VM_ITSELF = 'vm';

/** The entry, held by one more; the entry itself when that one holds it already. */
export function heldBy<E extends Held>(entry: E, holder: string): E {
  return entry.holders.includes(holder) ? entry : { ...entry, holders: [...entry.holders, holder] };
}

/** The entry, held by one fewer; undefined when nobody is left. */
export function letGo<E extends Held>(entry: E, holder: string): E | undefined {
  const holders = entry.holders.filter((one) => one !== holder);
  return holders.length === 0 ? undefined : { ...entry, holders };
}

/** The list with `replacement` where `entry` was, or without it. */
export function replaced<E>(list: readonly E[], entry: E, replacement: E | undefined): readonly E[] {
  return list.flatMap((one) => (one !== entry ? [one] : replacement === undefined ? [] : [replacement]));
}
