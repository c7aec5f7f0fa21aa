import { atOnce } from './atOnce.ts';
import { create } from './create.ts';
import { document } from './document.ts';
import { inspected } from './inspected.ts';
import { withLatencies } from './latencies.ts';
import type { Benchmark } from './measure.ts';
import { native } from './native.ts';
import { start } from './start.ts';

export const BENCHMARKS: readonly Benchmark[] = [
  create,
  document,
  atOnce,
  withLatencies,
  native,
  inspected,
  start,
];
