/** The programs of Debian that build and run what stands for Windows. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Platform } from '../columns.ts';

/** By program: the package that it comes in. */
const PACKAGES = {
  gcc: 'gcc libc6-dev',
  'x86_64-w64-mingw32-gcc': 'gcc-mingw-w64-x86-64',
  wine64: 'wine64',
} as const;

type Program = keyof typeof PACKAGES;

const NEEDED: { readonly [P in Platform]: readonly Program[] } = {
  linux: ['gcc'],
  wine: ['x86_64-w64-mingw32-gcc', 'wine64'],
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

/** Installs what is missing, where that is possible. Gives, by platform, what is still missing and how to get it. */
export function needSystemPackages(platforms: readonly Platform[]): Readonly<Partial<Record<Platform, string>>> {
  const packages = missingOf(platforms.flatMap((platform) => NEEDED[platform])).map((program) => PACKAGES[program]);
  if (packages.length > 0) install(packages.join(' '));
  return Object.fromEntries(
    platforms.flatMap((platform) => {
      const missing = missingOf(NEEDED[platform]);
      const byHand = missing.map((program) => PACKAGES[program]).join(' ');
      const why = `no ${missing.join(', ')}; as root: apt-get install -y --no-install-recommends ${byHand}`;
      return missing.length === 0 ? [] : [[platform, why]];
    }),
  );
}
