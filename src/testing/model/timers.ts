/** The deadlines and pauses of statecharts, by the time that is left of them. */
import type { AnyStateMachine, EventObject } from 'xstate';
import type { Happening } from './happening.ts';
import type { Stand, Stands } from './machinery.ts';
import { eventInWords } from './transitions.ts';

export interface Timer {
  readonly place: string;
  readonly eventType: string;
  /** Milliseconds. */
  readonly left: number;
}

/** By place and event. */
export type Timers = ReadonlyMap<string, Timer>;

type Delay = AnyStateMachine['implementations']['delays'][string] | undefined;

function lengthOf({ machine, snapshot }: Stand, delay: unknown): number {
  const named: Delay = typeof delay === 'string' ? machine.implementations.delays[delay] : undefined;
  const length: unknown = named ?? delay;
  if (typeof length === 'number') return length;
  if (typeof length === 'function')
    return Number(length({ context: snapshot.context, event: { type: '' } }, undefined));
  return Number(length);
}

/** Those that run now: what has run before has `ms` less to go. */
export function timersAfter(before: Timers | undefined, stands: Stands, ms: number): Timers {
  const timers = new Map<string, Timer>();
  for (const stand of stands.values()) {
    if (stand.snapshot.status !== 'active') continue;
    for (const node of stand.snapshot._nodes) {
      for (const { delay, eventType } of node.after) {
        const key = `${stand.place} ${eventType}`;
        const left = (before?.get(key)?.left ?? 0) - ms;
        timers.set(key, { place: stand.place, eventType, left: left > 0 ? left : lengthOf(stand, delay) });
      }
    }
  }
  return timers;
}

/** The one that is over first. */
export function dueNext(timers: Timers): Happening | undefined {
  const [first] = [...timers.values()].sort((a, b) => a.left - b.left);
  if (first === undefined) return undefined;
  const { place, eventType, left } = first;
  const event: EventObject = { type: eventType };
  const name = eventInWords(eventType).replace('after.', '');
  return { kind: 'timePasses', type: `${place === '' ? '' : `${place}: `}${name} is over`, place, event, ms: left };
}
