/** The programs of Debian that build and run what stands for Windows. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** By program: the package that it comes in. */
const PACKAGES = {
  gcc: 'gcc',
  'x86_64-w64-mingw32-gcc': 'gcc-mingw-w64-x86-64',
  wine64: 'wine64',
} as const;

export type Program = keyof typeof PACKAGES;

/** Debian keeps wine64 out of the path. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/lib/wine'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where the program is; undefined when it is not installed. */
export function pathOf(program: Program): string | undefined {
  return FOLDERS.map((folder) => join(folder, program)).find(isExecutable);
}

const isMissing = (program: Program): boolean => pathOf(program) === undefined;

const PROGRAMS: readonly Program[] = ['gcc', 'x86_64-w64-mingw32-gcc', 'wine64'];

function aptGet(...args: readonly string[]): void {
  execFileSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** Installs what is missing, where that is possible. Gives why something is still missing; undefined when nothing is. */
export function needSystemPackages(): string | undefined {
  const missing = PROGRAMS.filter(isMissing);
  if (missing.length === 0) return undefined;
  const packages = missing.map((program) => PACKAGES[program]);
  const byHand = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0) return `${missing.join(', ')} missing; as root: ${byHand}`;
  try {
    process.stdout.write(`installing ${packages.join(', ')}\n`);
    aptGet('update', '-qq');
    aptGet('install', '-y', '-qq', '--no-install-recommends', ...packages);
  } catch {
    return `${missing.join(', ')} missing, and could not be installed: ${byHand}`;
  }
  const still = missing.filter(isMissing);
  return still.length === 0 ? undefined : `${still.join(', ')} missing after ${byHand}`;
}
