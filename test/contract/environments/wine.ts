/** Windows, as Wine has it. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACT } from './folders.ts';
import { pathOf } from './systemPackages.ts';

const PREFIX = join(CONTRACT, 'prefix');
const READY = join(PREFIX, 'ready');

/** Wine shows the disk of Linux as Z:. */
export const onZ = (path: string): string => `Z:${path.replaceAll('/', '\\')}`;

function wine64(): string {
  const path = pathOf('wine64');
  if (path === undefined) throw new Error('wine64 is not installed');
  return path;
}

const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  WINEPREFIX: PREFIX,
  WINEDEBUG: '-all',
  ...more,
});

/** Makes the Windows that everything runs in, unless it is there. @throws {Error} when Wine cannot */
export function prepareWine(): void {
  if (existsSync(READY)) return;
  mkdirSync(PREFIX, { recursive: true });
  for (const args of [
    ['wineboot', '-i'],
    ['winecfg', '-v', 'win10'],
  ]) {
    execFileSync(wine64(), args, { env: environment(), stdio: 'ignore' });
  }
  writeFileSync(READY, '');
}

/** Starts a program of Windows. What it says goes to `log`: a Windows Node under Wine cannot write to a pipe. */
export function startInWine(args: readonly string[], log: string, env: NodeJS.ProcessEnv) {
  const output = openSync(log, 'a');
  const child = spawn(wine64(), args, { env: environment(env), stdio: ['ignore', output, output] });
  closeSync(output);
  return child;
}
