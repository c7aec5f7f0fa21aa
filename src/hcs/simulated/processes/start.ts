/** HcsCreateProcess. */
import type { ProcessParameters } from '../../../domain/process.ts';
import { HRESULT } from '../../codeTable.ts';
import { HostError } from '../../hostError.ts';
import { isPaused } from '../endings.ts';
import { fieldsOf, textsOf } from '../fields.ts';
import type { HostState } from '../state.ts';
import type { SimulatedSystem } from '../systemState.ts';
import { PIPE_CAPACITY } from './pipe.ts';
import type { ProcessRecord } from './record.ts';
import { type ProcessRule, ruleFor } from './rules.ts';
import { CRASHED, KILLED } from './signals.ts';

const CALL = 'processes.create';

/** @throws {HostError} SYSTEM_ALREADY_STOPPED, INVALID_STATE */
export function needRunning(state: HostState, call: string, system: SimulatedSystem): void {
  if (system.state === 'Stopped') throw new HostError(call, HRESULT.systemAlreadyStopped);
  if (system.state === 'Running' && !isPaused(state, system)) return;
  throw new HostError(call, HRESULT.invalidState, `${system.id} is ${system.state}`);
}

/** What a process is to run, and whether it is the first one of its system. */
export interface Command {
  readonly line: string;
  readonly isInit: boolean;
  readonly isTerminal: boolean;
}

/** A container in a Linux guest has been told of its first process with its document. */
function linuxCommand({ init, usage }: SimulatedSystem, { OCIProcess }: ProcessParameters): Command | undefined {
  if (OCIProcess === undefined) {
    if (usage.made > 0) throw new HostError(CALL, HRESULT.fail, 'the init process is already running');
    return init && { line: init.commandLine, isInit: true, isTerminal: init.isTerminal };
  }
  if (usage.made === 0) throw new HostError(CALL, HRESULT.fail, 'cannot exec in a container whose init does not run');
  const { args, terminal } = fieldsOf(OCIProcess);
  const line = textsOf(args).join(' ');
  return line === '' ? undefined : { line, isInit: false, isTerminal: terminal === true };
}

/** @throws {HostError} INVALID_JSON when the parameters name nothing to run */
export function commandOf(system: SimulatedSystem, parameters: ProcessParameters): Command {
  const { CommandLine = '', CommandArgs = [], EmulateConsole } = parameters;
  const line = system.os === 'linux' && CommandArgs.length > 0 ? CommandArgs.join(' ') : CommandLine;
  const isInit = system.vm === undefined && system.usage.made === 0;
  const plain = line === '' ? undefined : { line, isInit, isTerminal: EmulateConsole === true };
  const command = system.os === 'linux' && system.vm === undefined ? linuxCommand(system, parameters) : plain;
  if (command !== undefined) return command;
  throw new HostError(CALL, HRESULT.invalidJson, `this is no process for ${system.os}`);
}

function needProgram({ missing }: ProcessRule, { os }: SimulatedSystem, { line }: Command): void {
  if (missing !== true) return;
  throw new HostError(CALL, os === 'windows' ? HRESULT.fileNotFound : HRESULT.fail, `there is no program for ${line}`);
}

const isLong = (text = ''): boolean => Buffer.byteLength(text) > PIPE_CAPACITY;

/** Whether it has to wait for whoever is at the other end of its pipes before it can end. */
function waitsForPipes({ stdout, stderr, echo }: ProcessRule, parameters: ProcessParameters): boolean {
  const { CreateStdInPipe, CreateStdOutPipe, CreateStdErrPipe } = parameters;
  const says = (CreateStdOutPipe === true && isLong(stdout)) || (CreateStdErrPipe === true && isLong(stderr));
  return says || (echo === true && CreateStdInPipe === true);
}

/** How it ends by itself; a program that is lost with whoever made it, as one that was killed. */
function endOf(rule: ProcessRule, isProgram: boolean, system: SimulatedSystem, now: number): ProcessRecord['due'] {
  if (isProgram) return { at: now, exitCode: KILLED[system.os] };
  if (rule.forever === true) return undefined;
  return { at: now + (rule.afterMs ?? 0), exitCode: rule.crash === true ? CRASHED[system.os] : (rule.exitCode ?? 0) };
}

/** The program alone, as the lists of processes have it. */
function imageOf(line: string): string {
  const [, quoted, bare = ''] = /^\s*(?:"([^"]*)"|(\S+))/.exec(line) ?? [];
  return (quoted ?? bare).replace(/^.*[\\/]/, '');
}

function recordOf(
  state: HostState,
  system: SimulatedSystem,
  parameters: ProcessParameters,
  { command, creator, isProgram }: Start,
): ProcessRecord {
  const rule = isProgram ? { match: '' } : ruleFor(state.processRules, system.id, command.line, command.isInit);
  needProgram(rule, system, command);
  const now = state.now();
  const due = endOf(rule, isProgram, system, now);
  const { ConsoleSize } = parameters;
  state.nextPid += 4;
  return {
    pid: state.nextPid,
    system: system.id.toLowerCase(),
    imageName: imageOf(command.line),
    startedAt: now,
    creator,
    isInit: command.isInit,
    isTerminal: command.isTerminal,
    rule,
    isProgram,
    isBusy: isProgram || waitsForPipes(rule, parameters),
    signals: [],
    stdinIsClosed: false,
    ...(command.isTerminal && ConsoleSize !== undefined ? { consoleSize: ConsoleSize } : {}),
    ...(due === undefined ? {} : { due }),
  };
}

export interface Start {
  readonly command: Command;
  readonly creator: string;
  /** A function carries it out. */
  readonly isProgram: boolean;
}

/** @throws {HostError} when there is no such program; the system must run */
export function startProcess(
  state: HostState,
  system: SimulatedSystem,
  parameters: ProcessParameters,
  start: Start,
): ProcessRecord {
  const record = recordOf(state, system, parameters, start);
  state.processes.set(record.pid, record);
  state.changed.set(record.pid, record);
  system.pids.push(record.pid);
  system.usage.made += 1;
  system.usage.most = Math.max(system.usage.most, system.pids.length);
  const { pid } = record;
  state.effects.push({ effect: 'process.create', system: system.id, pid, parameters: structuredClone(parameters) });
  return record;
}
