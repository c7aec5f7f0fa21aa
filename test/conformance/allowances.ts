/** The differences between a record and a run that a rule allows, taken out of both sides before they are compared. */
import type { Effect } from '../../src/testing/index.ts';
import type { Case } from './case.ts';
import { requestIn } from './releaseWords.ts';
import type { Rule } from './rules.ts';
import type { CaseRun } from './runCase.ts';

export interface Sides {
  /** With names for what was made up. */
  readonly recorded: readonly Effect[];
  readonly ours: readonly Effect[];
}

type Allowance = (sides: Sides, one: Case, run: CaseRun, use: (rule: Rule) => void) => Sides;

function rewritten<T>(value: T, rewrite: (text: string) => string): T {
  return JSON.parse(rewrite(JSON.stringify(value))) as T;
}

/** Without an id, the record builds the paths of a Linux guest from nothing. */
const actualId: Allowance = (sides, one, run, use) => {
  if (one.kind !== 'lcow' || run.generatedId === undefined) return sides;
  use('actual-id');
  const named = (text: string) =>
    text.replace(/\/run\/gcs\/c(?:\/(?=")|(?="|\/rootfs|\/mounts))/g, '/run/gcs/c/<guid:1>');
  return { ...sides, recorded: rewritten(sides.recorded, named) };
};

const grantsOf = (effects: readonly Effect[]): readonly string[] =>
  effects.filter(({ effect }) => effect === 'vm.grantAccess').map(({ path }) => String(path));

/** What the VM may open already need not be granted again. */
const repeatedGrant: Allowance = ({ recorded, ours }, _one, run, use) => {
  const before = new Set(
    run.aliveBefore
      .filter((line) => line.startsWith('grant.vmAccess '))
      .map((line) => line.split(' ').slice(2).join(' ')),
  );
  const granted = grantsOf(ours);
  const seen = new Set<string>();
  const kept = recorded.filter(({ effect, path }) => {
    if (effect !== 'vm.grantAccess') return true;
    const isRepeated = (before.has(String(path)) && !granted.includes(String(path))) || seen.has(String(path));
    seen.add(String(path));
    if (isRepeated) use('repeated-grant');
    return !isRepeated;
  });
  return { recorded: kept, ours };
};

function combinedRoot(effects: readonly Effect[]): string | undefined {
  const combined = effects.find((effect) => requestIn(effect).GuestRequest?.ResourceType === 'CombinedLayers');
  return combined && requestIn(combined).GuestRequest?.Settings?.ContainerRootPath;
}

/** On a scratch that is mounted for another container, the record combines at the root of that one. */
const sharedScratchRoot: Allowance = ({ recorded, ours }, one, _run, use) => {
  const [theirs, own] = [combinedRoot(recorded), combinedRoot(ours)];
  if (one.kind !== 'xenon' || theirs === undefined || own === undefined || theirs === own) return { recorded, ours };
  use('shared-scratch-root');
  const moved = (text: string) => text.replaceAll(JSON.stringify(theirs), JSON.stringify(own));
  return { recorded: rewritten(recorded, moved), ours };
};

/** The check of the record for a VM of the container's own never holds. */
const v1Xenon: Allowance = (sides, one, _run, use) => {
  if (one.kind !== 'v1x') return sides;
  use('v1-xenon');
  const stripped = (effects: readonly Effect[]) =>
    effects.map(({ document, ...effect }) => {
      if (document === undefined) return effect as Effect;
      const { HvPartition: _p, HvRuntime: _r, Layers: _l, ...rest } = document as Record<string, unknown>;
      return { ...effect, document: rest } as Effect;
    });
  return { recorded: stripped(sides.recorded), ours: stripped(sides.ours) };
};

const ALLOWANCES = [actualId, repeatedGrant, sharedScratchRoot, v1Xenon];

/** Both sides of a create, as far as they have to be equal. */
export function allowInCreate(sides: Sides, one: Case, run: CaseRun, use: (rule: Rule) => void): Sides {
  return ALLOWANCES.reduce((so, allow) => allow(so, one, run, use), sides);
}

/** A NIC of a Linux guest is added under one id and, in the record, removed under another. */
function withoutNicId(effect: Effect, use: (rule: Rule) => void): Effect {
  const { ResourcePath = '', GuestRequest } = requestIn(effect);
  if (!ResourcePath.includes('/NetworkAdapters/') || GuestRequest?.Settings?.ID === undefined) return effect;
  use('lcow-nic-id');
  const Settings = { ...GuestRequest.Settings, ID: '<nic>' };
  return { ...effect, request: { ...requestIn(effect), GuestRequest: { ...GuestRequest, Settings } } };
}

/** The record leaves the layers combined that it cannot find again. */
const sharedRootTakenApart: Allowance = ({ recorded, ours }, one, run, use) => {
  const isShared = combinedRoot(one.expected.effects ?? []) !== combinedRoot(run.effects);
  if (one.kind !== 'xenon' || !isShared || combinedRoot(recorded) !== undefined) return { recorded, ours };
  use('shared-scratch-root');
  const isCombined = (effect: Effect) => requestIn(effect).GuestRequest?.ResourceType === 'CombinedLayers';
  return { recorded, ours: ours.filter((effect) => !isCombined(effect)) };
};

/** Both sides of a release, as far as they have to be equal. */
export function allowInRelease(sides: Sides, one: Case, run: CaseRun, use: (rule: Rule) => void): Sides {
  const { recorded, ours } = sharedRootTakenApart(actualId(sides, one, run, use), one, run, use);
  if (one.kind !== 'lcow') return { recorded, ours };
  const nic = (effect: Effect) => withoutNicId(effect, use);
  return { recorded: recorded.map(nic), ours: ours.map(nic) };
}
