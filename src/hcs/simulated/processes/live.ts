/** What a process does while whoever made it lives: its pipes, and what goes through them. */
import type { Clock } from '../../../domain/clock.ts';
import type { ProcessParameters } from '../../../domain/process.ts';
import type { LiveEnd } from './change.ts';
import { Pipe } from './pipe.ts';
import type { ProcessInput, ProcessOutput, Program, ProgramContext } from './program.ts';
import type { ProcessRecord } from './record.ts';
import { type ProcessRule, reactionTo } from './rules.ts';
import { exitCodeOfSignal, type Signal } from './signals.ts';

export interface Pipes {
  readonly stdin?: Pipe;
  readonly stdout?: Pipe;
  readonly stderr?: Pipe;
}

/** In a terminal, one stream carries both outputs. */
function pipesFor(parameters: ProcessParameters, isTerminal: boolean): Pipes {
  const { CreateStdInPipe, CreateStdOutPipe, CreateStdErrPipe } = parameters;
  return {
    ...(CreateStdInPipe === true ? { stdin: new Pipe() } : {}),
    ...(CreateStdOutPipe === true ? { stdout: new Pipe() } : {}),
    ...(CreateStdErrPipe === true && !isTerminal ? { stderr: new Pipe() } : {}),
  };
}

export type Finish = (end: LiveEnd) => void;

export interface Surroundings {
  readonly clock: Clock;
  readonly parameters: ProcessParameters;
  readonly commandLine: string;
  /** The id of its system, as it was spelled. */
  readonly system: string;
  readonly program: Program | undefined;
  readonly finish: Finish;
}

const bytesOf = (what: string | Uint8Array): Uint8Array => (typeof what === 'string' ? Buffer.from(what) : what);

export class LiveProcess {
  readonly pid: number;
  readonly creator: string;
  readonly pipes: Pipes;
  readonly #around: Surroundings;
  readonly #rule: ProcessRule;
  readonly #ended = new AbortController();
  readonly #handlers: Array<(signal: Signal) => void> = [];
  readonly #writes = new Set<Promise<void>>();
  #signalsSeen = 0;
  #hasBegun = false;

  constructor({ pid, creator, rule, isTerminal }: ProcessRecord, around: Surroundings) {
    this.pid = pid;
    this.creator = creator;
    this.#rule = rule;
    this.#around = around;
    this.pipes = pipesFor(around.parameters, isTerminal);
  }

  /** Takes note of how the process stands. */
  look({ signals, stdinIsClosed, exit }: ProcessRecord): void {
    if (!this.#hasBegun) this.#begin();
    for (const signal of signals.slice(this.#signalsSeen)) this.#take(signal);
    this.#signalsSeen = signals.length;
    if (stdinIsClosed) this.pipes.stdin?.end();
    if (exit !== undefined) this.end();
  }

  /** The process is no more: what did not fit into its pipes is never written. */
  end(): void {
    const { stdin, stdout, stderr } = this.pipes;
    this.#ended.abort();
    stdin?.stopReading();
    stdout?.cutOff();
    stderr?.cutOff();
  }

  /** Whoever made it is gone, and with that the other ends of its pipes: what it writes is lost. */
  loseCreator(): void {
    const { stdin, stdout, stderr } = this.pipes;
    stdin?.cutOff();
    stdout?.stopReading();
    stderr?.stopReading();
  }

  #begin(): void {
    this.#hasBegun = true;
    const { program } = this.#around;
    void (program === undefined ? this.#play() : this.#run(program));
  }

  async #play(): Promise<void> {
    const { stdout = '', stderr = '', echo } = this.#rule;
    const output = this.#output(this.pipes.stdout);
    try {
      await Promise.all([output.write(stdout), this.#errors.write(stderr)]);
      if (echo === true) for await (const bytes of this.#input) await output.write(bytes);
    } catch {
      // Nobody reads any more: what it has to say is lost, and it goes on.
    }
    this.#around.finish({});
  }

  async #run(program: Program): Promise<void> {
    try {
      const exitCode = await program(this.#context());
      await Promise.allSettled(this.#writes);
      this.#around.finish({ exitCode });
    } catch (error) {
      this.#around.finish({ error });
    }
  }

  #take(signal: Signal): void {
    if (this.#around.program === undefined) this.#react(signal);
    else if (this.#handlers.length > 0) this.#tell(signal);
    else {
      const exitCode = exitCodeOfSignal(signal);
      if (exitCode !== undefined) this.#around.finish({ exitCode });
    }
  }

  #tell(signal: Signal): void {
    try {
      for (const told of this.#handlers) told(signal);
    } catch (error) {
      this.#around.finish({ error });
    }
  }

  #react(signal: Signal): void {
    const { stdout = '', stderr = '' } = reactionTo(this.#rule, signal);
    this.pipes.stdout?.append(bytesOf(stdout));
    (this.pipes.stderr ?? this.#terminal)?.append(bytesOf(stderr));
  }

  /** Where errors go that have no pipe of their own because there is a terminal. */
  get #terminal(): Pipe | undefined {
    const { CreateStdErrPipe, CreateStdOutPipe } = this.#around.parameters;
    return CreateStdErrPipe === true && CreateStdOutPipe === true ? this.pipes.stdout : undefined;
  }

  get #errors(): ProcessOutput {
    return this.#output(this.pipes.stderr ?? this.#terminal);
  }

  #output(pipe: Pipe | undefined): ProcessOutput {
    return {
      write: (what) => {
        const bytes = bytesOf(what);
        if (pipe === undefined || bytes.length === 0) return Promise.resolve();
        const written = pipe.write(bytes);
        this.#writes.add(written);
        const done = (): void => void this.#writes.delete(written);
        written.then(done, done);
        return written;
      },
    };
  }

  get #input(): ProcessInput {
    const { stdin } = this.pipes;
    const read = (): Promise<Uint8Array | null> => stdin?.read() ?? Promise.resolve(null);
    return {
      read,
      [Symbol.asyncIterator]: async function* () {
        for (let bytes = await read(); bytes !== null; bytes = await read()) yield bytes;
      },
    };
  }

  #context(): ProgramContext {
    const { clock, parameters, commandLine, system } = this.#around;
    return {
      pid: this.pid,
      system,
      commandLine,
      parameters,
      env: parameters.Environment ?? {},
      stdin: this.#input,
      stdout: this.#output(this.pipes.stdout),
      stderr: this.#errors,
      clock,
      ended: this.#ended.signal,
      onSignal: (told) => void this.#handlers.push(told),
      sleep: (ms) => new Promise((resolve) => clock.setTimeout(resolve, ms)),
    };
  }
}
