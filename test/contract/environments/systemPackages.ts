/** The programs of Debian that build and run what stands for Windows, and the browser that the page is tested in. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Platform } from '../columns.ts';

/** By program: the package that it comes in. */
const PACKAGES = {
  gcc: 'gcc libc6-dev',
  'x86_64-w64-mingw32-gcc': 'gcc-mingw-w64-x86-64',
  wine64: 'wine64',
  chromium: 'chromium',
} as const;

/** What needs programs: a platform that the native host is tried on, or the page of the inspector. */
export type Need = Platform | 'page';

type Program = keyof typeof PACKAGES;

const NEEDED: { readonly [N in Need]: readonly Program[] } = {
  linux: ['gcc'],
  wine: ['x86_64-w64-mingw32-gcc', 'wine64'],
  page: ['chromium'],
};

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

const missingOf = (programs: readonly Program[]): readonly Program[] =>
  programs.filter((program) => pathOf(program) === undefined);

function aptGet(...args: readonly string[]): void {
  execFileSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** Installs the packages of the programs, where that is possible. */
function install(packages: string): void {
  if (process.getuid?.() !== 0) return;
  try {
    process.stdout.write(`installing ${packages}\n`);
    aptGet('update', '-qq');
    aptGet('install', '-y', '-qq', '--no-install-recommends', ...packages.split(' '));
  } catch {
    // Whoever looks for the programs next says which of them are missing.
  }
}

/** Installs what is missing, where that is possible. Gives, by need, what is still missing and how to get it. */
export function needSystemPackages(needs: readonly Need[]): Readonly<Partial<Record<Need, string>>> {
  const packages = missingOf(needs.flatMap((need) => NEEDED[need])).map((program) => PACKAGES[program]);
  if (packages.length > 0) install(packages.join(' '));
  return Object.fromEntries(
    needs.flatMap((need) => {
      const missing = missingOf(NEEDED[need]);
      const byHand = missing.map((program) => PACKAGES[program]).join(' ');
      const why = `no ${missing.join(', ')}; as root: apt-get install -y --no-install-recommends ${byHand}`;
      return missing.length === 0 ? [] : [[need, why]];
    }),
  );
}
