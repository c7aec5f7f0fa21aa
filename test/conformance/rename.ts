/** Brings both sides of a comparison to the same names for what a host or a run made up. */
import { v5 as uuidV5 } from 'uuid';
import type { Effect } from '../../src/testing/index.ts';

const derived = (what: string): string => uuidV5(what, uuidV5.DNS);

export type Renaming = ReadonlyMap<string, string>;

/** Ids that a run or the recorded host made up. */
export interface Generated {
  /** Of namespaces, NICs, buses, and of a container that was given none. */
  readonly ids: readonly string[];
  readonly container: string | undefined;
}

/**
 * Names for the namespaces that were made, and for what else was generated, each in the order in which they appear; and
 * for what the host makes of a generated container id.
 */
export function renamingOf(effects: readonly Effect[], { ids, container }: Generated): Renaming {
  const names = new Map<string, string>();
  for (const effect of effects) {
    if (effect.effect === 'namespace.create' && typeof effect.id === 'string') {
      names.set(effect.id, `<namespace:${names.size + 1}>`);
    }
  }
  // The name of a namespace tells which run made it, which no record has.
  const text = JSON.stringify(effects.filter(({ effect }) => effect !== 'namespace.create'));
  const others = ids.filter((id) => !names.has(id) && text.includes(id));
  const inOrder = others.toSorted((a, b) => text.indexOf(a) - text.indexOf(b));
  for (const [index, id] of inOrder.entries()) names.set(id, `<guid:${index + 1}>`);
  if (container === undefined) return names;
  const name = names.get(container)?.slice(1) ?? 'guid:1>';
  const id = container.toLowerCase();
  names.set(derived(`runtime:${id}`), `<runtime-of-${name}`);
  names.set(derived(`ccg:${id}`), `<ccg-of-${name}`);
  names.set(derived(`ccgsvc:${id}`), `<ccgsvc-of-${name}`);
  return names;
}

/** A copy of `value` with every string renamed. */
export function rename<T>(value: T, renaming: Renaming): T {
  let text = JSON.stringify(value);
  if (text === undefined) return value;
  for (const [from, to] of renaming) text = text.replaceAll(from, to);
  return JSON.parse(text) as T;
}
