/** Where a model stands, and when two such states are the same. */
import { type Facts, stakeOf } from './facts.ts';
import type { Stands } from './machinery.ts';
import type { Timers } from './timers.ts';

export interface ModelState {
  readonly stands: Stands;
  /** By place. */
  readonly facts: ReadonlyMap<string, Facts>;
  readonly timers: Timers;
  /** Keys of the transitions that led here from the state before. */
  readonly taken: readonly string[];
  /** How many more mishaps there may be. */
  readonly mishapsLeft: number;
}

/** What makes two states of the model the same for whoever walks it. */
export function keyOf({ stands, facts, timers, mishapsLeft }: ModelState): string {
  const places = [...stands.values()].map(({ place, snapshot }) => [place, snapshot.value, gist(snapshot.context)]);
  const owned = [...facts.values()].map(({ owns, ...rest }) => [
    [...new Set(owns.map(({ state }) => state))].sort(),
    Math.min(stakeOf(owns).length, 2),
    Math.min(owns.length, 2),
    rest,
  ]);
  return JSON.stringify([places, owned, timers.size > 1 ? [...timers.values()] : [], mishapsLeft]);
}

/** Of a context, what decides about what comes. */
function gist(context: object): unknown {
  if ('systemHasEnded' in context) return gistOfLife(context);
  if (!('service' in context)) return { ...context, parent: undefined };
  const { fault, isGivenBack, exited, service, takenUpAt, layerAttempts } = Object(context);
  return [
    fault?.code === 'service-disconnected',
    Boolean(fault),
    isGivenBack,
    exited !== null,
    service,
    takenUpAt,
    layerAttempts,
  ];
}

function gistOfLife(context: object): unknown {
  const { parameters, pid, stop, systemHasEnded, isPaused, attempts, how, fault } = Object(context);
  const manner = how === null || how === 'forced' ? how : 'otherwise';
  return [
    parameters !== null,
    pid !== null,
    stop?.timeoutMs,
    systemHasEnded,
    isPaused,
    attempts,
    manner,
    Boolean(fault),
  ];
}
