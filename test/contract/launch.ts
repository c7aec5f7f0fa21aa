/** Runs one column in a process of its own, with what it needs around it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startStandIn } from '../standin/control.ts';
import type { Outcome } from './claim.ts';
import type { Column } from './columns.ts';
import { BUILD, CONTRACT, ROOT, WINE_BUILD } from './environments/folders.ts';
import { nodeOf } from './environments/packages.ts';
import { onZ, startInWine } from './environments/wine.ts';

export interface ColumnResult {
  readonly column: string;
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
}

/** Milliseconds for a whole column; each claim has its own time. */
const COLUMN_MS = 300_000;
/** Milliseconds in which a process that is done must have ended by itself. */
const END_MS = 10_000;

const OF_PROCESS = { suite: 'process', says: 'it ends by itself when all is said, with exit code 0' } as const;

type Line =
  | { readonly begins: Pick<Outcome, 'suite' | 'says'> }
  | { readonly outcome: Outcome }
  | { readonly done: true };

const linesOf = (file: string): readonly Line[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Line)
    : [];

/** `script`: of the build, `test/contract/column.js`. What it says goes to `log`. */
export function startBuilt(column: Column, script: string, args: readonly string[], log: string): ChildProcess {
  const env = column.ffi === undefined ? {} : { SLIPWAY_FFI: column.ffi };
  if (column.platform === 'wine' && column.node !== undefined) {
    const libraries = join(ROOT, '.standin/windows');
    const node = nodeOf('wine', column.node);
    const inWine = [node, onZ(join(WINE_BUILD, script)), ...args.map((arg) => (arg.startsWith('/') ? onZ(arg) : arg))];
    return startInWine(inWine, log, { ...env, WINEPATH: onZ(libraries) });
  }
  const node = column.node === undefined ? process.execPath : nodeOf('linux', column.node);
  const child = spawn(node, ['--expose-gc', join(BUILD, script), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => appendFileSync(log, chunk));
  return child;
}

type Ending = { readonly ended: true; readonly how: string } | { readonly ended: false; readonly how: string };

/** Waits for the end of the process, but not for ever. */
async function endOf(child: ChildProcess, isDone: () => boolean): Promise<Ending> {
  const exited = once(child, 'exit').then(([code, signal]: unknown[]) => ({
    ended: true as const,
    how: code === 0 ? 'well' : `with ${signal ?? `exit code ${code}`}`,
  }));
  const begun = performance.now();
  let doneAt: number | undefined;
  for (;;) {
    const ending = await Promise.race([
      exited,
      new Promise<undefined>((resolve) => setTimeout(resolve, 100, undefined)),
    ]);
    if (ending !== undefined) return ending;
    if (doneAt === undefined && isDone()) doneAt = performance.now();
    const isLate = doneAt !== undefined && performance.now() - doneAt > END_MS;
    if (!isLate && performance.now() - begun < COLUMN_MS) continue;
    child.kill('SIGKILL');
    return { ended: false, how: isLate ? 'not, though it was done' : `not in ${COLUMN_MS / 1000} s` };
  }
}

const isDone = (lines: readonly Line[]): boolean => lines.some((line) => 'done' in line);

/** What a column that ended in the middle did not come to. */
function judged(lines: readonly Line[], { ended, how }: Ending, log: string): readonly Outcome[] {
  const outcomes = lines.flatMap((line) => ('outcome' in line ? [line.outcome] : []));
  const last = lines.at(-1);
  const said = existsSync(log) ? readFileSync(log, 'utf8').trim().slice(-2_000) : '';
  const why = `the process ended ${how}${said === '' ? '' : `:\n${said}`}`;
  if (last !== undefined && 'begins' in last) return [...outcomes, { ...last.begins, verdict: 'failed', why }];
  if (isDone(lines) && ended && how === 'well') return [...outcomes, { ...OF_PROCESS, verdict: 'passed' }];
  return [...outcomes, { ...OF_PROCESS, verdict: 'failed', why }];
}

/** Where a process writes, empty. */
export function scratchFile(name: string, ending: string): string {
  const folder = join(CONTRACT, 'out');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name.replace(/\W+/g, '-')}.${ending}`);
  rmSync(file, { force: true });
  return file;
}

async function run(column: Column, args: readonly string[]): Promise<readonly Outcome[]> {
  const [out, log] = [scratchFile(column.name, 'jsonl'), scratchFile(column.name, 'log')];
  const child = startBuilt(column, 'test/contract/column.js', ['--host', column.host, '--out', out, ...args], log);
  const ending = await endOf(child, () => isDone(linesOf(out)));
  return judged(linesOf(out), ending, log);
}

export const librariesFor = ({ platform }: Column): string =>
  join(ROOT, '.standin', platform === 'wine' ? 'windows' : 'linux');

async function runOnStandIn(column: Column): Promise<readonly Outcome[]> {
  const control = await startStandIn();
  try {
    return await run(column, ['--port', String(control.port), '--libraries', librariesFor(column)]);
  } finally {
    await control.stop();
  }
}

/** What came of every claim in one column, and of its process. */
export async function runColumn(column: Column): Promise<ColumnResult> {
  const begun = performance.now();
  const outcomes = await (column.host === 'standIn' ? runOnStandIn(column) : run(column, []));
  return { column: column.name, outcomes, seconds: (performance.now() - begun) / 1000 };
}

/**
 * Runs a script of the build in a Node of Windows, with a stand-in service of its own, and waits for its end.
 * @param args those that begin with a slash are paths
 */
export async function runScriptInWine(
  script: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly log: string }> {
  const ffi = process.env.SLIPWAY_FFI === 'ffi-napi' ? 'ffi-napi' : 'koffi';
  const column: Column = { name: `${script} Wine`, host: 'standIn', ffi, node: 20, platform: 'wine' };
  const log = scratchFile(column.name, 'log');
  const control = await startStandIn();
  try {
    const service = ['--port', String(control.port), '--libraries', librariesFor(column)];
    const child = startBuilt(column, script, [...args.map(absolute), ...service], log);
    const [code]: unknown[] = await once(child, 'exit');
    return { code: typeof code === 'number' ? code : 1, log };
  } finally {
    await control.stop();
  }
}

/** Another process may have another folder. */
const absolute = (arg: string): string => (existsSync(arg) ? resolve(arg) : arg);
