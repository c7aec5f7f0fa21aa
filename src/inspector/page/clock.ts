import { computed, type ReadonlySignal } from '@preact/signals';
import { now, story } from './state.ts';

/** Until when the story that is looked at reaches: now, as long as it goes on. Milliseconds from its start. */
export const reachesMs: ReadonlySignal<number> = computed(() => {
  const told = story.value;
  if (told === null) return 0;
  if (told.hasEnded) return told.lastMs;
  return Math.max(told.lastMs, now.value - Date.parse(told.startedAt));
});
