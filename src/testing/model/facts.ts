/** What a run has on the host, as far as it follows from what its actors did: the part of a model that no statechart knows. */
import type { EventObject } from 'xstate';
import type { ResourceKind } from '../../domain/resource.ts';
import type { WhichResources } from '../../machines/releaseResources.ts';
import type { Performance, Recording } from '../stage/recording.ts';

export interface Owned {
  readonly by: string;
  readonly kind: ResourceKind;
  /** `inFlight`: the call that acquires it has not answered. */
  readonly state: 'held' | 'intended' | 'inFlight';
}

export interface Facts {
  readonly owns: readonly Owned[];
  /** What the releaser was told, and has not answered. */
  readonly release: WhichResources | 'waive' | null;
  /** Actors whose work has begun, so that it goes on whatever becomes of the run. */
  readonly begun: readonly string[];
  /** Actors that were heard of, and that their states have not left yet. */
  readonly heard: readonly string[];
  /** Whether the actor at work waits for its turn, or has waited. */
  readonly turn: 'none' | 'waits' | 'came';
  /** Whether the compute service died while the actors that have begun were at work. */
  readonly isCutOff: boolean;
}

export const NO_FACTS: Facts = {
  owns: [],
  release: null,
  begun: [],
  heard: [],
  turn: 'none',
  isCutOff: false,
};

/** Actors that do something besides, when they are heard of. */
const UNDO_LAYERS = 'undoLayers';
const LAYERS: readonly ResourceKind[] = ['activatedLayer', 'preparedLayer'];

/** What the caller keeps of what has been there. */
const KEPT: readonly ResourceKind[] = ['scratchFolder', 'scratchLayer', 'vmFile', 'vmGroupAccess'];

export const isKeptByCaller = (kind: ResourceKind): boolean => KEPT.includes(kind);

function gained(by: string, { gains }: Performance, how: 'all' | 'failed' | 'inFlight'): readonly Owned[] {
  return gains.flatMap(({ kind, atLastCall }): readonly Owned[] => {
    if (how === 'all' || atLastCall === 'held') return [{ by, kind, state: 'held' }];
    if (atLastCall === 'absent') return [];
    return [{ by, kind, state: how === 'failed' ? 'intended' : 'inFlight' }];
  });
}

const without = (facts: Facts, actor: string): readonly Owned[] => facts.owns.filter(({ by }) => by !== actor);

export function heardOf(facts: Facts, actor: string): Facts {
  const begun = facts.begun.filter((one) => one !== actor);
  return { ...facts, heard: [...facts.heard, actor], begun, turn: 'none' };
}

export function afterSuccess(facts: Facts, actor: string, recording: Recording): Facts {
  const performance = recording.performances.get(actor);
  const next = heardOf(facts, actor);
  if (actor === UNDO_LAYERS) return { ...next, owns: facts.owns.filter(({ kind }) => !LAYERS.includes(kind)) };
  if (actor === 'reopenSystem') return { ...next, owns: facts.owns.filter(({ kind }) => kind !== 'credentialGuard') };
  if (performance === undefined) return next;
  return { ...next, owns: [...without(facts, actor), ...gained(actor, performance, 'all')] };
}

export function afterFailure(facts: Facts, actor: string, recording: Recording): Facts {
  const performance = recording.performances.get(actor);
  const next = heardOf(facts, actor);
  if (performance === undefined) return next;
  // What had begun takes effect, and its answer is lost.
  const how = facts.begun.includes(actor) && !facts.isCutOff ? 'all' : 'failed';
  return { ...next, owns: [...without(facts, actor), ...gained(actor, performance, how)] };
}

/** The work of an actor has begun, and its last call does not answer. */
export function afterHanging(facts: Facts, actor: string, recording: Recording): Facts {
  const performance = recording.performances.get(actor);
  if (performance === undefined || performance.calls === 0 || facts.begun.includes(actor)) return facts;
  const owns = [...facts.owns, ...gained(actor, performance, 'inFlight')];
  return { ...facts, owns, begun: [...facts.begun, actor] };
}

/** What the releaser was told. */
export function afterTold(facts: Facts, event: EventObject & { readonly which?: unknown }): Facts {
  if (event.type === 'release.waive') return { ...facts, release: 'waive' };
  const { which } = event;
  const release = which === 'container' || which === 'intended' ? which : 'all';
  return { ...facts, release };
}

/** What a release leaves when the host refuses none of it. */
function remainder({ owns, release }: Facts): readonly Owned[] {
  if (release === 'waive') return owns.slice(0, -1);
  if (release === 'intended') return owns.filter(({ state }) => state !== 'intended');
  return owns.filter(({ state }) => state === 'inFlight');
}

/** What a release has to do: all, but what its caller keeps. */
const atStake = ({ owns, release }: Facts): readonly Owned[] => (release === 'container' ? stakeOf(owns) : owns);

/** All that its caller does not keep. */
export const stakeOf = (owns: readonly Owned[]): readonly Owned[] => owns.filter(({ kind }) => !isKeptByCaller(kind));

/** The numbers of resources that may be left when the release is over, the least first. */
export function possibleResidues(facts: Facts): readonly number[] {
  const least = remainder(facts).length;
  const mayBeRefused = facts.release === 'all' || facts.release === 'container';
  if (!mayBeRefused || least > 0) return [least];
  return [0, 1, 2].filter((residue) => residue <= atStake(facts).length);
}

export function afterRelease(facts: Facts, residue: number): Facts {
  const left = remainder(facts);
  const refused = residue > left.length ? atStake(facts).slice(0, residue) : [];
  return { ...facts, release: null, owns: [...left, ...refused.map((one) => ({ ...one, state: 'held' as const }))] };
}
