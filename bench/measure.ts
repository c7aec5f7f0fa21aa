/** Measures functions one after the other, with tinybench. */
import { Bench } from 'tinybench';

/** How much is measured: as many samples as fit into `timeMs`, but `samples` at the least. */
export interface Budget {
  readonly timeMs: number;
  readonly samples: number;
  /** How many creates run at once. */
  readonly atOnce: readonly number[];
  /** How often a process is started. */
  readonly starts: number;
  /** How long a host that takes its time takes, as a part of what is usual. */
  readonly slowness: number;
}

export const FULL: Budget = { timeMs: 3_000, samples: 20, atOnce: [1, 100, 1_000, 10_000], starts: 30, slowness: 1 };

/** Just enough to see that everything runs. */
export const SHORTEST: Budget = { timeMs: 0, samples: 1, atOnce: [1, 3], starts: 1, slowness: 0.01 };

/** A line of a table: what was measured, and its figures. The unit of a figure is at the end of its name. */
export interface Row {
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  run(budget: Budget): Promise<readonly Row[]>;
}

export interface Measured {
  readonly name: string;
  readonly run: () => unknown;
  /** Done before and after each sample, outside of its time. */
  readonly before?: () => Promise<void> | void;
  readonly after?: () => Promise<void> | void;
}

export type Unit = 'us' | 'ms';

const PER_MS = { us: 1_000, ms: 1 } as const;

/** @throws what a measured function throws. */
export async function measure(measured: readonly Measured[], budget: Budget, unit: Unit): Promise<readonly Row[]> {
  const bench = new Bench({
    time: budget.timeMs,
    iterations: budget.samples,
    warmupTime: budget.timeMs / 4,
    warmupIterations: Math.min(budget.samples, 5),
    throws: true,
  });
  for (const { name, run, before, after } of measured) {
    bench.add(name, run, {
      ...(before === undefined ? {} : { beforeEach: async () => before() }),
      ...(after === undefined ? {} : { afterEach: async () => after() }),
    });
  }
  await bench.run();
  return bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`the benchmark '${name}' is ${result.state}`);
    const { p50, min, p99, samplesCount } = result.latency;
    return { name, figures: { ...inUnit({ median: p50, min, p99 }, unit), samples: samplesCount } };
  });
}

/** Names the unit of figures that are in milliseconds, and converts them to it. */
export function inUnit(milliseconds: Readonly<Record<string, number>>, unit: Unit): Record<string, number> {
  return Object.fromEntries(
    Object.entries(milliseconds).map(([name, value]) => [`${name} ${unit}`, value * PER_MS[unit]]),
  );
}

/** @throws {RangeError} for no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  if (low === undefined || high === undefined) throw new RangeError('there is no median of nothing');
  return (low + high) / 2;
}
