import type { InspectionEvent } from 'xstate';

/** One step of an actor, as plain data without any context: nothing of the request is in it. */
export interface InspectedTransition {
  readonly type: 'actor' | 'event' | 'snapshot' | 'microstep';
  /** The actor within its provision: `x:0` is the create, the others are its children. */
  readonly sessionId: string;
  readonly rootId: string;
  /** The type of the event that caused it. */
  readonly event?: string;
  readonly value?: unknown;
  readonly status?: string;
}

export type Inspect = (transition: InspectedTransition) => void;

const TYPES: Readonly<Record<string, InspectedTransition['type']>> = {
  '@xstate.actor': 'actor',
  '@xstate.event': 'event',
  '@xstate.snapshot': 'snapshot',
  '@xstate.microstep': 'microstep',
};

function toTransition(inspected: InspectionEvent): InspectedTransition | undefined {
  const type = TYPES[inspected.type];
  if (type === undefined) return undefined;
  const snapshot = 'snapshot' in inspected ? inspected.snapshot : undefined;
  return {
    type,
    sessionId: inspected.actorRef.sessionId,
    rootId: inspected.rootId,
    ...('event' in inspected ? { event: inspected.event.type } : {}),
    ...(snapshot !== undefined && 'value' in snapshot ? { value: structuredClone(snapshot.value) } : {}),
    ...(snapshot === undefined ? {} : { status: snapshot.status }),
  };
}

/**
 * Makes an inspector harmless: what it gets is a copy, it gets it after the run has moved on, and what it throws is
 * reported and forgotten. XState calls inspectors in the middle of a transition, where a throw loses events.
 */
export function isolatedInspect(inspect: Inspect, onError: (error: unknown) => void) {
  let queue: InspectedTransition[] = [];
  const flush = (): void => {
    const batch = queue;
    queue = [];
    for (const transition of batch) {
      try {
        inspect(transition);
      } catch (error) {
        onError(error);
      }
    }
  };
  return (inspected: InspectionEvent): void => {
    const transition = toTransition(inspected);
    if (transition === undefined) return;
    if (queue.length === 0) setImmediate(flush);
    queue.push(transition);
  };
}
