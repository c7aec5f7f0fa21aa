/** What moves the processes of a simulated host: their pipes and programs, and time. */
import type { Clock } from '../../../domain/clock.ts';
import type { ProcessParameters, ProcessStatus, SystemExit } from '../../../domain/process.ts';
import { exitIfDue } from '../endings.ts';
import type { Transact } from '../faults.ts';
import type { HostState } from '../state.ts';
import type { SimulatedSystem } from '../systemState.ts';
import { finish } from './change.ts';
import { type Finish, LiveProcess, type Pipes } from './live.ts';
import { type Program, type ProgramRule, programFor } from './program.ts';
import type { ProcessRecord } from './record.ts';
import { CRASHED } from './signals.ts';
import type { Command } from './start.ts';
import { Watchers } from './watchers.ts';

export interface RuntimeOptions {
  readonly clock: Clock;
  readonly programs: readonly ProgramRule[];
  /** Changes the state outside of any call. */
  readonly transact: Transact;
  /** Of a host that other processes change too: makes the state what they have made of it. */
  readonly refresh?: () => void;
}

/** Whether a timer keeps the event loop alive; one of a simulated clock never does. */
function keepAlive(timer: unknown, isWanted: boolean): void {
  const { ref, unref } = timer as Partial<NodeJS.Timeout>;
  (isWanted ? ref : unref)?.call(timer as NodeJS.Timeout);
}

/** What is kept of the host cannot be read or written: whoever calls it next is told so. */
function leaveToNextCall(): void {}

/** How often a host is looked at that others change, while somebody waits for something. */
const LOOK_AGAIN_MS = 20;

export class ProcessRuntime {
  readonly #watchers: Watchers;
  readonly #state: HostState;
  readonly #options: RuntimeOptions;
  readonly #live = new Map<number, LiveProcess>();
  readonly #timers = new Map<number, unknown>();
  readonly #dueNow = new Set<number>();
  /** Reads and writes that somebody waits for. */
  #waits = 0;
  #looking: unknown;

  constructor(state: HostState, options: RuntimeOptions) {
    this.#state = state;
    this.#options = options;
    this.#watchers = new Watchers(state);
  }

  programFor(system: SimulatedSystem, { line }: Command): Program | undefined {
    return programFor(this.#options.programs, system.id, line);
  }

  /** Gives a process that was just made its pipes, and what carries it out. */
  prepare(
    record: ProcessRecord,
    what: { readonly system: string; readonly parameters: ProcessParameters; readonly command: Command },
  ): Pipes {
    const { parameters, command, system } = what;
    const { clock, programs } = this.#options;
    const program = record.isProgram ? programFor(programs, system, command.line) : undefined;
    const around = { clock, parameters, system, program, commandLine: command.line, finish: this.#finishing(record) };
    const live = new LiveProcess(record, around);
    this.#live.set(record.pid, live);
    return live.pipes;
  }

  /** Nobody has got the other ends of its pipes. */
  abandon(pid: number): void {
    this.#live.get(pid)?.loseCreator();
  }

  /** The process of the caller has ended: its pipes close, and nobody in it is told anything. */
  forget(process: string): void {
    for (const live of this.#live.values()) if (live.creator === process) live.loseCreator();
    this.#watchers.forget((_, owner) => owner === process);
  }

  /** Has `told` called when the system of the handle exits, unless it has before. */
  onSystemExit(process: string, handle: number, told: (exit: SystemExit) => void): () => void {
    const end = this.#watchers.ofSystem(process, handle, told);
    this.#lookAgain();
    return end;
  }

  /** Has `told` called when the process of the handle exits, unless it has before. */
  onProcessExit(process: string, handle: number, told: (status: ProcessStatus) => void): () => void {
    const end = this.#watchers.ofProcess(process, handle, told);
    this.#lookAgain();
    return end;
  }

  /** The handle is closed: nobody is told with it. */
  forgetHandle(handle: number): void {
    this.#watchers.forget((closed) => closed === handle);
  }

  /** To be called after each change: begins and ends what runs, and tells of exits. */
  settle(): void {
    const changed = [...this.#state.changed.values()];
    this.#state.changed.clear();
    for (const record of changed) this.#look(record);
    if (this.#options.refresh !== undefined) this.#lookAtAll();
    this.#watchers.tell(this.#options.refresh !== undefined);
    this.#lookAgain();
  }

  /** Something of this process waits for a process of the host. */
  async during<T>(wait: Promise<T>): Promise<T> {
    this.#waits += 1;
    this.#lookAgain();
    try {
      return await wait;
    } finally {
      this.#waits -= 1;
    }
  }

  /** Other processes may have ended or signalled what this one has the pipes of. */
  #lookAtAll(): void {
    const { processes, processHandles } = this.#state;
    for (const [pid, live] of this.#live) {
      const handles = processes.has(pid) ? [] : [...processHandles.values()];
      const record = processes.get(pid) ?? handles.find((handle) => handle.record.pid === pid)?.record;
      if (record !== undefined) live.look(record);
      else live.end();
      if (!processes.has(pid)) this.#live.delete(pid);
    }
  }

  #look(record: ProcessRecord): void {
    this.#live.get(record.pid)?.look(record);
    if (record.exit !== undefined) this.#live.delete(record.pid);
    if (this.#options.refresh === undefined) this.#schedule(record);
  }

  #finishing({ pid, system }: ProcessRecord): Finish {
    return (end) => {
      void this.#options
        .transact(() => {
          const exitCode = CRASHED[this.#state.systems.get(system)?.os ?? 'windows'];
          finish(this.#state, pid, end.error === undefined ? end : { ...end, exitCode });
        })
        .catch(leaveToNextCall);
    };
  }

  #schedule({ pid, due, isBusy, exit }: ProcessRecord): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timers.get(pid));
    this.#timers.delete(pid);
    if (due === undefined || isBusy || exit !== undefined) return;
    const delayMs = Math.ceil(due.at - this.#state.now());
    if (delayMs > 0) {
      const timer = clock.setTimeout(() => this.#exitIfDue(pid), delayMs);
      this.#timers.set(pid, timer);
      return;
    }
    if (this.#dueNow.size === 0) setImmediate(() => this.#exitAllNow());
    this.#dueNow.add(pid);
  }

  #exitAllNow(): void {
    const pids = [...this.#dueNow];
    this.#dueNow.clear();
    for (const pid of pids) this.#exitIfDue(pid);
  }

  #exitIfDue(pid: number): void {
    const record = this.#state.processes.get(pid);
    if (record === undefined) return;
    void this.#options
      .transact(() => exitIfDue(this.#state, pid))
      .then(() => {
        // Timers of a real clock may run a little before their time.
        if (record.due !== undefined && record.due.at > this.#state.now()) this.#schedule(record);
      }, leaveToNextCall);
  }

  /**
   * Looks again while somebody waits. Who reads or writes keeps the event loop of its process alive; who only wants to
   * be told of an exit does not.
   */
  #lookAgain(): void {
    const { clock, refresh } = this.#options;
    if (refresh === undefined || this.#waits + this.#watchers.count === 0) return;
    this.#looking ??= clock.setTimeout(() => {
      this.#looking = undefined;
      try {
        refresh();
        this.settle();
      } catch {
        leaveToNextCall();
      }
      this.#lookAgain();
    }, LOOK_AGAIN_MS);
    keepAlive(this.#looking, this.#waits > 0);
  }
}
