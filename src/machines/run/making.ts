/** Makes the actions of runs, by context and events of their machine. */
import { assign, type EventObject, emit, type ParameterizedObject } from 'xstate';
import type { MachineEvent } from '../../domain/events.ts';
import type { RunContext } from './contract.ts';

export type Params = ParameterizedObject['params'] | undefined;

export interface OfContext {
  readonly context: RunContext;
}

/** Makes actions that change a context. */
export const changing =
  <C extends RunContext, E extends EventObject>() =>
  <P extends Params>(changed: (context: C, params: P) => Partial<C>) =>
    assign<C, EventObject, P, E, never>(({ context }, params) => changed(context, params));

/** Makes actions that say what happens. */
export const saying =
  <C extends RunContext, E extends EventObject>() =>
  <P extends Params>(event: (context: C, params: P) => MachineEvent) =>
    emit<C, EventObject, P, E, MachineEvent>(({ context }, params) => event(context, params));

/** Makes actions that change what the contexts of all runs have. */
export const changingRun =
  <C extends RunContext, E extends EventObject>() =>
  <P extends Params>(changed: (context: RunContext, params: P) => Partial<RunContext>) =>
    assign<C, EventObject, P, E, never>(({ context }, params) => changed(context, params) as Partial<C>);
