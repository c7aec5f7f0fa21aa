/** Which states and transitions of the statecharts were seen on generated paths, and which cannot be. */
import type { AnyStateMachine } from 'xstate';
import type { ModelState } from '../../src/testing/model/modelState.ts';
import { statesOf, transitionsOf } from '../../src/testing/model/transitions.ts';
import type { Subject } from './subject.ts';
import { UNREACHABLE } from './unreachable.ts';

export interface Coverage {
  readonly machine: string;
  readonly states: readonly [seen: number, all: number];
  readonly transitions: readonly [seen: number, all: number];
  readonly paths: number;
  /** Neither seen nor explained. */
  readonly missing: readonly string[];
  /** Explained, and seen all the same. */
  readonly wronglyExplained: readonly string[];
}

export interface Exploration {
  readonly machine: AnyStateMachine;
  readonly paths: number;
  readonly seen: ReadonlySet<string>;
}

const isRest = (type: string): boolean => type === 'atomic' || type === 'final';

function seenIn(states: readonly ModelState[], machine: AnyStateMachine): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const { stands, taken } of states) {
    for (const key of taken) seen.add(key);
    for (const { snapshot } of stands.values()) {
      if (snapshot.machine.id !== machine.id) continue;
      for (const node of snapshot._nodes) if (isRest(node.type)) seen.add(`${machine.id} ${node.path.join('.')}`);
    }
  }
  return seen;
}

export async function explore({ machine, explore: walk }: Subject): Promise<Exploration> {
  const { states, paths } = await walk();
  const along = paths.flatMap(({ steps, initial }) => [initial, ...steps.map(({ state }) => state)]);
  return { machine, paths: paths.length, seen: seenIn([...states, ...along], machine) };
}

/** A state that is left at once, over a transition without an event, was seen when that was. */
function passedThrough(seen: ReadonlySet<string>): ReadonlySet<string> {
  const states = [...seen].flatMap((key) => /^(.*): always/.exec(key)?.[1] ?? []);
  return new Set([...seen, ...states]);
}

/** A final state inside another one is left at once too: what it ends was seen as done. */
function ended(seen: ReadonlySet<string>, states: readonly string[]): ReadonlySet<string> {
  const dones = [...seen].flatMap((key) => /^(.*): done( #\d| \[.*)?$/.exec(key)?.[1] ?? []);
  return new Set([...seen, ...states.filter((state) => dones.some((done) => state === `${done}.done`))]);
}

export function coverageOf(explorations: readonly Exploration[]): Coverage {
  const [first] = explorations;
  if (first === undefined) throw new RangeError('nothing was explored');
  const { machine } = first;
  const [allStates, allTransitions] = [statesOf(machine), transitionsOf(machine)];
  const seen = ended(passedThrough(new Set(explorations.flatMap((one) => [...one.seen]))), allStates);
  const explained = (key: string): boolean => UNREACHABLE.some(({ is }) => is.test(key));
  const reachable = (keys: readonly string[]) => keys.filter((key) => !explained(key));
  const count = (keys: readonly string[]): readonly [number, number] => [
    reachable(keys).filter((key) => seen.has(key)).length,
    reachable(keys).length,
  ];
  const all = [...allStates, ...allTransitions];
  return {
    machine: machine.id,
    states: count(allStates),
    transitions: count(allTransitions),
    paths: explorations.reduce((sum, { paths }) => sum + paths, 0),
    missing: reachable(all).filter((key) => !seen.has(key)),
    wronglyExplained: all.filter((key) => explained(key) && seen.has(key)),
  };
}
