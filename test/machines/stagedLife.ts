/** The statecharts of lives, with actors that do as they are told and remember what they were asked. */
import {
  type AnyActorRef,
  type AnyEventObject,
  type CallbackActorLogic,
  type EventObject,
  fromCallback,
  fromPromise,
  type PromiseActorLogic,
  type SimulatedClock,
} from 'xstate';
import type { LifeEvent } from '../../src/domain/containerLife.ts';
import type { Fault } from '../../src/domain/fault.ts';
import { containerId, provisionId } from '../../src/domain/ids.ts';
import { idle } from '../support/requests.ts';

export const REF = { provisionId: provisionId('run-1'), containerId: containerId('web-1') } as const;

/** What an actor is to reject with. */
export interface Rejects {
  readonly rejects: Fault;
}

/** By name of the actor, what becomes of its turns: the last goes for all that follow. Default: it is done at once. What `waits` is done when it is answered. */
export type Script = {
  readonly [actor in string]?: ReadonlyArray<'succeeds' | 'fails' | 'hangs' | 'waits' | Rejects | object>;
};

export interface Asked {
  readonly actor: string;
  readonly input: unknown;
}

/** Makes actors of a script. */
export class Staged {
  readonly asked: Asked[] = [];
  readonly #script: Script;
  readonly #waiting: Array<() => void> = [];

  constructor(script: Script) {
    this.#script = script;
  }

  /** @param otherwise what it resolves with when the script says nothing of it */
  actor<O, I>(name: string, otherwise: NoInfer<O>): PromiseActorLogic<O, I> {
    return fromPromise<O, I>(async ({ input }) => {
      const turns = this.#script[name] ?? [];
      const turn = turns[Math.min(this.inputsOf(name).length, turns.length - 1)];
      this.asked.push({ actor: name, input });
      if (turn === 'fails') throw new Error(`${name} failed`);
      if (typeof turn === 'object' && 'rejects' in turn) throw turn.rejects;
      if (turn === 'waits') await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (turn === 'hangs') return new Promise<never>(() => {});
      return typeof turn === 'object' ? (turn as O) : otherwise;
    });
  }

  done<I>(name: string): PromiseActorLogic<void, I> {
    return this.actor<void, I>(name, undefined);
  }

  answer(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  inputsOf(name: string): readonly unknown[] {
    return this.asked.filter(({ actor }) => actor === name).map(({ input }) => input);
  }
}

/** Watches, and never sees anything. */
export const blind = <E extends EventObject, I>(): CallbackActorLogic<AnyEventObject, I, E> =>
  fromCallback<AnyEventObject, I, E>(() => {});

/** In a word or two. */
function wordsOf(event: LifeEvent): string {
  if (event.type === 'container.failed') return `failed ${event.fault.step} ${event.fault.code}`;
  const { type, ...rest } = event;
  return [type.replace('container.', ''), ...Object.values(rest)].join(' ');
}

/** Whatever has a life of which it tells. */
interface Telling {
  on(type: '*', listener: (event: LifeEvent) => void): unknown;
}

/** What an actor says from now on. */
export function listening(actor: Telling): readonly string[] {
  const said: string[] = [];
  actor.on('*', (event) => said.push(wordsOf(event)));
  return said;
}

/** Sends events, lets milliseconds pass, and has things done between them. */
export async function go(actor: AnyActorRef, clock: SimulatedClock, steps: ReadonlyArray<object | number>) {
  await idle();
  for (const step of steps) {
    if (typeof step === 'number') clock.increment(step);
    else if (typeof step === 'function') step();
    else actor.send(step as never);
    await idle();
  }
}
