import type { Clock } from '../../domain/clock.ts';
import { realClock } from '../clock.ts';
import type { HostPort } from '../port.ts';
import { simulatedCompute } from './compute.ts';
import { simulatedCredentials } from './credentials.ts';
import { exitSystem, UNEXPECTED } from './endings.ts';
import { Caller, type CallRecord, type InjectedFault, type Latencies, type Transact } from './faults.ts';
import { simulatedFiles } from './files.ts';
import { simulatedGuest } from './guest.ts';
import { simulatedLayers } from './layers.ts';
import { simulatedNetwork } from './network.ts';
import { simulatedProcesses } from './processes/processes.ts';
import type { ProgramRule } from './processes/program.ts';
import { ProcessRuntime } from './processes/runtime.ts';
import { type ServiceDeath, SimulatedService } from './service.ts';
import { snapshotOf } from './snapshot.ts';
import { type Effect, type HostDescription, type HostState, stateOf } from './state.ts';
import { closeHandlesOf } from './systems.ts';
import { simulatedVmAccess } from './vm/access.ts';

export interface SimulatedHostOptions extends HostDescription {
  /** Moves the latencies. Default: the real one. */
  readonly clock?: Clock;
  /** Milliseconds since 1970 when `clock` is at 0. Default: such that it is now what it is. */
  readonly epoch?: number;
  /** Milliseconds that calls take. Default: none. */
  readonly latencies?: Latencies;
  /** Processes that are functions; what is said here goes before `processes`. */
  readonly programs?: readonly ProgramRule[];
}

/** The host as one process sees it. */
export interface SimulatedProcess extends HostPort {
  /**
   * The process ends: its handles close, and what then has none and was made so ends with it. What it has called that
   * had no effect yet has none any more.
   */
  end(): void;
}

/** A host in memory, as its first process sees it, with everything that a test wants to do to it. */
export interface SimulatedHost extends SimulatedProcess {
  /** Another process on the same host. */
  attach(): SimulatedProcess;
  /** What is alive, a line each, sorted: `computeSystem c1`, `namespace ...`, `activatedLayer C:\...`. */
  snapshot(): readonly string[];
  /** Makes a call go wrong; the function that is returned takes it back. */
  inject(fault: InjectedFault): () => void;
  /** Lets the calls that were made not to answer go on. */
  answerPending(): void;
  readonly pendingCalls: number;
  /** The guest of a VM crashes: the VM is gone, with its containers and all that it had attached. */
  vmExits(id: string): Promise<void>;
  /**
   * The Host Compute Service dies: calls to it that are on their way are answered with HCS_E_SERVICE_DISCONNECT, those
   * that are made until it is back with RPC_S_SERVER_UNAVAILABLE; every handle is dead, and credential guard instances
   * are gone. Known to this process alone where a host is kept in a folder.
   */
  serviceDies(death?: ServiceDeath): Promise<void>;
  /** The size of the terminal of a process that runs; undefined where it has none, or nobody has said. */
  consoleSize(pid: number): readonly [rows: number, columns: number] | undefined;
  /** The service is started again. */
  serviceRestarts(): void;
  /** The changes that took effect, in order. */
  readonly effects: readonly Effect[];
  /** Every call that was made, reads included. */
  readonly calls: readonly CallRecord[];
}

interface Machinery {
  readonly state: HostState;
  readonly caller: Caller;
  readonly service: SimulatedService;
  readonly runtime: ProcessRuntime;
}

function processOf(machinery: Machinery, process: string): SimulatedProcess {
  const { state, caller, service, runtime } = machinery;
  return {
    name: 'simulated',
    compute: simulatedCompute({ ...machinery, process }),
    processes: simulatedProcesses({ ...machinery, process }),
    network: simulatedNetwork(state, caller),
    layers: simulatedLayers(state, caller),
    credentials: simulatedCredentials(state, caller),
    guest: simulatedGuest(state, caller, process),
    vmAccess: simulatedVmAccess(state, caller),
    files: simulatedFiles(state, caller),
    facts: () => caller.make('facts', 'the host', () => ({ build: state.build, processorCount: state.processorCount })),
    onServiceDisconnect: (told) => service.watch(process, told),
    end: () => {
      service.forget(process);
      caller.end();
      runtime.forget(process);
      closeHandlesOf(state, (owner) => owner === process);
      runtime.settle();
    },
  };
}

/** Where the state of a host is, if not in this process alone. */
export interface Keeping {
  /** Changes it, and then calls `settle`. */
  transactAnd(settle: () => void): Transact;
  /** Makes the state what other processes have made of it. */
  load(): void;
}

interface Placement {
  readonly keeping?: Keeping;
  /** The name of the first process. */
  readonly process?: string;
}

/** Of a host whose state is in this process alone. */
function inMemory(settle: () => void): Transact {
  return async (effect) => {
    const value = effect();
    settle();
    return value;
  };
}

/** The time of the host: its clock, counted from 1970. */
export function timeOf({ clock, epoch }: SimulatedHostOptions): () => number {
  if (clock === undefined) return Date.now;
  const zero = epoch ?? Date.now() - clock.now();
  return () => zero + clock.now();
}

/** A host over a state, wherever that is kept. */
export function hostOver(state: HostState, options: SimulatedHostOptions & Placement): SimulatedHost {
  const { latencies = 0, process = '1', programs = [], clock = realClock(), keeping } = options;
  const settle = (): void => runtime.settle();
  const transact = keeping?.transactAnd(settle) ?? inMemory(settle);
  const refresh = keeping === undefined ? {} : { refresh: () => keeping.load() };
  const runtime = new ProcessRuntime(state, { clock, programs, transact, ...refresh });
  const service = new SimulatedService(state);
  const caller = new Caller(clock, latencies, service, transact);
  const machinery = { state, caller, service, runtime };
  let processes = 1;
  return {
    ...processOf(machinery, process),
    attach: () => {
      processes += 1;
      return processOf({ ...machinery, caller: caller.ofAnotherProcess() }, String(processes));
    },
    snapshot: () => snapshotOf(state),
    inject: (fault) => caller.inject(fault),
    answerPending: () => caller.answerPending(),
    get pendingCalls() {
      return caller.pendingCalls;
    },
    vmExits: (id) =>
      transact(() => {
        const system = state.systems.get(id.toLowerCase());
        if (system?.vm === undefined) throw new RangeError(`there is no VM ${id}`);
        exitSystem(state, system, UNEXPECTED);
      }),
    serviceDies: (death) => transact(() => service.die(death)),
    consoleSize: (pid) => state.processes.get(pid)?.consoleSize,
    serviceRestarts: () => service.restart(),
    effects: state.effects,
    calls: caller.calls,
  };
}

/** A host in memory that behaves as the Host Compute Service is documented to. */
export function simulatedHost(options: SimulatedHostOptions = {}): SimulatedHost {
  return hostOver(stateOf(options, timeOf(options)), options);
}
