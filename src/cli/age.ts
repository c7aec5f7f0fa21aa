const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** How long ago, in the largest unit that fits: `3h`, `12s`. */
export function ageOf(at: string, now: number = Date.now()): string {
  const elapsed = Math.max(0, now - Date.parse(at));
  const [unit, size] = UNITS.find(([, ms]) => elapsed >= ms) ?? UNITS[3];
  return `${Math.floor(elapsed / size)}${unit}`;
}

/** A time as tables have it, to the minute: `2030-01-31 23:59Z`. */
export const minuteOf = (at: string): string => `${at.slice(0, 16).replace('T', ' ')}Z`;
