/** Builds the stand-in libraries into `.standin`, for Linux and for Windows, where their sources are newer. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileName, LIBRARIES, type Library, libraryFile, STANDIN_ROOT, type StandInPlatform } from './libraries.ts';

const SOURCES = new URL('native/', import.meta.url).pathname;

const FILES: Readonly<Record<Library, readonly string[]>> = {
  standin: ['objects', 'memory', 'guid', 'frame', 'connection', 'operations', 'events', 'pipes', 'windows', 'testing'],
  computecore: ['computecoreOperations', 'computecoreSystems', 'computecoreProcesses', 'computecoreService'],
  computenetwork: ['computenetwork'],
  computestorage: ['computestorage'],
  vmcompute: ['vmcompute', 'vmcomputeLayers'],
};

const FLAGS = ['-shared', '-std=gnu11', '-O1', '-g', '-Wall', '-Wextra', '-Werror'];

const sources = (names: readonly string[]): readonly string[] => names.map((name) => join(SOURCES, `${name}.c`));

function linuxArguments(library: Library, folder: string): readonly string[] {
  // As Windows does for its own: a library whose threads run stays, whoever gives it back.
  const out = ['-Wl,--no-undefined,-z,nodelete', '-o', join(folder, fileName(library, 'linux'))];
  const common = [...FLAGS, '-fPIC', '-fvisibility=hidden', '-pthread', ...out];
  if (library === 'standin') return [...common, ...sources([...FILES.standin, 'platformPosix'])];
  return [...common, ...sources(FILES[library]), '-L', folder, '-lstandin', '-Wl,-rpath,$ORIGIN'];
}

function windowsArguments(library: Library, folder: string): readonly string[] {
  const common = [...FLAGS, '-static-libgcc', '-o', join(folder, fileName(library, 'windows'))];
  if (library !== 'standin')
    return [...common, ...sources(FILES[library]), join(folder, fileName('standin', 'windows'))];
  const own = sources([...FILES.standin, 'platformWindows']);
  return [...common, '-DSTANDIN_CORE', ...own, join(SOURCES, 'standin.def'), '-lws2_32', '-lole32'];
}

const COMPILERS: Readonly<Record<StandInPlatform, string>> = { linux: 'gcc', windows: 'x86_64-w64-mingw32-gcc' };

const argumentsFor = { linux: linuxArguments, windows: windowsArguments } as const;

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isBuilt(platform: StandInPlatform): boolean {
  const newest = Math.max(
    changedAt(new URL(import.meta.url).pathname),
    ...readdirSync(SOURCES).map((name) => changedAt(join(SOURCES, name))),
  );
  return LIBRARIES.every((library) => changedAt(libraryFile(library, platform)) > newest);
}

/**
 * Builds the libraries of one platform if they are not up to date.
 * @throws what the compiler says
 */
export function buildStandIns(platform: StandInPlatform): void {
  if (isBuilt(platform)) return;
  const target = join(STANDIN_ROOT, platform);
  mkdirSync(target, { recursive: true });
  // Others may build at the same time, or have the libraries loaded: each appears whole, at once.
  const folder = mkdtempSync(join(STANDIN_ROOT, `${platform}-`));
  for (const library of LIBRARIES) {
    execFileSync(COMPILERS[platform], argumentsFor[platform](library, folder), { stdio: 'inherit' });
  }
  for (const library of LIBRARIES) {
    renameSync(join(folder, fileName(library, platform)), join(target, fileName(library, platform)));
  }
  rmSync(folder, { recursive: true });
}
