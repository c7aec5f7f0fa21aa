/** A process as the simulated host keeps it: plain JSON, with neither its environment nor its command line. */
import type { ProcessRule } from './rules.ts';
import type { Signal } from './signals.ts';

export interface ProcessRecord {
  /** Of one process of the host for as long as there is the host. */
  readonly pid: number;
  /** The id of its system, lower case. */
  readonly system: string;
  readonly imageName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Who made it, and has its pipes. */
  readonly creator: string;
  /** The first process of its system. */
  readonly isInit: boolean;
  readonly isTerminal: boolean;
  readonly rule: ProcessRule;
  /** A JavaScript function does what it does, and `rule` says nothing. */
  readonly isProgram: boolean;
  consoleSize?: readonly [rows: number, columns: number];
  /** Whether it has something to do with its pipes before it can end. */
  isBusy: boolean;
  /** When it ends by itself, if it does; one that is busy, when it is not any more. */
  due?: { readonly at: number; readonly exitCode: number };
  /** What it was sent, in order. */
  readonly signals: Signal[];
  stdinIsClosed: boolean;
  exit?: { readonly exitCode: number; readonly at: number };
}

export interface SimulatedProcessHandle {
  readonly record: ProcessRecord;
  /** The process that opened it. */
  readonly process: string;
}
