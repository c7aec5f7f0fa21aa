/** Signals by the names and numbers that people know, for the two kinds of container. */
import { CONSOLE_SIGNALS, type ConsoleSignal, type GuestOs, type SignalOptions } from '../domain/process.ts';

/** signal(7), x86 and ARM. */
const LINUX: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  IOT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  POLL: 29,
  PWR: 30,
  SYS: 31,
};

/** The last of the real-time signals. */
const LAST_SIGNAL = 64;

/** What a Windows process makes of the signals that orchestrators send to any container. */
const CONSOLE: Readonly<Record<string, ConsoleSignal>> = {
  INT: 'CtrlC',
  BREAK: 'CtrlBreak',
  HUP: 'CtrlClose',
  TERM: 'CtrlShutdown',
};

/** Numbers are those of Windows itself (CTRL_C_EVENT, ...), and SIGTERM's, which is no number of Windows. */
const CONSOLE_NUMBERS: Readonly<Record<number, ConsoleSignal>> = {
  0: 'CtrlC',
  1: 'CtrlBreak',
  2: 'CtrlClose',
  5: 'CtrlLogOff',
  6: 'CtrlShutdown',
  15: 'CtrlShutdown',
};

/** `kill`: no process can refuse it, so it is ended by force (HcsTerminateProcess). */
export type ChosenSignal = { readonly kind: 'kill' } | { readonly kind: 'signal'; readonly options: SignalOptions };

const KILL: ChosenSignal = { kind: 'kill' };
const signalled = (Signal: ConsoleSignal | number): ChosenSignal => ({ kind: 'signal', options: { Signal } });

function ofLinux(name: string, number: number | undefined): ChosenSignal | undefined {
  const value = number ?? LINUX[name];
  if (value === undefined || value < 1 || value > LAST_SIGNAL) return undefined;
  return value === LINUX.KILL ? KILL : signalled(value);
}

function ofWindows(name: string, number: number | undefined): ChosenSignal | undefined {
  if (name === 'KILL' || number === LINUX.KILL) return KILL;
  const own = CONSOLE_SIGNALS.find((signal) => signal.toUpperCase() === name);
  const value = number === undefined ? (own ?? CONSOLE[name]) : CONSOLE_NUMBERS[number];
  return value === undefined ? undefined : signalled(value);
}

/**
 * What a container of `os` is sent for a signal: `SIGTERM`, `term`, `15`, `CtrlC`, ... undefined for one that there is
 * not.
 */
export function signalFor(os: GuestOs, signal: string | number): ChosenSignal | undefined {
  const text = String(signal).trim();
  const number = /^\d+$/.test(text) ? Number(text) : undefined;
  const name = text.toUpperCase().replace(/^SIG/, '');
  return os === 'windows' ? ofWindows(name, number) : ofLinux(name, number);
}
