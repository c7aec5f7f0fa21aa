/**
 * Proves the house: every check of package.json in order, up to the first that fails. Checks of one group do not depend
 * on each other and run side by side; what each of them says is shown whole, and live where it runs alone.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import pc from 'picocolors';

/** The scripts of package.json, group by group. */
const GROUPS: ReadonlyArray<readonly string[]> = [
  ['lint', 'types', 'arrows', 'unused', 'machines -- --check', 'duplicates'],
  ['system-packages'],
  ['build'],
  ['package'],
  ['new-folder'],
  ['unit'],
  ['model'],
  ['mutants'],
  ['contract'],
];

interface Check {
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: string;
}

/** Runs one script; `live` shows what it says while it runs, otherwise its output is kept. */
function run(script: string, signal: AbortSignal, live: boolean): Promise<Check> {
  const begun = performance.now();
  const child = spawn(`npm run --silent ${script}`, { shell: true, signal, stdio: live ? 'inherit' : 'pipe' });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return new Promise((resolve) => {
    const done = (passed: boolean): void =>
      resolve({ passed, output, seconds: ((performance.now() - begun) / 1000).toFixed(1) });
    child.on('error', () => done(false));
    child.on('close', (code) => done(code === 0));
  });
}

/** Runs the checks of one group, as many at a time as there are processors; gives the name of the first that failed. */
async function failedOf(group: readonly string[]): Promise<string | undefined> {
  const stop = new AbortController();
  const running: Array<Promise<Check>> = [];
  for (const [index, script] of group.entries()) {
    const before = running[index - availableParallelism()] ?? Promise.resolve();
    running.push(before.then(() => run(script, stop.signal, group.length === 1)));
  }
  for (const [index, script] of group.entries()) {
    const { passed, output, seconds } = (await running[index]) ?? { passed: false, output: '', seconds: '' };
    process.stdout.write(`${passed ? pc.green('✓') : pc.red('✗')} ${pc.bold(script)} ${pc.dim(`${seconds} s`)}\n`);
    if (output.trim() !== '') process.stdout.write(`${output.trimEnd()}\n`);
    if (!passed) {
      stop.abort();
      return script;
    }
  }
  return undefined;
}

let failed: string | undefined;
for (const group of GROUPS) failed ??= await failedOf(group);
if (failed !== undefined) process.stderr.write(`\n${pc.red('verify failed')} at: npm run ${failed}\n`);
process.exitCode = failed === undefined ? 0 : 1;
