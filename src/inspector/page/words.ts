/** How states and times are said on the page. */

import type { ShownStatus } from '../protocol.ts';
import type { CallStory } from '../story/story.ts';

/** What a thing looks like: each tone has a colour and a shape of its own. */
export type Tone = 'going' | 'good' | 'bad' | 'warning' | 'waiting' | 'quiet';

interface StatusWords {
  readonly word: string;
  readonly tone: Tone;
}

export const STATUS: { readonly [S in ShownStatus]: StatusWords } = {
  provisioning: { word: 'provisioning', tone: 'going' },
  provisioned: { word: 'provisioned', tone: 'good' },
  undoing: { word: 'undoing', tone: 'warning' },
  reconciling: { word: 'reconciling', tone: 'waiting' },
  held: { word: 'held', tone: 'warning' },
  needsHands: { word: 'needs hands', tone: 'bad' },
  failed: { word: 'failed, undone', tone: 'bad' },
  released: { word: 'released', tone: 'quiet' },
  interrupted: { word: 'interrupted', tone: 'bad' },
};

/** Nothing more of it happens by itself, and something is to be done. */
export const NEEDS_HANDS: readonly ShownStatus[] = ['needsHands', 'held', 'interrupted'];
export const MOVING: readonly ShownStatus[] = ['provisioning', 'undoing', 'reconciling'];

const padded = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** `412 ms`, `3.2 s`, `2 m 05 s`, `3 h 12 m`. */
export function duration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 1) return whole === 0 ? '0 ms' : '<1 ms';
  if (whole < 999.5) return `${Math.round(whole)} ms`;
  if (whole < 59_950) return `${(whole / 1000).toFixed(1)} s`;
  const seconds = Math.round(whole / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${padded(seconds % 60)} s`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours} h ${padded((seconds % 3600) / 60)} m` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The same in whole seconds, for what counts on while it is looked at. */
export function age(ms: number): string {
  return ms < 59_500 ? `${Math.max(0, Math.floor(ms / 1000))} s` : duration(ms);
}

/** A time of a run: `+0.412`. */
export const moment = (ms: number): string => `+${(ms / 1000).toFixed(3)}`;

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export function callOutcome({ durationMs, failure }: CallStory): { readonly word: string; readonly tone: Tone } {
  // That a thing is not there is an answer to a question as often as a failure.
  if (failure !== null) return { word: failure.name, tone: failure.class === 'gone' ? 'quiet' : 'bad' };
  return durationMs === null ? { word: 'no answer yet', tone: 'going' } : { word: 'ok', tone: 'good' };
}
