/** The axis of a waterfall. */

const TICKS = 6;
const NICE = [1, 2, 5, 10];

/** Round steps of time, so that about six of them fill `spanMs`. */
export function ticksOf(spanMs: number): readonly number[] {
  if (!(spanMs > 0)) return [0];
  const rough = spanMs / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (NICE.find((nice) => nice * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, index) => index * step);
}

export const percent = (part: number, whole: number): string =>
  `${(whole <= 0 ? 0 : Math.min(100, Math.max(0, (part / whole) * 100))).toFixed(3)}%`;
