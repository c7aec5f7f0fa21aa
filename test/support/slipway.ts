/** Runs the command as it is built, as a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = new URL('../..', import.meta.url).pathname;

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts the command; without `--host`, its host ends with it. */
export function startSlipway(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], {
    cwd: ROOT,
    env: { SLIPWAY_HOST: 'simulated:memory', ...process.env, NO_COLOR: '1', ...env },
  });
}

/** `onOutput` sees all of stdout so far, and may send an interrupt. */
export function slipway(
  args: readonly string[],
  onOutput: (out: string, interrupt: () => void) => void = () => {},
): Promise<CommandResult> {
  const child = startSlipway(args);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    onOutput(out, () => child.kill('SIGINT'));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

/** What a shell is offered after these words, on the host that its environment chooses. */
export async function offeredAfter(words: readonly string[], host: string): Promise<readonly string[]> {
  const child = startSlipway(['complete', '--', ...words], { SLIPWAY_HOST: host });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  await new Promise((resolve) => child.on('close', resolve));
  return out.split('\n').map((line) => line.split('\t')[0] ?? '');
}
