/** How processes and compute systems end, and what goes with them. */
import type { SystemExit } from '../../domain/process.ts';
import { HRESULT } from '../codeTable.ts';
import type { ProcessRecord } from './processes/record.ts';
import { KILLED, SIGKILL, SIGTERM } from './processes/signals.ts';
import type { HostState } from './state.ts';
import type { SimulatedSystem } from './systemState.ts';

export const GRACEFUL: SystemExit = { Status: 0, ExitType: 'GracefulExit' };
export const FORCED: SystemExit = { Status: 0, ExitType: 'ForcedExit' };
/** HCS has its codes as signed numbers here. */
export const UNEXPECTED: SystemExit = { Status: HRESULT.unexpectedExit | 0, ExitType: 'UnexpectedExit' };

/** The process is no more; its system does not care. */
function endProcess(state: HostState, record: ProcessRecord, exitCode: number): void {
  const at = state.now();
  record.exit = { exitCode, at };
  record.isBusy = false;
  state.processes.delete(record.pid);
  state.changed.set(record.pid, record);
  state.exits += 1;
  const system = state.systems.get(record.system);
  if (system === undefined) return;
  system.pids.splice(system.pids.indexOf(record.pid), 1);
  system.usage.endedMs += at - record.startedAt;
}

/**
 * The system exits with all its processes: its id is free again, and handles that are still open can only read that it
 * stopped. A VM takes its containers with it, and all that it had attached.
 */
export function exitSystem(state: HostState, system: SimulatedSystem, exit: SystemExit): void {
  const key = system.id.toLowerCase();
  if (state.systems.get(key) === system) {
    for (const pid of [...system.pids]) {
      const record = state.processes.get(pid);
      if (record !== undefined) endProcess(state, record, KILLED[system.os]);
    }
    state.systems.delete(key);
  }
  system.state = 'Stopped';
  system.exit ??= exit;
  state.exits += 1;
  if (system.vm === undefined) return;
  for (const other of [...state.systems.values()]) {
    if (other.hosted?.vm === key) exitSystem(state, other, UNEXPECTED);
  }
}

/** A guest tells of a container whose init ended by itself that it did so unexpectedly, whatever its exit code is. */
function exitOfInit({ signals }: ProcessRecord): SystemExit {
  switch (signals.at(-1)) {
    case SIGTERM:
      return GRACEFUL;
    case SIGKILL:
      return FORCED;
    default:
      return { Status: 0, ExitType: 'UnexpectedExit' };
  }
}

/** How the system ends because `record` has; undefined when it goes on. A Windows container outlives its processes. */
function exitAfter(system: SimulatedSystem, record: ProcessRecord): SystemExit | undefined {
  if (system.os === 'linux' && system.vm === undefined && record.isInit) {
    return system.isShuttingDown ? GRACEFUL : exitOfInit(record);
  }
  return system.isShuttingDown && system.pids.length === 0 ? GRACEFUL : undefined;
}

/** The process ends, and its system with it where that hangs on it. */
export function exitProcess(state: HostState, record: ProcessRecord, exitCode: number): void {
  const system = state.systems.get(record.system);
  endProcess(state, record, exitCode);
  if (system === undefined) return;
  state.effects.push({ effect: 'process.exit', system: system.id, pid: record.pid, exitCode });
  const exit = exitAfter(system, record);
  if (exit === undefined) return;
  exitSystem(state, system, exit);
  state.effects.push({ effect: 'system.exit', id: system.id, exit });
}

/** Nothing happens in a VM that is paused. */
export function isPaused(state: HostState, system: SimulatedSystem): boolean {
  const host = system.hosted === undefined ? undefined : state.systems.get(system.hosted.vm);
  return system.state === 'Paused' || host?.state === 'Paused';
}

/** Ends the process if its time has come. */
export function exitIfDue(state: HostState, pid: number): void {
  const record = state.processes.get(pid);
  if (record?.due === undefined || record.isBusy || record.due.at > state.now()) return;
  const system = state.systems.get(record.system);
  if (system !== undefined && isPaused(state, system)) return;
  exitProcess(state, record, record.due.exitCode);
}

/** Ends all processes whose time has come, in the order of their times. */
export function exitAllDue(state: HostState): void {
  const due = [...state.processes.values()].flatMap(({ pid, due }) => (due === undefined ? [] : [{ pid, at: due.at }]));
  for (const { pid } of due.sort((one, other) => one.at - other.at)) exitIfDue(state, pid);
}
