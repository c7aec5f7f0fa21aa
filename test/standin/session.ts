/** One process that has the libraries loaded, as the service sees it. */

import type { SystemExit } from '../../src/domain/process.ts';
import { HRESULT } from '../../src/hcs/codeTable.ts';
import { HostError } from '../../src/hcs/hostError.ts';
import type { ProcessHandle, StartedProcess, SystemHandle } from '../../src/hcs/port.ts';
import type { SimulatedProcess } from '../../src/hcs/simulated/simulatedHost.ts';
import type { SimulatedSystem } from '../../src/hcs/simulated/systemState.ts';
import type { Frame } from './frames.ts';
import type { StandInWorld } from './world.ts';

/** The events of HCS that there are. */
export const EVENT = {
  systemExited: 0x1,
  guestConnectionClosed: 0x6,
  processExited: 0x10000,
  serviceDisconnect: 0x2000000,
} as const;

/** What a handle of the libraries to a compute system stands for. */
export interface OpenSystem {
  /** Rejects when it could not be made or opened. */
  readonly handle: Promise<SystemHandle>;
  /** Whether it is known if it could. */
  isSettled: boolean;
  system?: SimulatedSystem;
  readonly exitWaiters: Array<() => void>;
}

/** What a handle of the libraries to a process in a container stands for. */
export interface OpenProcess {
  readonly handle: ProcessHandle;
  readonly pid: number;
  readonly exitWaiters: Array<() => void>;
}

/** The service's end of the pipes of a process, by their streams. */
export type OpenPipes = Pick<StartedProcess, 'stdin' | 'stdout' | 'stderr'>;

/** A process in a guest: it has run when it is there. */
export interface GuestProgram {
  readonly pid: number;
  readonly exitCode: number;
}

export interface NetworkObject {
  readonly kind: 'namespace' | 'endpoint';
  readonly id: string;
}

export class Session {
  readonly systems = new Map<bigint, OpenSystem>();
  readonly programs = new Map<bigint, GuestProgram>();
  readonly processes = new Map<bigint, OpenProcess>();
  /** By the handle of their process, which may be closed before they are. */
  readonly pipes = new Map<bigint, OpenPipes>();
  readonly networkObjects = new Map<bigint, NetworkObject>();
  /** Mount paths whose length was asked for, by layer: the path itself is asked for next. */
  readonly mountPaths = new Map<string, string>();
  readonly send: (frame: Frame) => void;
  #world: StandInWorld;
  #process: SimulatedProcess;
  #programs = 0;

  constructor(world: StandInWorld, send: (frame: Frame) => void) {
    this.#world = world;
    this.send = send;
    this.#process = this.#attach();
  }

  get world(): StandInWorld {
    return this.#world;
  }

  get process(): SimulatedProcess {
    return this.#process;
  }

  /** The process ends, and its handles with it. */
  end(): void {
    this.#process.end();
  }

  /** Becomes a process of another host, which has opened nothing there. */
  moveTo(world: StandInWorld): void {
    this.#process.end();
    this.#world = world;
    const { systems, programs, processes, pipes, networkObjects, mountPaths } = this;
    for (const kept of [systems, programs, processes, pipes, networkObjects, mountPaths]) kept.clear();
    this.#process = this.#attach();
  }

  nextPid(): number {
    this.#programs += 1;
    return 1000 + this.#programs * 4;
  }

  /** The system of a handle that is being made. */
  open(value: bigint, handle: Promise<SystemHandle>): OpenSystem {
    const open: OpenSystem = { handle, isSettled: false, exitWaiters: [] };
    this.systems.set(value, open);
    return open;
  }

  /** @throws {HostError} E_HANDLE, also for one that could not be made */
  async systemOf(call: string, value: bigint): Promise<{ readonly open: OpenSystem; readonly handle: SystemHandle }> {
    const open = this.systems.get(value);
    const handle = await open?.handle.catch(() => undefined);
    if (open === undefined || handle === undefined) throw new HostError(call, HRESULT.invalidHandle);
    return { open, handle };
  }

  /** Tells when the system of a handle exits. */
  watchSystem(value: bigint, handle: SystemHandle, { system, exitWaiters }: OpenSystem): void {
    this.#process.compute.onExit(handle, (exit: SystemExit) => {
      if (system?.vm !== undefined && exit.ExitType === 'UnexpectedExit') this.tell(value, EVENT.guestConnectionClosed);
      this.tell(value, EVENT.systemExited, exit);
      for (const told of exitWaiters.splice(0)) told();
    });
  }

  /** Tells when the process of a handle exits. */
  addProcess(value: bigint, handle: ProcessHandle, pid: number): void {
    const exitWaiters: Array<() => void> = [];
    this.processes.set(value, { handle, pid, exitWaiters });
    this.#process.processes.onExit(handle, (status) => {
      this.tell(value, EVENT.processExited, { ...status, LastWaitResult: 0 });
      for (const told of exitWaiters.splice(0)) told();
    });
  }

  tell(target: bigint, event: number, data?: object): void {
    const text = data === undefined ? undefined : JSON.stringify(data);
    this.send({ kind: 'event', id: target, code: event, fields: [text] });
  }

  #attach(): SimulatedProcess {
    const process = this.#world.host.attach();
    process.onServiceDisconnect?.(() => this.tell(0n, EVENT.serviceDisconnect));
    return process;
  }
}
