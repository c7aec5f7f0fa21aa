import { atOnce } from './atOnce.ts';
import { create } from './create.ts';
import { document } from './document.ts';
import { withLatencies } from './latencies.ts';
import { life } from './life.ts';
import type { Benchmark } from './measure.ts';
import { start } from './start.ts';

export const BENCHMARKS: readonly Benchmark[] = [create, life, document, atOnce, withLatencies, start];
