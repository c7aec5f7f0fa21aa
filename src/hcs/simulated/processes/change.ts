/** What is done to a process that runs. */
import { HRESULT } from '../../codeTable.ts';
import { HostError } from '../../hostError.ts';
import { exitProcess } from '../endings.ts';
import type { CallName } from '../faults.ts';
import type { HostState } from '../state.ts';
import type { SimulatedSystem } from '../systemState.ts';
import type { ProcessRecord } from './record.ts';
import { reactionTo } from './rules.ts';
import { isSignal, KILLED, SIGKILL, type Signal, shutdownSignal } from './signals.ts';

/** How what carries a process out has ended: with an exit code, as its rule has it, or with an error. */
export interface LiveEnd {
  readonly exitCode?: number;
  readonly error?: unknown;
}

function noteChange(state: HostState, record: ProcessRecord): void {
  state.changed.set(record.pid, record);
}

/** The system of a process that runs. @throws {HostError} PROCESS_ALREADY_STOPPED */
function systemOf(state: HostState, call: CallName, record: ProcessRecord): SimulatedSystem {
  const system = state.systems.get(record.system);
  if (record.exit === undefined && system !== undefined) return system;
  throw new HostError(call, HRESULT.processAlreadyStopped);
}

/** What a process does about a signal; one that a function carries out is asked when it is looked at next. */
function send(state: HostState, system: SimulatedSystem, record: ProcessRecord, signal: Signal): void {
  record.signals.push(signal);
  noteChange(state, record);
  if (signal === SIGKILL && system.os === 'linux') exitProcess(state, record, KILLED.linux);
  if (record.isProgram || record.exit !== undefined) return;
  const { exitCode, afterMs = 0 } = reactionTo(record.rule, signal);
  if (exitCode === undefined) return;
  record.isBusy = false;
  record.due = { at: state.now() + afterMs, exitCode };
}

/** @throws {HostError} ERROR_INVALID_PARAMETER for what its system does not know, PROCESS_ALREADY_STOPPED */
export function signalProcess(state: HostState, record: ProcessRecord, signal: Signal): void {
  const call = 'processes.signal';
  const system = systemOf(state, call, record);
  if (!isSignal(system.os, signal)) {
    throw new HostError(call, HRESULT.invalidParameter, `${system.os} knows no signal ${signal}`);
  }
  state.effects.push({ effect: 'process.signal', system: system.id, pid: record.pid, signal });
  send(state, system, record, signal === 0 ? SIGKILL : signal);
}

/** Asks all processes of a system to end. */
export function signalAll(state: HostState, system: SimulatedSystem): void {
  for (const pid of [...system.pids]) {
    const record = state.processes.get(pid);
    if (record !== undefined) send(state, system, record, shutdownSignal(system.os));
  }
}

/** @throws {HostError} PROCESS_ALREADY_STOPPED */
export function terminateProcess(state: HostState, record: ProcessRecord): void {
  const system = systemOf(state, 'processes.terminate', record);
  state.effects.push({ effect: 'process.terminate', system: system.id, pid: record.pid });
  if (system.os === 'linux') record.signals.push(SIGKILL);
  exitProcess(state, record, KILLED[system.os]);
}

const isSize = (size: number): boolean => Number.isInteger(size) && size >= 1 && size <= 0xffff;

/** @throws {HostError} E_FAIL for a process without a terminal, ERROR_INVALID_PARAMETER, PROCESS_ALREADY_STOPPED */
export function resizeConsole(state: HostState, record: ProcessRecord, rows: number, columns: number): void {
  const call = 'processes.resize';
  const system = systemOf(state, call, record);
  if (!isSize(rows) || !isSize(columns)) throw new HostError(call, HRESULT.invalidParameter, `${rows} x ${columns}`);
  if (!record.isTerminal) throw new HostError(call, HRESULT.fail, 'the process has no terminal');
  record.consoleSize = [rows, columns];
  noteChange(state, record);
  state.effects.push({ effect: 'process.resize', system: system.id, pid: record.pid, rows, columns });
}

/** @throws {HostError} PROCESS_ALREADY_STOPPED */
export function closeStdin(state: HostState, record: ProcessRecord): void {
  const system = systemOf(state, 'processes.closeStdin', record);
  record.stdinIsClosed = true;
  noteChange(state, record);
  state.effects.push({ effect: 'process.closeStdin', system: system.id, pid: record.pid });
}

/** It has nothing to do with its pipes any more, and ends now or when its time has come. */
export function finish(state: HostState, pid: number, { exitCode, error }: LiveEnd): void {
  const record = state.processes.get(pid);
  if (record?.due === undefined || !record.isBusy) return;
  if (error !== undefined) state.effects.push({ effect: 'process.crash', pid, error: String(error) });
  record.isBusy = false;
  record.due = { at: Math.max(state.now(), record.due.at), exitCode: exitCode ?? record.due.exitCode };
  noteChange(state, record);
}

/** What was kept waiting by a pause goes on. */
export function goOn(state: HostState, system: SimulatedSystem): void {
  for (const { id, hosted, pids } of state.systems.values()) {
    if (id !== system.id && hosted?.vm !== system.id.toLowerCase()) continue;
    for (const pid of pids) {
      const record = state.processes.get(pid);
      if (record !== undefined) noteChange(state, record);
    }
  }
}
