/** The long run: what a process holds after many creates and releases, one library for foreign functions after the other. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { startStandIn } from '../standin/control.ts';
import type { Column } from './columns.ts';
import { librariesFor, scratchFile, startBuilt } from './launch.ts';

interface Soaked {
  readonly count: number;
  readonly seconds: number;
  readonly rssMB: readonly number[];
  /** Handles, strings, callbacks: what is counted and not zero. */
  readonly held: readonly string[];
  /** What is left on the host. */
  readonly left: readonly string[];
}

export interface SoakRun {
  readonly ffi: 'koffi' | 'ffi-napi';
  readonly count: number;
}

const LONG: readonly SoakRun[] = [
  { ffi: 'koffi', count: 10_000 },
  { ffi: 'ffi-napi', count: 200 },
];

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Megabytes that the second half of the run is above the first, which the process needs to grow to its size. */
const growthOf = ({ rssMB }: Soaked): number =>
  median(rssMB.slice(rssMB.length >> 1)) - median(rssMB.slice(rssMB.length >> 2, rssMB.length >> 1));

/** In a process of its own, compiled. @throws {Error} when the process does not come to its end */
export async function soak({ ffi, count }: SoakRun): Promise<Soaked> {
  const column: Column = { name: `soak ${ffi}`, host: 'standIn', ffi, platform: 'linux' };
  const [out, log] = [scratchFile(column.name, 'json'), scratchFile(column.name, 'log')];
  const control = await startStandIn();
  try {
    const args = ['--port', String(control.port), '--libraries', librariesFor(column)];
    const child = startBuilt(
      column,
      'test/contract/soakChild.js',
      [...args, '--count', String(count), '--out', out],
      log,
    );
    const [code]: unknown[] = await once(child, 'exit');
    const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
    if (code !== 0 || !existsSync(out)) throw new Error(`${ffi}: the process ended with ${String(code)}\n${said}`);
    return JSON.parse(readFileSync(out, 'utf8')) as Soaked;
  } finally {
    await control.stop();
  }
}

/** Growth in megabytes that is no leak of anything: a page more or less, and the heap's own ups and downs. */
const FLAT_MB = 10;

/** Runs them all and prints the figures; whether all is well. */
export async function soakAll(runs: readonly SoakRun[] = LONG): Promise<boolean> {
  let isWell = true;
  for (const run of runs) {
    const soaked = await soak(run);
    const { count, seconds, rssMB, held, left } = soaked;
    const growth = growthOf(soaked);
    isWell &&= held.length === 0 && left.length === 0 && growth <= FLAT_MB;
    const holds = held.length === 0 ? 'handles 0, strings 0, double frees 0, callbacks 0' : held.join(', ');
    process.stdout.write(`${run.ffi}: ${count} creates and releases in ${seconds.toFixed(1)} s: ${holds}\n`);
    process.stdout.write(`    RSS ${rssMB.join(' ')} MB: ${growth} MB from the second quarter to the second half\n`);
    for (const line of left) process.stdout.write(`    left on the host: ${line}\n`);
  }
  return isWell;
}
