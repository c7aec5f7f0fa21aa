import { WITHOUT_BROWSER } from '../test/support/browser.ts';
import { atOnce } from './atOnce.ts';
import { create } from './create.ts';
import { document } from './document.ts';
import { inspected } from './inspected.ts';
import { withLatencies } from './latencies.ts';
import { life } from './life.ts';
import type { Benchmark } from './measure.ts';
import { native } from './native.ts';
import { page } from './page.ts';
import { start } from './start.ts';

if (WITHOUT_BROWSER !== undefined) process.stderr.write(`skipped: the page of the inspector: ${WITHOUT_BROWSER}\n`);
const inBrowser = WITHOUT_BROWSER === undefined ? [page] : [];

export const BENCHMARKS: readonly Benchmark[] = [
  create,
  life,
  document,
  atOnce,
  withLatencies,
  native,
  inspected,
  start,
  ...inBrowser,
];
