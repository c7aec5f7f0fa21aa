import type { ProcessParameters } from '../../../domain/process.ts';
import { HRESULT } from '../../codeTable.ts';
import { HostError } from '../../hostError.ts';
import type { PipeReader, PipeWriter, ProcessesPort, ProcessHandle, StartedProcess, SystemHandle } from '../../port.ts';
import type { Caller, CallName } from '../faults.ts';
import type { HostState } from '../state.ts';
import { systemOfHandle } from '../systems.ts';
import { closeStdin, resizeConsole, signalProcess, terminateProcess } from './change.ts';
import type { Pipes } from './live.ts';
import type { Pipe } from './pipe.ts';
import type { ProcessRecord } from './record.ts';
import type { ProcessRuntime } from './runtime.ts';
import { commandOf, needRunning, startProcess } from './start.ts';
import { statusOf } from './watchers.ts';

/** A host, and the process that calls it. */
export interface Calling {
  readonly state: HostState;
  readonly caller: Caller;
  readonly runtime: ProcessRuntime;
  readonly process: string;
}

function openProcess({ state, process }: Calling, record: ProcessRecord): ProcessHandle {
  const handle = state.nextHandle;
  state.nextHandle += 1;
  state.processHandles.set(handle, { record, process });
  return handle as ProcessHandle;
}

/** A handle of another process is no handle at all. */
function recordOf({ state, process }: Calling, call: CallName, handle: ProcessHandle): ProcessRecord {
  const open = state.processHandles.get(handle);
  if (open === undefined || open.process !== process) throw new HostError(call, HRESULT.invalidHandle);
  return open.record;
}

interface Made {
  readonly record: ProcessRecord;
  readonly pipes: Pipes;
}

function create(calling: Calling, handle: SystemHandle, parameters: ProcessParameters): Made {
  const { state, runtime, process } = calling;
  const system = systemOfHandle(state, 'processes.create', handle, process);
  needRunning(state, 'processes.create', system);
  const command = commandOf(system, parameters);
  const isProgram = runtime.programFor(system, command) !== undefined;
  const record = startProcess(state, system, parameters, { command, creator: process, isProgram });
  const pipes = runtime.prepare(record, { system: system.id, parameters, command });
  return { record, pipes };
}

/** A read that is on its way when its end is closed finds the end. */
function readerOf(pipe: Pipe, runtime: ProcessRuntime): PipeReader {
  return {
    read: () => runtime.during(pipe.read()),
    close: async () => pipe.stopReading(),
  };
}

/** What waits to be written when its end is closed still is. */
function writerOf(pipe: Pipe, runtime: ProcessRuntime): PipeWriter {
  return {
    write: (bytes) => runtime.during(pipe.write(bytes)),
    close: async () => pipe.end(),
  };
}

function startedProcess(calling: Calling, { record, pipes: { stdin, stdout, stderr } }: Made): StartedProcess {
  const { runtime } = calling;
  return {
    handle: openProcess(calling, record),
    pid: record.pid,
    ...(stdin === undefined ? {} : { stdin: writerOf(stdin, runtime) }),
    ...(stdout === undefined ? {} : { stdout: readerOf(stdout, runtime) }),
    ...(stderr === undefined ? {} : { stderr: readerOf(stderr, runtime) }),
  };
}

/** The pipes of a process belong to whoever made it; a create that fails gives none. */
async function createAndConnect(
  calling: Calling,
  handle: SystemHandle,
  parameters: ProcessParameters,
): Promise<StartedProcess> {
  const allMade: Made[] = [];
  const effect = (): Made => {
    const made = create(calling, handle, parameters);
    allMade.push(made);
    return made;
  };
  try {
    return await calling.caller.makeAndAnswer('processes.create', String(handle), effect, (made) =>
      startedProcess(calling, made),
    );
  } catch (error) {
    for (const { record } of allMade) calling.runtime.abandon(record.pid);
    throw error;
  }
}

function find(calling: Calling, handle: SystemHandle, pid: number): ProcessRecord {
  const { state, process } = calling;
  const call = 'processes.open';
  const { pids } = systemOfHandle(state, call, handle, process);
  const record = pids.includes(pid) ? state.processes.get(pid) : undefined;
  if (record === undefined) throw new HostError(call, HRESULT.elementNotFound, `there is no process ${pid}`);
  return record;
}

/** computecore.dll of the process `process`: processes in compute systems. */
export function simulatedProcesses(calling: Calling): ProcessesPort {
  const { state, caller, runtime, process } = calling;
  const make = <T>(call: CallName, handle: ProcessHandle, effect: (record: ProcessRecord) => T): Promise<T> =>
    caller.make(call, String(handle), () => effect(recordOf(calling, call, handle)));
  return {
    create: (system, parameters) => createAndConnect(calling, system, parameters),
    open: (system, pid) =>
      caller.makeAndAnswer(
        'processes.open',
        `${system}/${pid}`,
        () => find(calling, system, pid),
        (record) => openProcess(calling, record),
      ),
    properties: (handle) => make('processes.properties', handle, statusOf),
    signal: (handle, { Signal }) => make('processes.signal', handle, (record) => signalProcess(state, record, Signal)),
    terminate: (handle) => make('processes.terminate', handle, (record) => terminateProcess(state, record)),
    resize: (handle, rows, columns) =>
      make('processes.resize', handle, (record) => resizeConsole(state, record, rows, columns)),
    closeStdin: (handle) => make('processes.closeStdin', handle, (record) => closeStdin(state, record)),
    onExit: (handle, told) => runtime.onProcessExit(process, handle, told),
    close: (handle) =>
      make('processes.close', handle, () => {
        state.processHandles.delete(handle);
        runtime.forgetHandle(handle);
      }),
  };
}
