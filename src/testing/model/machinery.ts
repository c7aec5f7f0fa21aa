/**
 * Statecharts that invoke each other, run without any effect: actors are not started, timers not set, and what the
 * charts send each other is delivered at once. What they tell actors that are no statecharts of the system is told on.
 */
import {
  type AnyActor,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type EventObject,
  fromTransition,
  type InspectionEvent,
  StateMachine,
} from 'xstate';
import { keyOfTransition } from './transitions.ts';

/** One statechart and where it stands. The root is at `''`, what it invokes as `pod` at `pod`, and so on. */
export interface Stand {
  readonly place: string;
  readonly machine: AnyStateMachine;
  readonly snapshot: AnyMachineSnapshot;
}

export type Stands = ReadonlyMap<string, Stand>;

/** Said to an actor that is no statechart of the system. */
export interface Told {
  readonly place: string;
  readonly actor: string;
  readonly event: EventObject;
}

export interface Moved {
  readonly stands: Stands;
  readonly told: readonly Told[];
  /** Keys of the transitions that were taken. */
  readonly taken: readonly string[];
}

interface Sent {
  readonly place: string;
  readonly event: EventObject;
}

/** What a statechart wants done, as XState describes it to whoever executes it. */
interface Wanted {
  readonly type: string;
  readonly params: unknown;
}

type Scope = Parameters<AnyStateMachine['transition']>[2];

const childOf = (place: string, id: string): string => (place === '' ? id : `${place}/${id}`);

const parentOf = (place: string): string | undefined =>
  place === '' ? undefined : place.split('/').slice(0, -1).join('/');

const nameOf = (place: string): string => place.split('/').at(-1) ?? place;

const has = <K extends string>(value: unknown, key: K): value is Record<K, unknown> =>
  typeof value === 'object' && value !== null && key in value;

const isEvent = (value: unknown): value is EventObject => has(value, 'type') && typeof value.type === 'string';

/** What a statechart hears when an actor that it has invoked has done its work. */
export function doneEvent(id: string, output: unknown): EventObject {
  return Object.assign({ type: `xstate.done.actor.${id}` }, { output, actorId: id });
}

export function errorEvent(id: string, error: unknown): EventObject {
  return Object.assign({ type: `xstate.error.actor.${id}` }, { error, actorId: id });
}

/** The statecharts whose inside is not explored: they are heard of as of any other actor. */
const OPAQUE = ['releaseResources', 'releaseResource'];

const isExplored = (logic: unknown): logic is AnyStateMachine =>
  logic instanceof StateMachine && !OPAQUE.includes(logic.id);

export class Machinery {
  readonly #selves = new Map<string, AnyActor>();
  #taken: string[] = [];
  #wanted: Wanted[] = [];
  #self: AnyActor | undefined;

  begin(machine: AnyStateMachine, input: unknown): Moved {
    return this.#settle(new Map(), [], { place: '', machine, input });
  }

  /** Delivers an event to the statechart at `place`, and whatever comes of it. */
  deliver(stands: Stands, place: string, event: EventObject): Moved {
    return this.#settle(new Map(stands), [{ place, event }]);
  }

  #settle(
    stands: Map<string, Stand>,
    queue: Sent[],
    first?: { readonly place: string; readonly machine: AnyStateMachine; readonly input: unknown },
  ): Moved {
    const told: Told[] = [];
    this.#taken = [];
    if (first !== undefined) this.#start(stands, queue, told, first);
    for (let sent = queue.shift(); sent !== undefined; sent = queue.shift()) {
      const stand = stands.get(sent.place);
      if (stand === undefined) continue;
      const { event } = sent;
      this.#move(stands, queue, told, stand, (scope) => stand.machine.transition(stand.snapshot, event, scope));
    }
    return { stands, told, taken: this.#taken };
  }

  #start(
    stands: Map<string, Stand>,
    queue: Sent[],
    told: Told[],
    { place, machine, input }: { place: string; machine: AnyStateMachine; input: unknown },
  ): void {
    const stand = { place, machine };
    this.#move(stands, queue, told, stand, (scope) => machine.getInitialSnapshot(scope, input));
  }

  #move(
    stands: Map<string, Stand>,
    queue: Sent[],
    told: Told[],
    { place, machine }: Pick<Stand, 'place' | 'machine'>,
    next: (scope: Scope) => AnyMachineSnapshot,
  ): void {
    this.#wanted = [];
    const snapshot = next(this.#scopeOf(place));
    if (snapshot.status === 'error') throw snapshot.error;
    stands.set(place, { place, machine, snapshot });
    for (const child of [...stands.keys()]) {
      if (parentOf(child) === place && child !== '' && !(nameOf(child) in snapshot.children)) stands.delete(child);
    }
    this.#tellParent(queue, place, snapshot);
    for (const wanted of this.#wanted) this.#carryOut(stands, queue, told, place, wanted);
  }

  #tellParent(queue: Sent[], place: string, snapshot: AnyMachineSnapshot): void {
    const parent = parentOf(place);
    if (parent === undefined) return;
    const id = nameOf(place);
    const news: EventObject & Record<string, unknown> = { type: `xstate.snapshot.${id}`, snapshot };
    queue.push({ place: parent, event: news });
    if (snapshot.status === 'done') queue.push({ place: parent, event: doneEvent(id, snapshot.output) });
  }

  #carryOut(stands: Map<string, Stand>, queue: Sent[], told: Told[], place: string, { type, params }: Wanted): void {
    if (type === 'xstate.spawnChild' && has(params, 'id') && has(params, 'actorRef') && has(params, 'input')) {
      const logic = has(params.actorRef, 'logic') ? params.actorRef.logic : undefined;
      if (!isExplored(logic)) return;
      const child = { place: childOf(place, String(params.id)), machine: logic, input: params.input };
      this.#start(stands, queue, told, child);
    }
    if (type !== 'xstate.sendTo' || !has(params, 'to') || !has(params, 'event') || !isEvent(params.event)) return;
    const target = this.#placeOf(place, params.to);
    if (target !== undefined && (stands.has(target) || target === ''))
      queue.push({ place: target, event: params.event });
    else if (has(params.to, 'id')) told.push({ place, actor: String(params.to.id), event: params.event });
  }

  #placeOf(place: string, ref: unknown): string | undefined {
    for (const [known, self] of this.#selves) if (self === ref) return known;
    return has(ref, 'id') ? childOf(place, String(ref.id)) : undefined;
  }

  #scopeOf(place: string): Scope {
    const self = this.#selves.get(place) ?? this.#selfOf(place);
    this.#self = self;
    return {
      self,
      id: place,
      sessionId: self.sessionId,
      system: self.system,
      logger: () => {},
      defer: () => {},
      emit: () => {},
      stopChild: () => {},
      actionExecutor: (action) => this.#wanted.push({ type: action.type, params: action.params }),
    };
  }

  /** A stand-in for the actor of the statechart: what it would be sent to comes back as its place. */
  #selfOf(place: string): AnyActor {
    const inspect = (event: InspectionEvent): void => {
      if (event.type !== '@xstate.microstep' || event.actorRef !== this.#self) return;
      this.#taken.push(...event._transitions.map(keyOfTransition));
    };
    const self = createActor(
      fromTransition((state: undefined) => state, undefined),
      { inspect },
    );
    this.#selves.set(place, self);
    return self;
  }
}
