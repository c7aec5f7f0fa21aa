import { computed, type ReadonlySignal } from '@preact/signals';
import { files, now, story } from './state.ts';
import { MOVING } from './words.ts';

/** The time since the start of the story that is looked at; that of a file has stopped where the file ends. */
const sinceStartMs: ReadonlySignal<number> = computed(() => {
  const told = story.value;
  if (told === null) return 0;
  const isLive = ![...files.value.values()].includes(told);
  return isLive && !told.hasEnded ? Math.max(told.lastMs, now.value - Date.parse(told.startedAt)) : told.lastMs;
});

/** Until when the story reaches: now, as long as it moves. Milliseconds from its start. */
export const reachesMs: ReadonlySignal<number> = computed(() => {
  const told = story.value;
  if (told === null) return 0;
  return MOVING.includes(told.status) ? sinceStartMs.value : told.lastMs;
});

/** How long it has been waiting for what it waits for, also where it rests. */
export const waitedMs: ReadonlySignal<number> = computed(
  () => sinceStartMs.value - (story.value?.waiting.sinceMs ?? 0),
);

/** How long the container has been as it is: of a file, until its last line. */
export const livedMs: ReadonlySignal<number> = computed(() => {
  const told = story.value;
  if (told === null || told.life === null) return 0;
  return Math.max(0, Date.parse(told.startedAt) + sinceStartMs.value - Date.parse(told.life.since));
});
