/** Brings both sides of a comparison to the same names for what a host or a run made up. */
import { v5 as uuidV5 } from 'uuid';
import type { Effect } from '../../src/testing/index.ts';

const derived = (what: string): string => uuidV5(what, uuidV5.DNS);

export type Renaming = ReadonlyMap<string, string>;

/** Names for the namespaces that were made, in the order in which they were, and for what comes of a generated id. */
export function renamingOf(effects: readonly Effect[], generatedId: string | undefined): Renaming {
  const names = new Map<string, string>();
  for (const effect of effects) {
    if (effect.effect === 'namespace.create' && typeof effect.id === 'string') {
      names.set(effect.id, `<namespace:${names.size + 1}>`);
    }
  }
  if (generatedId === undefined) return names;
  const id = generatedId.toLowerCase();
  names.set(generatedId, '<guid:1>');
  names.set(derived(`runtime:${id}`), '<runtime-of-guid:1>');
  names.set(derived(`ccg:${id}`), '<ccg-of-guid:1>');
  return names;
}

/** A copy of `value` with every string renamed. */
export function rename<T>(value: T, renaming: Renaming): T {
  let text = JSON.stringify(value);
  if (text === undefined) return value;
  for (const [from, to] of renaming) text = text.replaceAll(from, to);
  return JSON.parse(text) as T;
}
