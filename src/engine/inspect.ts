import type { AnyActorRef, InspectionEvent } from 'xstate';

/** Told of every step of the actors of a run, as XState tells it. */
export type InspectFunction = (event: InspectionEvent) => unknown;

export interface InspectObserver {
  next?(event: InspectionEvent): unknown;
}

/** An `inspect` function or observer of XState, or an inspector that has one (`@statelyai/inspect`). */
export type Inspect = InspectFunction | InspectObserver | { readonly inspect: InspectFunction | InspectObserver };

/** How many transitions may wait for an inspector. */
const MOST_WAITING = 10_000;
/** How long an inspector may work before the runs have their turn again. */
const TURN_MS = 5;

type ActorRef = InspectionEvent['actorRef'];

function functionOf(inspect: Inspect): InspectFunction {
  if (typeof inspect === 'function') return inspect;
  if ('inspect' in inspect) return functionOf(inspect.inspect);
  return (event) => inspect.next?.(event);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What is told of a context: neither spec nor document, nor anything else that may hold a secret. */
function toldOfContext(context: unknown): Record<string, unknown> {
  if (!isRecord(context)) return {};
  const { provisionId, step, fault, resource } = context;
  return structuredClone({ provisionId, step, fault, resource });
}

/** Without output and error: they hold what actors answer. An actor that is being made has no snapshot yet. */
function toldOfSnapshot(snapshot: unknown): Record<string, unknown> {
  if (!isRecord(snapshot)) return { status: 'active', context: {} };
  const { status, value, context } = snapshot;
  const told = { status, context: toldOfContext(context) };
  return value === undefined ? told : { ...told, value: structuredClone(value) };
}

/** Stands for an actor: an inspector can neither send to it nor look into it. */
function standInFor(actor: ActorRef): object {
  const snapshot = toldOfSnapshot(actor.getSnapshot());
  const { id, src, logic, _parent: parent }: ActorRef & Partial<AnyActorRef> & { logic?: unknown } = actor;
  return {
    id,
    sessionId: actor.sessionId,
    src: typeof src === 'string' ? src : undefined,
    logic: isRecord(logic) && isRecord(logic.config) ? { config: logic.config } : {},
    ...(parent === undefined ? {} : { _parent: nameOf(parent) }),
    getSnapshot: () => snapshot,
  };
}

/** An actor without what it stands for: enough to say who sent an event, or who invoked somebody. */
const nameOf = (actor: { readonly sessionId: string } | undefined): object | undefined =>
  actor === undefined ? undefined : { sessionId: actor.sessionId };

/** A copy without secrets, of the same form; undefined for what is not told on. */
function copyOf(event: InspectionEvent): InspectionEvent | undefined {
  if (event.type === '@xstate.action' || event.type === '@xstate.transition') return undefined;
  const { type, rootId, actorRef } = event;
  const actor = type === '@xstate.actor' ? standInFor(actorRef) : nameOf(actorRef);
  const copy = {
    type,
    rootId,
    actorRef: actor,
    ...('event' in event ? { event: { type: event.event.type } } : {}),
    ...('sourceRef' in event ? { sourceRef: nameOf(event.sourceRef) } : {}),
    ...('snapshot' in event ? { snapshot: toldOfSnapshot(event.snapshot) } : {}),
    ...(type === '@xstate.microstep' ? { _transitions: [] } : {}),
  };
  return copy as unknown as InspectionEvent;
}

/** The inspector was slower than the runs. */
class InspectorTooSlow extends Error {
  override readonly name = 'InspectorTooSlow';

  constructor(what: string) {
    super(`it is slower than the runs: ${what}`);
  }
}

/** Hands on what waits, in order, a little at a time; an inspector that answers with a promise gets one after the other. */
class Queue {
  readonly #tell: InspectFunction;
  readonly #onError: (error: unknown) => void;
  #waiting: InspectionEvent[] = [];
  #isBusy = false;
  #dropped = 0;

  constructor(tell: InspectFunction, onError: (error: unknown) => void) {
    this.#tell = tell;
    this.#onError = onError;
  }

  push(event: InspectionEvent): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(event);
    else this.#drop();
    if (!this.#isBusy) this.#later();
  }

  /** Told when it begins, for the inspector may never come back, and with the count when it does. */
  #drop(): void {
    if (this.#dropped === 0) this.#onError(new InspectorTooSlow('transitions are not told to it from now on'));
    this.#dropped += 1;
  }

  #later(): void {
    this.#isBusy = true;
    setImmediate(() => void this.#turn());
  }

  async #turn(): Promise<void> {
    const until = performance.now() + TURN_MS;
    let told = 0;
    const batch = this.#waiting;
    for (const event of batch) {
      told += 1;
      await this.#tellOne(event);
      if (performance.now() >= until) break;
    }
    this.#waiting = batch.slice(told);
    if (this.#dropped > 0) {
      this.#onError(new InspectorTooSlow(`${this.#dropped} transitions were not told to it`));
      this.#dropped = 0;
    }
    if (this.#waiting.length > 0) this.#later();
    else this.#isBusy = false;
  }

  async #tellOne(event: InspectionEvent): Promise<void> {
    try {
      await this.#tell(event);
    } catch (error) {
      this.#onError(error);
    }
  }
}

/**
 * Makes an inspector harmless: what it gets is a copy without secrets, it gets it after the run has moved on, and what
 * it throws is reported and forgotten. XState calls inspectors in the middle of a transition, where a throw loses events.
 */
export function isolatedInspect(inspect: Inspect, onError: (error: unknown) => void): InspectFunction {
  const queue = new Queue(functionOf(inspect), onError);
  return (event) => {
    try {
      const copy = copyOf(event);
      if (copy !== undefined) queue.push(copy);
    } catch (error) {
      onError(error);
    }
  };
}
