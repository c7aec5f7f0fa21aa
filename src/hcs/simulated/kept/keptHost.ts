import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { underLock } from '../../fileLock.ts';
import { hasEnded, processIdentity } from '../../processIdentity.ts';
import { systemCodeOf } from '../../systemError.ts';
import { exitAllDue } from '../endings.ts';
import type { Transact } from '../faults.ts';
import { hostOver, type Keeping, type SimulatedHost, type SimulatedHostOptions, timeOf } from '../simulatedHost.ts';
import { type HostState, stateOf } from '../state.ts';
import { closeHandlesOf } from '../systems.ts';
import { KEPT_FORMAT, keep, parseKept, restore } from './keptState.ts';

const FILE = 'host.json';

/** The folder of a simulated host holds something that this version cannot read. */
export class KeptHostUnreadable extends Error {
  override readonly name = 'KeptHostUnreadable';
  readonly file: string;

  constructor(file: string) {
    super(`${file} is not the state of a simulated host in format ${KEPT_FORMAT}`);
    this.file = file;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The state of one simulated host, shared by processes through one file that is replaced as a whole. */
class KeptFile implements Keeping {
  readonly #folder: string;
  readonly #base: HostState;
  readonly #state: HostState;
  /** Credential specs that this process gave, by instance: secrets are not kept. */
  readonly #specs = new Map<string, string>();

  constructor(folder: string, state: HostState, base: HostState) {
    this.#folder = folder;
    this.#state = state;
    this.#base = base;
  }

  get #file(): string {
    return join(this.#folder, FILE);
  }

  /** Makes the state what other processes and time have made of it; what has changed by itself is not kept yet. */
  load(): void {
    const { effects } = this.#state;
    const known = effects.length;
    this.#load();
    effects.length = known;
  }

  /** The handles of processes that have ended are closed. */
  #load(): void {
    const text = readText(this.#file);
    if (text === undefined) return;
    const kept = parseKept(text);
    if (kept === undefined) throw new KeptHostUnreadable(this.#file);
    restore(this.#state, kept, this.#base, this.#specs);
    closeHandlesOf(this.#state, hasEnded);
    this.#endProcesses();
  }

  /** What a process had to do with its pipes is done when whoever made it is gone; the rest is a matter of time. */
  #endProcesses(): void {
    for (const record of this.#state.processes.values()) {
      if (record.isBusy && hasEnded(record.creator)) record.isBusy = false;
    }
    exitAllDue(this.#state);
  }

  #save(): void {
    for (const [key, { state }] of this.#state.credentialGuards) this.#specs.set(key, state.CredentialSpec);
    const next = `${this.#file}.${process.pid}`;
    writeFileSync(next, JSON.stringify(keep(this.#state, this.#base)));
    renameSync(next, this.#file);
  }

  /** One call at a time over all processes; a call that fails changes nothing. */
  transactAnd(settle: () => void): Transact {
    return (effect) =>
      underLock(this.#file, async () => {
        this.#load();
        const value = effect();
        this.#save();
        settle();
        return value;
      });
  }
}

/** @throws {Error} of node:fs when the folder cannot be read */
function open(folder: string, options: SimulatedHostOptions): { state: HostState; file: KeptFile } {
  const now = timeOf(options);
  const state = stateOf(options, now);
  const file = new KeptFile(folder, state, stateOf(options, now));
  file.load();
  return { state, file };
}

/**
 * A simulated host that outlives the process: its state is kept in `folder`, which any number of processes may use at
 * the same time. The description in `options` is not kept: it is what the host is like before any call. Handles belong
 * to their process and close when it ends, however it ends.
 * @throws {KeptHostUnreadable} and errors of node:fs
 */
export function keptSimulatedHost(folder: string, options: SimulatedHostOptions = {}): SimulatedHost {
  mkdirSync(folder, { recursive: true });
  const { state, file } = open(folder, options);
  const host = hostOver(state, { ...options, keeping: file, process: processIdentity() });
  return {
    ...host,
    get pendingCalls() {
      return host.pendingCalls;
    },
    snapshot: () => {
      file.load();
      return host.snapshot();
    },
    consoleSize: (pid) => {
      file.load();
      return host.consoleSize(pid);
    },
  };
}

/** A host in memory that begins as the one in `folder` is now: whatever is done to it, the folder stays as it is. */
export function imaginedCopyOf(folder: string, options: SimulatedHostOptions = {}): SimulatedHost {
  const { state } = open(folder, options);
  return hostOver(state, options);
}
