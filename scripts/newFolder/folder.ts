/** A folder as a user has it: outside of the tree, with the packed package from `npm install` and nothing of ours beside it. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';

export interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

export interface NewFolder {
  readonly path: string;
  write(file: string, text: string): void;
  /** Runs a program of this machine or, by its name, one that was installed; one that never ends is killed. */
  run(program: string, ...args: readonly string[]): Promise<Outcome>;
  remove(): void;
}

/** For a program that hangs. */
const KILLED_AFTER_MS = 240_000;

const manifest = z.object({ version: z.string() });
const versionHere = (name: string): string =>
  manifest.parse(JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8'))).version;

/** What a user of npm has in the environment, without what the npm that runs this script says to its own scripts. */
function environment(folder: string): NodeJS.ProcessEnv {
  const mine = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_OPTIONS$|^SLIPWAY_/i.test(name));
  const path = `${join(folder, 'node_modules/.bin')}:${process.env.PATH ?? ''}`;
  return { ...Object.fromEntries(mine), PATH: path, NO_COLOR: '1', XDG_STATE_HOME: join(folder, '.state') };
}

function runIn(folder: string, program: string, args: readonly string[]): Promise<Outcome> {
  const options = { cwd: folder, env: environment(folder), timeout: KILLED_AFTER_MS, maxBuffer: 2 ** 26 };
  return new Promise((done) => {
    execFile(program, args, options, (error, out, err) =>
      done({ passed: error === null, output: `${out}${err}${error?.killed === true ? 'killed: it did not end' : ''}` }),
    );
  });
}

/**
 * Installs the tarball beside the compiler of this tree. No script of any package runs. The types of Node come with the
 * package; they are held at the version of this tree, so that a new one is met here first.
 */
export async function newFolder(tarball: string): Promise<NewFolder> {
  const path = mkdtempSync(join(tmpdir(), 'slipway-new-folder-'));
  const folder: NewFolder = {
    path,
    write(file, text) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    },
    run: (program, ...args) => runIn(path, program, args),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  const dependencies = { slipway: `file:${resolve(tarball)}`, typescript: versionHere('typescript') };
  const overrides = { '@types/node': versionHere('@types/node') };
  folder.write('package.json', JSON.stringify({ private: true, type: 'module', dependencies, overrides }));
  const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const installed = await folder.run('npm', 'install', ...flags);
  if (installed.passed) return folder;
  folder.remove();
  throw new Error(`npm install of ${tarball} failed:\n${installed.output}`);
}
