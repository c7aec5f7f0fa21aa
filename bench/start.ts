import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Benchmark, type Budget, inUnit, median, type Row } from './measure.ts';

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'slipway --help': [join(process.cwd(), 'dist/cli/main.js'), '--help'],
  'node -e 0': ['-e', '0'],
};

/** @throws {Error} when the process does not end well. */
function runOnce(args: readonly string[]): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - startedAt;
}

/** The commands take turns, so that a busy moment of the machine hits them alike. */
async function run({ starts }: Budget): Promise<readonly Row[]> {
  const samples = Object.entries(COMMANDS).map(([name, args]) => ({ name, args, ms: [] as number[] }));
  for (let n = 0; n < starts; n += 1) for (const { args, ms } of samples) ms.push(runOnce(args));
  return samples.map(({ name, ms }) => ({
    name,
    figures: { ...inUnit({ median: median(ms), min: Math.min(...ms) }, 'ms'), samples: ms.length },
  }));
}

export const start: Benchmark = { name: 'start', title: 'Start of the command', run };
