/** What the processes of a simulated host do, as data. */
import { exitCodeOfSignal, type Signal } from './signals.ts';

/** What a process does when it gets a signal. */
export interface SignalReaction {
  /** It ends with this; without one, it lives on. */
  readonly exitCode?: number | undefined;
  /** Milliseconds from the signal to its end. Default: 0. */
  readonly afterMs?: number | undefined;
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
}

/** What a process does whose command line contains `match`; `''` is contained in every one. */
export interface ProcessRule {
  readonly match: string;
  /** Only in the compute system with this id. Default: in any. */
  readonly system?: string | undefined;
  /** Default: 0. */
  readonly exitCode?: number | undefined;
  /** Written at its beginning. */
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  /** Milliseconds from its beginning to its end, at least. Default: 0. */
  readonly afterMs?: number | undefined;
  /** It does not end by itself. */
  readonly forever?: boolean | undefined;
  /** After its own output it writes what it reads, until there is no more to read. */
  readonly echo?: boolean | undefined;
  /** It ends as a process does that uses memory that is not its own, whatever `exitCode` says. */
  readonly crash?: boolean | undefined;
  /** There is no such program: the create of the process fails. */
  readonly missing?: boolean | undefined;
  /** Signals that it does nothing about; SIGKILL ends it all the same. */
  readonly ignores?: readonly Signal[] | undefined;
  /** By signal, `CtrlC` or `15`. Default: a signal ends it as its system has it. */
  readonly on?: Readonly<Record<string, SignalReaction>> | undefined;
}

/** The first process of a system runs until it is ended; any other one ends well and says nothing. */
const INIT: ProcessRule = { match: '', forever: true };
const EXEC: ProcessRule = { match: '' };

/** Whether what is said of a program is said of this process. */
export function matches(
  { match, system }: Pick<ProcessRule, 'match' | 'system'>,
  systemId: string,
  commandLine: string,
): boolean {
  const isThere = system === undefined || system.toLowerCase() === systemId.toLowerCase();
  return isThere && commandLine.includes(match);
}

/** The first rule that matches decides. */
export function ruleFor(
  rules: readonly ProcessRule[],
  systemId: string,
  commandLine: string,
  isInit: boolean,
): ProcessRule {
  return rules.find((rule) => matches(rule, systemId, commandLine)) ?? (isInit ? INIT : EXEC);
}

export function reactionTo(rule: ProcessRule, signal: Signal): SignalReaction {
  if (rule.ignores?.includes(signal) === true) return {};
  return rule.on?.[String(signal)] ?? { exitCode: exitCodeOfSignal(signal) };
}
