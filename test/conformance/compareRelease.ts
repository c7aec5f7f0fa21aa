import { isDeepStrictEqual } from 'node:util';
import type { Effect } from '../../src/testing/index.ts';

interface Releases {
  readonly recorded: readonly Effect[];
  readonly ours: readonly Effect[];
  /** What the record says was still alive after its release. */
  readonly forgotten: readonly string[];
}

interface ReleaseDifferences {
  readonly differences: readonly string[];
  /** Siblings came off in another order than in the record. */
  readonly reordered: boolean;
}

/** Siblings, whose order is free: the endpoints of one namespace. Everything else is a group of its own. */
function groupOf(effect: Effect): string {
  return effect.effect === 'namespace.modify' ? `the endpoints of ${String(effect.id)}` : JSON.stringify(effect);
}

function groups(effects: readonly Effect[]): readonly string[] {
  const all = effects.map(groupOf);
  return all.filter((group, index) => group !== all[index - 1]);
}

function isIn(effects: readonly Effect[]): (effect: Effect) => boolean {
  return (effect) => effects.some((other) => isDeepStrictEqual(other, effect));
}

/** The record's releases must be among ours, group by group in the same order; more only of what it forgot. */
export function releaseDifferences({ recorded, ours, forgotten }: Releases): ReleaseDifferences {
  const missing = recorded.filter((effect) => !isIn(ours)(effect));
  const extra = ours.filter((effect) => !isIn(recorded)(effect));
  const unexplained = extra.filter((effect) => {
    const names = [effect.id, effect.path].filter((name) => typeof name === 'string');
    return !forgotten.some((line) => names.some((name) => line.includes(name)));
  });
  const common = ours.filter(isIn(recorded));
  const differences = [
    ...missing.map((effect) => `our release lacks ${JSON.stringify(effect)}`),
    ...unexplained.map((effect) => `our release has, and the record has not, ${JSON.stringify(effect)}`),
  ];
  if (differences.length > 0) return { differences, reordered: false };
  if (!isDeepStrictEqual(groups(recorded), groups(common))) {
    const order = (effects: readonly Effect[]) => groups(effects).map((group) => `\n    ${group}`);
    differences.push(`the order of release differs:\n  recorded:${order(recorded)}\n  ours:${order(common)}`);
  }
  return { differences, reordered: !isDeepStrictEqual(recorded, common) };
}
