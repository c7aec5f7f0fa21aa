/** Commands on one kept host, whose processes do what a test says. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import type { HostDescription } from '../../src/hcs/simulated/state.ts';
import { hostOfEachTest } from './hostFolder.ts';
import { type CommandResult, ROOT, slipway, startSlipway } from './slipway.ts';

export const HELLO = ['--bundle', join(ROOT, 'examples/hello')];

/** A command that goes on. */
export interface Running {
  readonly pid: number;
  readonly out: () => string;
  readonly err: () => string;
  readonly input: ChildProcessWithoutNullStreams['stdin'];
  readonly child: ChildProcessWithoutNullStreams;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Resolves when stdout, or stderr, has said that; rejects when the command ends before. */
  readonly says: (text: string) => Promise<void>;
  readonly ended: Promise<CommandResult>;
}

function running(child: ChildProcessWithoutNullStreams): Running {
  let [out, err] = ['', ''];
  const listeners = new Set<() => void>();
  const heard = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    heard();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    heard();
  });
  const ended = new Promise<CommandResult>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!out.includes(text) && !err.includes(text)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`it has ended without saying ${text}:\n${out}\n${err}`)));
    });
  return {
    pid: child.pid ?? 0,
    out: () => out,
    err: () => err,
    input: child.stdin,
    child,
    signal: (signal) => void child.kill(signal),
    says,
    ended,
  };
}

export type Processes = NonNullable<HostDescription['processes']>;

/** Looks until it is so; one that never is must not outlive its test. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await isSo()); looks += 1) {
    if (looks > 2000) throw new Error('it has not come about');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What is on the kept host. */
interface Kept {
  readonly systems: readonly unknown[];
  readonly processes: readonly unknown[];
  readonly namespaces: readonly unknown[];
  readonly layers: readonly unknown[];
}

function keptIn(folder: string): Kept {
  const { systems, processes, namespaces, layers } = JSON.parse(
    readFileSync(join(folder, 'host.json'), 'utf8'),
  ) as Kept;
  return { systems, processes, namespaces, layers };
}

export function lifeHost() {
  // A test that has failed must not leave processes behind that look after containers: this comes before the folder goes.
  const at = { folder: '', host: '' };
  afterEach(async () => {
    if (!existsSync(join(at.folder, 'host.json')) || keptIn(at.folder).systems.length === 0) return;
    const ids = (await slipway(['list', '--quiet', '--host', at.host])).out.split('\n').filter(Boolean);
    await slipway(['delete', '--force', ...ids, '--host', at.host]);
  });
  const made = hostOfEachTest();
  beforeEach(() => void Object.assign(at, made));
  const facts = () => join(at.folder, 'facts.json');
  return {
    get folder() {
      return at.folder;
    },
    get host() {
      return at.host;
    },
    /** Says what processes do, before anything runs. */
    processes: (...processes: Processes): void => {
      const described = JSON.parse(readFileSync(facts(), 'utf8')) as HostDescription;
      writeFileSync(facts(), JSON.stringify({ ...described, processes }));
    },
    on: (...args: readonly string[]): Promise<CommandResult> => slipway([...withHost(args, at.host)]),
    start: (...args: readonly string[]): Running => running(startSlipway(withHost(args, at.host))),
    kept: () => keptIn(at.folder),
  };
}

/** Before a `--`, where there is one. */
function withHost(args: readonly string[], host: string): readonly string[] {
  const at = args.indexOf('--');
  return at < 0 ? [...args, '--host', host] : [...args.slice(0, at), '--host', host, ...args.slice(at)];
}

export const NOTHING_KEPT: Kept = { systems: [], processes: [], namespaces: [], layers: [] };

export const json = (text: string): unknown => JSON.parse(text);
export const jsonLines = (text: string): unknown[] => text.split('\n').filter(Boolean).map(json);
