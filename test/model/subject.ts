import type { AnyStateMachine } from 'xstate';
import type { Happening } from '../../src/testing/model/happening.ts';
import type { ModelState } from '../../src/testing/model/modelState.ts';

/** A way from the beginning, and where the statecharts stand after each of its steps. */
export interface Route {
  readonly initial: ModelState;
  readonly steps: ReadonlyArray<{ readonly happening: Happening; readonly state: ModelState }>;
}

/** A statechart, and a way to see what can happen to it. */
export interface Subject {
  readonly machine: AnyStateMachine;
  readonly words: string;
  explore(): Promise<{ readonly states: readonly ModelState[]; readonly paths: readonly Route[] }>;
}
