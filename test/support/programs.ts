/** Runs programs of the documentation and of examples/ as a user would: by the name of the package, in plain Node. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { ROOT } from './slipway.ts';

export interface RunningProgram {
  /** All of stdout so far. */
  out(): string;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  end(): void;
}

const javascriptOf = (typescript: string): string =>
  transformSync(typescript, {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  }).code;

/** Starts a program in TypeScript; its types are proven in a new folder, by `npm run new-folder`. */
export function startProgram(typescript: string, ...args: readonly string[]): RunningProgram {
  const flags = ['--input-type=module', '--eval', javascriptOf(typescript), '--', ...args];
  const child = spawn(process.execPath, flags, { cwd: ROOT });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<Awaited<RunningProgram['ended']>>((resolve) =>
    child.on('close', (code) => resolve({ code, out, err })),
  );
  return { out: () => out, ended, end: () => void child.kill() };
}

/** Runs it to its end, which must be a good one, and gives what it has written. */
export async function outputOf(typescript: string): Promise<string> {
  const { code, out, err } = await startProgram(typescript).ended;
  if (code !== 0) throw new Error(`the program ended with ${code}:\n${err}`);
  return out;
}

export const exampleCode = (name: string): string => readFileSync(join(ROOT, 'examples', name), 'utf8');
