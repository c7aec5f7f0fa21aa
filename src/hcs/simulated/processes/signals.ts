/** What signals there are on each system, and what they do to a process that has made no provision for them. */
import { CONSOLE_SIGNALS, type ConsoleSignal } from '../../../domain/process.ts';
import type { Guest } from '../../../vm/guestPaths.ts';

/** A word for a Windows process, a number for a Linux one. */
export type Signal = ConsoleSignal | number;

/** What a process exits with that uses memory that is not its own: STATUS_ACCESS_VIOLATION, SIGSEGV. */
export const CRASHED: { readonly [G in Guest]: number } = { windows: 0xc0000005, linux: 128 + 11 };

/** What a process exits with that is ended from outside: ERROR_PROCESS_ABORTED, SIGKILL. */
export const KILLED: { readonly [G in Guest]: number } = { windows: 1067, linux: 128 + 9 };

/** STATUS_CONTROL_C_EXIT. */
const CONTROL_C_EXIT = 0xc000013a;

export const SIGKILL = 9;
export const SIGTERM = 15;

/** SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH: none of them ends a process. */
const HARMLESS: readonly number[] = [17, 18, 19, 20, 21, 22, 23, 28];

const WORDS: readonly unknown[] = CONSOLE_SIGNALS;

/** Whether a process of that system can be sent it. A Linux guest takes 0 for SIGKILL. */
export function isSignal(os: Guest, signal: Signal): boolean {
  if (os === 'windows') return WORDS.includes(signal);
  return typeof signal === 'number' && Number.isInteger(signal) && signal >= 0 && signal <= 64;
}

/** What a process exits with that does nothing about the signal; undefined when it lives on. */
export function exitCodeOfSignal(signal: Signal): number | undefined {
  if (typeof signal === 'string') return CONTROL_C_EXIT;
  return HARMLESS.includes(signal) ? undefined : 128 + signal;
}

/** What the processes of a system are sent when it is to shut down. */
export function shutdownSignal(os: Guest): Signal {
  return os === 'windows' ? 'CtrlShutdown' : SIGTERM;
}
