import { type AnyStateMachine, type AnyStateNode, fromPromise } from 'xstate';
import { Failure, toFault } from '../../actors/faults.ts';
import type { ActorAtWork, Conduct } from '../../actors/run.ts';
import type { Fault } from '../../domain/fault.ts';
import { provisionId } from '../../domain/ids.ts';

/** An actor of a run that waits for the word of its conductor: to begin its work, and to be heard of. */
export class HeldActor {
  readonly actor: ActorAtWork;
  readonly #work: () => Promise<unknown>;
  #outcome: Promise<unknown> | undefined;
  #ended = false;
  #wasHeard = false;
  #heard: (outcome: Promise<unknown>) => void = () => {};
  readonly heard: Promise<unknown>;

  constructor(actor: ActorAtWork, work: () => Promise<unknown>) {
    this.actor = actor;
    this.#work = work;
    this.heard = new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  get hasBegun(): boolean {
    return this.#outcome !== undefined;
  }

  get wasHeard(): boolean {
    return this.#wasHeard;
  }

  /** Whether its work is done, well or not. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  begin(): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = this.#work();
    const end = (): void => {
      this.#ended = true;
    };
    this.#outcome.then(end, end);
  }

  /** Begins its work, and gives what that comes to, before it is heard of. */
  async outcome(): Promise<{ readonly output: unknown } | { readonly fault: string }> {
    this.begin();
    try {
      return { output: await this.#outcome };
    } catch (error) {
      return { fault: toFault(error, 'running').code };
    }
  }

  /** Is heard of with what its work came to. */
  answer(): void {
    this.begin();
    if (this.#outcome !== undefined) this.#hear(this.#outcome);
  }

  /** Is heard of with what it never worked for. */
  give(output: unknown): void {
    this.#hear(Promise.resolve(output));
  }

  /** Is heard of with a fault, whatever its work came to. */
  fail(fault: Fault): void {
    this.#hear(Promise.reject(new Failure(fault)));
  }

  #hear(outcome: Promise<unknown>): void {
    this.#wasHeard = true;
    this.#heard(outcome);
  }
}

/** Holds the actors of runs that `frees` does not let go, and says of all of them how far they are. */
export class Conductor {
  readonly #frees: (actor: ActorAtWork) => boolean;
  readonly #around: Conduct;
  readonly #held = new Map<string, HeldActor>();
  readonly #ends = new Map<string, number>();

  /** @param around what is done round the work of those that are let go */
  constructor(frees: (actor: ActorAtWork) => boolean, around: Conduct = (_, work) => work()) {
    this.#frees = frees;
    this.#around = around;
  }

  readonly conduct: Conduct = async <T>(actor: ActorAtWork, work: () => Promise<T>): Promise<T> => {
    try {
      if (this.#frees(actor)) return await this.#around(actor, work);
      const held = new HeldActor(actor, work);
      this.#held.set(actor.id, held);
      return (await held.heard) as T;
    } finally {
      this.#ends.set(actor.id, this.endsOf(actor.id) + 1);
    }
  };

  /** The one that was held last under this id. */
  held(id: string): HeldActor | undefined {
    return this.#held.get(id);
  }

  /** The ids of those that are held, and were not heard of. */
  get waiting(): readonly string[] {
    return [...this.#held.values()].filter(({ wasHeard }) => !wasHeard).map(({ actor }) => actor.id);
  }

  /** How often an actor of this id was heard of. */
  endsOf(id: string): number {
    return this.#ends.get(id) ?? 0;
  }
}

const nodesOf = (node: AnyStateNode): readonly AnyStateNode[] => [node, ...Object.values(node.states).flatMap(nodesOf)];

const NOBODY = { provisionId: provisionId('none') };

/** The statechart with actors, named by the ids of their invokes, that do nothing but answer what they are told to. */
export function withScripted(machine: AnyStateMachine, ids: readonly string[], conductor: Conductor): AnyStateMachine {
  const invokes = nodesOf(machine.root).flatMap((node) => node.invoke);
  const scripted = fromPromise(({ self }) =>
    conductor.conduct({ id: self.id, input: NOBODY }, () => new Promise(() => {})),
  );
  const sources = invokes.filter(({ id }) => ids.includes(id)).map(({ src }) => [String(src), scripted]);
  return machine.provide({ actors: Object.fromEntries(sources) });
}
