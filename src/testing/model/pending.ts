/** The actors of a statechart that are at work. */
import type { AnyMachineSnapshot } from 'xstate';
import { type AdmissionClass, CLASS_OF_STEP } from '../../domain/admission.ts';
import { isOfService, type Recording } from '../stage/recording.ts';
import type { Facts } from './facts.ts';
import type { Happening } from './happening.ts';
import type { Stand, Stands } from './machinery.ts';

const isExplored = (place: string, id: string, stands: Stands): boolean =>
  stands.has(place === '' ? id : `${place}/${id}`);

function invokedBy({ snapshot }: Stand): readonly string[] {
  if (snapshot.status !== 'active') return [];
  return snapshot._nodes.flatMap((node) => node.invoke.map(({ id }) => id));
}

/** Those that were not heard of, by the ids of their invokes. */
export function pendingOf(stand: Stand, stands: Stands, { heard }: Facts): readonly string[] {
  return invokedBy(stand).filter(
    (id) => id !== 'releaser' && !isExplored(stand.place, id, stands) && !heard.includes(id),
  );
}

/** The statecharts that it has invoked, by the ids of their invokes. */
export function childrenOf(stand: Stand, stands: Stands): readonly string[] {
  return invokedBy(stand).filter((id) => isExplored(stand.place, id, stands));
}

/** Forgets what was known of actors that were stopped, or begun anew. */
export function forgetLeft(facts: Facts, before: AnyMachineSnapshot | undefined, now: AnyMachineSnapshot): Facts {
  const isSame = (id: string): boolean => now.children[id] !== undefined && before?.children[id] === now.children[id];
  const begun = facts.begun.filter(isSame);
  const turn = before !== undefined && sameActors(before, now) ? facts.turn : 'none';
  return { ...facts, begun, heard: facts.heard.filter(isSame), turn, isCutOff: begun.length > 0 && facts.isCutOff };
}

function sameActors(before: AnyMachineSnapshot, now: AnyMachineSnapshot): boolean {
  return Object.entries(before.children).every(([id, child]) => now.children[id] === child);
}

/** The service has died: what was on its way to it is answered so, and had no effect. */
export function cutOff(facts: Facts, recording: Recording): Facts {
  const isOf = (actor: string): boolean => {
    const performance = recording.performances.get(actor);
    return performance !== undefined && isOfService(performance);
  };
  if (!facts.begun.some(isOf)) return facts;
  return { ...facts, isCutOff: true };
}

const awaited = (kind: AdmissionClass) => ({ type: 'turn.awaited', class: kind, ahead: 0 }) as const;

const classOf = (step: unknown): AdmissionClass | undefined =>
  Object.entries(CLASS_OF_STEP).find(([limited]) => limited === step)?.[1];

/** That an actor has to wait for its turn, if it does work of which only so much goes on, and that it comes. */
export function turnsOf({ place, snapshot }: Stand, facts: Facts, actor: string): readonly Happening[] {
  const kind = classOf((snapshot.context as { readonly step?: unknown }).step);
  if (kind === undefined || facts.begun.includes(actor)) return [];
  if (facts.turn === 'waits' && snapshot.hasTag('queued')) {
    const event = { type: 'turn.came', class: kind } as const;
    return [{ kind: 'turnComes', type: `the turn of ${actor} comes`, place, actor, class: kind, event }];
  }
  if (facts.turn !== 'none' || !snapshot.can(awaited(kind))) return [];
  const type = `${actor} has to wait for its turn`;
  return [{ kind: 'waitsForTurn', type, place, actor, class: kind, event: awaited(kind) }];
}
