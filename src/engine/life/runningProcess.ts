import type { Readable, Writable } from 'node:stream';
import { BehaviorSubject, filter, firstValueFrom } from 'rxjs';
import type { ActorRefFrom, SnapshotFrom } from 'xstate';
import { toFault } from '../../actors/faults.ts';
import { signalProcess } from '../../actors/life/processes.ts';
import type { OpenProcess, ProcessTable } from '../../actors/life/processTable.ts';
import type { Runs } from '../../actors/run.ts';
import { isGone, isInvalidHandle } from '../../hcs/hostError.ts';
import type { ContainerRef } from '../../machines/container/contract.ts';
import { lifeOverdue } from '../../machines/faults.ts';
import type { ProcessRef } from '../../machines/process/contract.ts';
import type { process } from '../../machines/process/machine.ts';
import { inTime } from '../inTime.ts';
import { keepingAlive } from './alive.ts';
import type { ConsoleSize, ContainerProcess, ProcessExit, ProcessState } from './contract.ts';
import { LifeFault } from './refusal.ts';
import { readableOf, writableOf } from './streams.ts';

export type ProcessActor = ActorRefFrom<typeof process>;
type ProcessSnapshot = SnapshotFrom<typeof process>;

const hasEnded = (snapshot: ProcessSnapshot): boolean =>
  snapshot.status !== 'active' || snapshot.matches('closing') || snapshot.matches('leaving');

const hasExited = (snapshot: ProcessSnapshot): boolean =>
  hasEnded(snapshot) && snapshot.context.outcome?.kind === 'exited';

/** Resolves when the process has exited, or is not watched any more. */
function ended(actor: ProcessActor): Promise<ProcessSnapshot> {
  return new Promise((resolve) => {
    const now = actor.getSnapshot();
    if (hasEnded(now)) return resolve(now);
    actor.subscribe({
      next: (snapshot) => {
        if (hasEnded(snapshot)) resolve(snapshot);
      },
      error: () => resolve(actor.getSnapshot()),
      complete: () => resolve(actor.getSnapshot()),
    });
  });
}

function exitOf({ context: { outcome } }: ProcessSnapshot): ProcessExit {
  return outcome?.kind === 'exited' && outcome.exitCode !== undefined ? { exitCode: outcome.exitCode } : {};
}

export interface ProcessOwner {
  readonly runs: Runs;
  readonly table: ProcessTable;
  readonly ref: ProcessRef & ContainerRef;
  /** Whether it has a terminal. */
  readonly hasTerminal: boolean;
  /** How long the host may take to do something to it, in milliseconds. */
  readonly changeMs: number;
}

/** A process that runs, over the actor that watches it; when the compute service was away, over the next one. */
export class RunningProcess implements ContainerProcess {
  readonly pid: number;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  readonly #actors: BehaviorSubject<ProcessActor>;
  readonly #owner: ProcessOwner;
  #isStdinClosed = false;
  #isLast = false;

  constructor(actor: ProcessActor, open: OpenProcess, owner: ProcessOwner) {
    this.#actors = new BehaviorSubject(actor);
    this.#owner = owner;
    this.pid = open.pid;
    const { stdin, stdout, stderr } = open;
    this.stdin = stdin === undefined ? undefined : writableOf(stdin, () => this.closeStdin());
    this.stdout = stdout === undefined ? undefined : readableOf(stdout);
    this.stderr = stderr === undefined ? undefined : readableOf(stderr);
  }

  get state(): ProcessState {
    const snapshot = this.#actors.value.getSnapshot();
    const isOver = hasExited(snapshot) || (this.#isLast && hasEnded(snapshot));
    return { pid: this.pid, status: isOver ? 'exited' : 'running', ...exitOf(snapshot) };
  }

  wait(): Promise<ProcessExit> {
    return keepingAlive(() => this.#exit());
  }

  async #exit(): Promise<ProcessExit> {
    for (let actor = this.#actors.value; ; ) {
      const snapshot = await ended(actor);
      if (hasExited(snapshot)) return exitOf(snapshot);
      const next = await this.#after(actor);
      if (next === undefined) return exitOf(snapshot);
      actor = next;
    }
  }

  /** It is watched by another actor from here on. */
  watchedBy(actor: ProcessActor): void {
    if (!this.#isLast && actor !== this.#actors.value) this.#actors.next(actor);
  }

  /** No other actor is going to watch it. */
  asItIs(): this {
    this.#isLast = true;
    this.#actors.complete();
    return this;
  }

  /** undefined when there is none. */
  #after(actor: ProcessActor): Promise<ProcessActor | undefined> {
    return firstValueFrom(this.#actors.pipe(filter((other) => other !== actor)), { defaultValue: undefined });
  }

  async signal(signal: string | number): Promise<boolean> {
    const { runs, table, ref } = this.#owner;
    const open = table.find(ref);
    if (open === undefined || this.state.status === 'exited') return false;
    return this.#attempt('signal', async () => signalProcess(await runs.get(ref.provisionId), ref, open, signal));
  }

  async resize({ rows, columns }: ConsoleSize): Promise<void> {
    if (!this.#owner.hasTerminal) {
      throw new LifeFault(this.#owner.ref.containerId, 'exec', {
        code: 'no-terminal',
        message: `the process ${this.pid} has no terminal`,
        hint: 'Run it with tty: true.',
        step: 'running',
        transient: false,
      });
    }
    await this.#onHost('processes.resize', (handle, host) => host.processes.resize(handle, rows, columns));
  }

  async closeStdin(): Promise<void> {
    if (this.#isStdinClosed) return;
    await this.#onHost('processes.closeStdin', (handle, host) => host.processes.closeStdin(handle));
    await this.#owner.table.find(this.#owner.ref)?.stdin?.close();
    this.#isStdinClosed = true;
  }

  /** Of a process that has exited, nothing happens. */
  async #onHost(
    call: string,
    make: (handle: OpenProcess['handle'], host: Runs['dependencies']['host']) => Promise<void>,
  ): Promise<void> {
    const { runs, table, ref } = this.#owner;
    const open = table.find(ref);
    if (open === undefined || this.state.status === 'exited') return;
    await this.#attempt('exec', async () => {
      const run = await runs.get(ref.provisionId);
      try {
        await run.call('running', call, `${ref.containerId}/${this.pid}`, () => make(open.handle, run.host));
      } catch (error) {
        if (!isGone(error) && !isInvalidHandle(error)) throw error;
      }
    });
  }

  async #attempt<T>(method: 'signal' | 'exec', work: () => Promise<T>): Promise<T> {
    try {
      const { changeMs, runs } = this.#owner;
      const { clock } = runs.dependencies;
      return await inTime(work(), { clock, ms: changeMs, overdue: lifeOverdue('running', changeMs) });
    } catch (error) {
      throw new LifeFault(this.#owner.ref.containerId, method, toFault(error, 'running'));
    }
  }
}
