/** Statecharts without a run and without a host: what their actors answer, and what they are told, is said here. */
import type { AnyStateMachine } from 'xstate';
import type { Happening } from '../../src/testing/model/happening.ts';
import { Model, type ModelOptions } from '../../src/testing/model/model.ts';
import { keyOf, type ModelState } from '../../src/testing/model/modelState.ts';
import type { Subject } from './subject.ts';

export interface Alone extends Pick<ModelOptions, 'input' | 'answers' | 'events' | 'told' | 'mishaps'> {
  readonly machine: AnyStateMachine;
  readonly words: string;
}

/** One thing that happened, and where it led. */
export interface Step {
  readonly before: ModelState;
  readonly words: string;
  readonly after: ModelState;
}

/** Every step that can be taken, each once. */
export function stepsOf({ words: _, ...options }: Alone): readonly Step[] {
  const model = new Model({ recording: undefined, codes: [], ...options });
  const initial = model.initial();
  const seen = new Set([keyOf(initial)]);
  const steps: Step[] = [];
  const queue = [initial];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    for (const happening of model.happenings(state)) {
      const after = model.after(state, happening);
      steps.push({ before: state, words: happening.type, after });
      if (seen.has(keyOf(after))) continue;
      seen.add(keyOf(after));
      queue.push(after);
    }
  }
  return steps;
}

/** A way from the beginning, and where the statecharts stand after each of its steps. */
export interface Route {
  readonly initial: ModelState;
  readonly steps: ReadonlyArray<{ readonly happening: Happening; readonly state: ModelState }>;
}

/** The shortest ways over every step that can be taken; those that are the beginning of others are left out. */
export function routesOf({ words: _, ...options }: Alone): readonly Route[] {
  const model = new Model({ recording: undefined, codes: [], ...options });
  const initial = model.initial();
  const seen = new Set([keyOf(initial)]);
  const queue: Route[] = [{ initial, steps: [] }];
  const ends: Route[] = [];
  for (let route = queue.shift(); route !== undefined; route = queue.shift()) {
    const state = route.steps.at(-1)?.state ?? initial;
    let goesOn = false;
    for (const happening of model.happenings(state)) {
      const next = { initial, steps: [...route.steps, { happening, state: model.after(state, happening) }] };
      const key = keyOf(model.after(state, happening));
      goesOn = true;
      if (seen.has(key)) ends.push(next);
      else queue.push(next);
      seen.add(key);
    }
    if (!goesOn) ends.push(route);
  }
  return ends;
}

export function aloneSubject(alone: Alone): Subject {
  const explore = async () => {
    const steps = stepsOf(alone);
    const [first] = steps;
    const states = steps.map(({ after }) => after);
    return { states: first === undefined ? states : [first.before, ...states], paths: [], steps: steps.length };
  };
  return { machine: alone.machine, words: alone.words, explore };
}
