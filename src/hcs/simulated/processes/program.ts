/** Processes that are JavaScript functions. */
import type { Clock } from '../../../domain/clock.ts';
import type { ProcessParameters } from '../../../domain/process.ts';
import { matches, type ProcessRule } from './rules.ts';
import type { Signal } from './signals.ts';

/** What a process reads. */
export interface ProcessInput extends AsyncIterable<Uint8Array> {
  /** The next bytes; null at the end. One read at a time. */
  read(): Promise<Uint8Array | null>;
}

/** Where a process writes; to nowhere, where no pipe was asked for. */
export interface ProcessOutput {
  /**
   * Resolves when the pipe has taken all of it, which waits for whoever reads.
   * @throws {HostError} ERROR_NO_DATA, ERROR_BROKEN_PIPE when nobody reads any more
   */
  write(what: string | Uint8Array): Promise<void>;
}

/** A process of a simulated host as its own program sees it. */
export interface ProgramContext {
  readonly pid: number;
  /** The id of its compute system. */
  readonly system: string;
  /** Its command line; of a Linux process, its arguments with blanks between. */
  readonly commandLine: string;
  readonly parameters: ProcessParameters;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: ProcessInput;
  readonly stdout: ProcessOutput;
  /** In a terminal the same as `stdout`. */
  readonly stderr: ProcessOutput;
  readonly clock: Clock;
  /** Aborted when the process has ended: by a signal, with its system, or because it was terminated. */
  readonly ended: AbortSignal;
  /** Has `told` called with each signal. Without any, a signal ends the process as its system has it. */
  onSignal(told: (signal: Signal) => void): void;
  /** Waits by the clock of the host. */
  sleep(ms: number): Promise<void>;
}

/** Resolves with the exit code. One that throws has crashed. */
export type Program = (process: ProgramContext) => Promise<number> | number;

/** What a process runs whose command line contains `match`; programs go before rules. */
export interface ProgramRule extends Pick<ProcessRule, 'match' | 'system'> {
  readonly run: Program;
}

export function programFor(
  programs: readonly ProgramRule[],
  systemId: string,
  commandLine: string,
): Program | undefined {
  return programs.find((rule) => matches(rule, systemId, commandLine))?.run;
}
