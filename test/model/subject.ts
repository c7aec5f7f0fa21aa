import type { AnyStateMachine } from 'xstate';
import type { Paths } from '../../src/testing/model/paths.ts';

/** A statechart, and a way to see what can happen to it. */
export interface Subject {
  readonly machine: AnyStateMachine;
  readonly words: string;
  explore(): Promise<Pick<Paths, 'states' | 'paths'>>;
}
