import type { ModifySettingRequest } from '../domain/modifyRequest.ts';
import { type Held, heldBy, letGo, replaced } from './holders.ts';

/** What a VM has only so many of. */
export type Capacity = 'scsiSlots' | 'vpmemDevices' | 'vpmemSpace';

/** It is attached, now or since before. */
export interface Attached<State, Where> {
  readonly kind: 'attached';
  readonly attachments: State;
  readonly attached: Where;
  /** Whether this call made the difference; when false there is nothing to send. */
  readonly isNew: boolean;
  /** What to send, in this order. */
  readonly modify: readonly ModifySettingRequest[];
}

/** There is no room: `size` is how many slots, or bytes of space, there are in all. */
export interface Full {
  readonly kind: 'full';
  readonly full: Capacity;
  readonly size: number;
}

/** It is attached for others in a way that cannot serve this request as well. */
export interface Conflict {
  readonly kind: 'conflict';
  /** The property in which what is attached differs from what is asked for. */
  readonly on: string;
  /** Who holds what stands in the way. */
  readonly holders: readonly string[];
}

/** It does not fit into any device of this kind, however empty. */
export interface TooLarge {
  readonly kind: 'tooLarge';
  readonly sizeInBytes: number;
  readonly limitInBytes: number;
}

/** This VM does not do that at all. */
export interface Refused {
  readonly kind: 'refused';
  readonly because: 'wrongGuest' | 'writableSharesDenied' | 'namespaceNotAttached';
}

export interface Detached<State> {
  readonly attachments: State;
  /** Whether it is gone now, because nobody else holds it. */
  readonly isLast: boolean;
  /** What to send, in this order. */
  readonly modify: readonly ModifySettingRequest[];
}

export function attachedNow<S, W>(
  attachments: S,
  attached: W,
  modify: readonly ModifySettingRequest[],
): Attached<S, W> {
  return { kind: 'attached', attachments, attached, isNew: true, modify };
}

export function attachedBefore<S, W>(attachments: S, attached: W): Attached<S, W> {
  return { kind: 'attached', attachments, attached, isNew: false, modify: [] };
}

/** The conflict over the first of `properties` in which the two differ; undefined when they agree in all. */
export function conflictBetween<P extends string>(
  existing: Held & { readonly [K in P]?: unknown },
  request: { readonly [K in P]?: unknown },
  properties: readonly P[],
): Conflict | undefined {
  const on = properties.find((one) => JSON.stringify(existing[one]) !== JSON.stringify(request[one]));
  return on === undefined ? undefined : { kind: 'conflict', on, holders: existing.holders };
}

/** Adds `holder` to an entry that is there. */
export function joined<E extends Held>(list: readonly E[], entry: E, holder: string): readonly E[] {
  return replaced(list, entry, heldBy(entry, holder));
}

/**
 * Takes `holder` off an entry. Nothing changes when the entry is not there or not held by them: it is released
 * already.
 */
export function left<E extends Held>(
  list: readonly E[],
  entry: E | undefined,
  holder: string,
): { readonly list: readonly E[]; readonly gone: E | undefined } {
  if (entry?.holders.includes(holder) !== true) return { list, gone: undefined };
  const remaining = letGo(entry, holder);
  return { list: replaced(list, entry, remaining), gone: remaining === undefined ? entry : undefined };
}
