/** computecore.dll: processes in compute systems. */
import { z } from 'zod';
import type { ProcessParameters, ProcessStatus } from '../../domain/process.ts';
import { HostError } from '../hostError.ts';
import type { ProcessesPort, ProcessHandle, StartedProcess, SystemHandle } from '../port.ts';
import { EVENT, GENERIC_ALL, PROCESSES, type ProcessInformation } from './bindings/computecore.ts';
import { isFailure } from './blocking.ts';
import { ExitEvents } from './exitEvents.ts';
import type { Bound } from './ffi/declaring.ts';
import { Out, wide } from './ffi/memory.ts';
import { objectIn } from './fields.ts';
import { Handles } from './handles.ts';
import { valueAs } from './json.ts';
import type { NativeParts } from './nativeParts.ts';
import { NativePipes } from './pipes.ts';
import type { NativeSystems } from './systems.ts';

type Begin = (process: bigint, operation: bigint) => Promise<number>;

const processStatus = z.object({
  ProcessId: z.number().default(0),
  Exited: z.boolean().default(false),
  ExitCode: z.number().optional(),
  LastWaitResult: z.number().default(0),
});

/** The exit code is one only when HCS could wait for the process. */
function statusOf(call: string, document: string | undefined): ProcessStatus {
  const value = objectIn(document ?? '');
  const { ProcessId, Exited, ExitCode, LastWaitResult } = valueAs(call, processStatus, value);
  if (!Exited || ExitCode === undefined || LastWaitResult !== 0) return { ProcessId, Exited };
  return { ProcessId, Exited, ExitCode: ExitCode >>> 0 };
}

/** Data of an event that cannot be read say that the process has exited, and nothing more. */
function exitOf(document: string | undefined): ProcessStatus {
  try {
    return { ...statusOf('processes.onExit', document), Exited: true };
  } catch {
    return { ProcessId: 0, Exited: true };
  }
}

class NativeProcesses {
  readonly exits: ExitEvents<ProcessHandle, ProcessStatus>;
  readonly #parts: NativeParts;
  readonly #systems: NativeSystems;
  readonly #native: Bound<typeof PROCESSES>;
  readonly #pipes: NativePipes;
  readonly #handles = new Handles<ProcessHandle>();

  constructor(parts: NativeParts, systems: NativeSystems) {
    this.#parts = parts;
    this.#systems = systems;
    this.#native = parts.libraries.bind('computecore', PROCESSES);
    this.#pipes = new NativePipes(parts.libraries, parts.polling);
    this.exits = new ExitEvents(parts.events, {
      event: EVENT.processExited,
      read: exitOf,
      set: (process, context, callback) =>
        parts.turns.short('processes.onExit', () =>
          this.#native.HcsSetProcessCallback.later(process, 0, context, callback),
        ),
      look: async (handle) => {
        const status = await this.properties('processes.onExit', handle);
        return status.Exited ? status : undefined;
      },
    });
  }

  /** A handle that comes with a failure is closed: nobody else has it. */
  async create(call: string, system: SystemHandle, parameters: ProcessParameters): Promise<StartedProcess> {
    const out = new Out();
    const document = wide(JSON.stringify(parameters));
    try {
      const information = await this.#systems.handles.use(call, system, (native) =>
        this.#parts.operations.runProcess(call, (operation) =>
          this.#native.HcsCreateProcess.later(native, document, operation, null, out.bytes),
        ),
      );
      return this.#started(out.address, information);
    } catch (error) {
      if (out.address !== 0n) await this.#close(call, out.address);
      throw error;
    }
  }

  async open(call: string, system: SystemHandle, pid: number): Promise<ProcessHandle> {
    const out = new Out();
    const hresult = await this.#systems.handles.use(call, system, (native) =>
      this.#parts.turns.long(call, () => this.#native.HcsOpenProcess.later(native, pid, GENERIC_ALL, out.bytes)),
    );
    if (isFailure(hresult)) throw new HostError(call, hresult);
    return this.#add(out.address);
  }

  async properties(call: string, handle: ProcessHandle): Promise<ProcessStatus> {
    const document = await this.#ask(call, handle, (process, operation) =>
      this.#native.HcsGetProcessProperties.later(process, operation, null),
    );
    return statusOf(call, document);
  }

  async change(
    call: string,
    name: 'HcsSignalProcess' | 'HcsModifyProcess' | 'HcsTerminateProcess',
    handle: ProcessHandle,
    options?: object,
  ): Promise<void> {
    const document = options === undefined ? null : wide(JSON.stringify(options));
    await this.#ask(call, handle, (process, operation) => this.#native[name].later(process, operation, document));
  }

  async close(call: string, handle: ProcessHandle): Promise<void> {
    const process = await this.#handles.take(call, handle);
    await this.exits.forget(handle);
    await this.#close(call, process);
  }

  #ask(call: string, handle: ProcessHandle, begin: Begin): Promise<string | undefined> {
    return this.#handles.use(call, handle, (process) =>
      this.#parts.operations.run(call, (operation) => begin(process, operation)),
    );
  }

  #add(process: bigint): ProcessHandle {
    const handle = this.#handles.add(process);
    this.exits.add(handle, process);
    return handle;
  }

  /** A pipe that was not asked for is 0. */
  #started(process: bigint, { processId, stdInput, stdOutput, stdError }: ProcessInformation): StartedProcess {
    return {
      handle: this.#add(process),
      pid: processId,
      ...(stdInput === 0n ? {} : { stdin: this.#pipes.writer(stdInput) }),
      ...(stdOutput === 0n ? {} : { stdout: this.#pipes.reader(stdOutput) }),
      ...(stdError === 0n ? {} : { stderr: this.#pipes.reader(stdError) }),
    };
  }

  async #close(call: string, process: bigint): Promise<void> {
    await this.#parts.turns.long(call, () => this.#native.HcsCloseProcess.later(process));
  }
}

export function nativeProcesses(parts: NativeParts, systems: NativeSystems): ProcessesPort {
  const processes = new NativeProcesses(parts, systems);
  return {
    create: (system, parameters) => processes.create('processes.create', system, parameters),
    open: (system, pid) => processes.open('processes.open', system, pid),
    properties: (process) => processes.properties('processes.properties', process),
    signal: (process, options) => processes.change('processes.signal', 'HcsSignalProcess', process, options),
    terminate: (process) => processes.change('processes.terminate', 'HcsTerminateProcess', process),
    resize: (process, rows, columns) =>
      processes.change('processes.resize', 'HcsModifyProcess', process, {
        Operation: 'ConsoleSize',
        ConsoleSize: { Height: rows, Width: columns },
      }),
    closeStdin: (process) =>
      processes.change('processes.closeStdin', 'HcsModifyProcess', process, {
        Operation: 'CloseHandle',
        CloseHandle: { Handle: 'StdIn' },
      }),
    onExit: (process, told) => processes.exits.onExit(process, told),
    close: (process) => processes.close('processes.close', process),
  };
}
