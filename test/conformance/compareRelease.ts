import { isDeepStrictEqual } from 'node:util';
import type { Effect } from '../../src/testing/index.ts';
import { lineOf, requestIn } from './releaseWords.ts';

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

/** Where the disk that is taken off was mounted in the guest. */
function mountedAt(effect: Effect): string {
  const { MountPath, ContainerPath } = requestIn(effect).GuestRequest?.Settings ?? {};
  return MountPath ?? ContainerPath ?? '';
}

/** The layers lie under the file system that was made of them; the scratch was mounted at its root, or above it. */
function layersUnder(effects: readonly Effect[]): ReadonlySet<Effect> {
  const at = effects.findIndex((effect) => lineOf(effect)?.startsWith('combinedLayers ') === true);
  const root = requestIn(effects[at] ?? { effect: '' }).GuestRequest?.Settings?.ContainerRootPath;
  if (root === undefined) return new Set();
  const isLayer = (effect: Effect) =>
    effect.effect === 'system.modify' && (mountedAt(effect) === '' || !root.startsWith(mountedAt(effect)));
  return new Set(effects.slice(at + 1).filter(isLayer));
}

/** Siblings, whose order is free: endpoints of one namespace, NICs of a VM, layers. All else is a group of its own. */
function groupOf(effect: Effect, layers: ReadonlySet<Effect>): string {
  if (effect.effect === 'namespace.modify') return `the endpoints of ${String(effect.id)}`;
  if (lineOf(effect)?.startsWith('networkAdapter ') === true) return `the NICs of ${String(effect.system)}`;
  return layers.has(effect) ? 'the layers' : JSON.stringify(effect);
}

function groups(effects: readonly Effect[]): readonly string[] {
  const layers = layersUnder(effects);
  const all = effects.map((effect) => groupOf(effect, layers));
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
    const names = [effect.id, effect.path, lineOf(effect)].filter((name) => typeof name === 'string');
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
