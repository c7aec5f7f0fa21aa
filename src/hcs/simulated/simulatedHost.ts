import type { Clock } from '../../domain/clock.ts';
import { realClock } from '../clock.ts';
import type { HostPort } from '../port.ts';
import { simulatedCompute } from './compute.ts';
import { simulatedCredentials } from './credentials.ts';
import { Caller, type CallRecord, type InjectedFault, inMemory, type Latencies, type Transact } from './faults.ts';
import { simulatedFiles } from './files.ts';
import { simulatedGuest } from './guest.ts';
import { simulatedLayers } from './layers.ts';
import { simulatedNetwork } from './network.ts';
import { type ServiceDeath, SimulatedService } from './service.ts';
import { snapshotOf } from './snapshot.ts';
import { type Effect, type HostDescription, type HostState, stateOf } from './state.ts';
import { closeHandlesOf, exitSystem } from './systems.ts';
import { simulatedVmAccess } from './vm/access.ts';

export interface SimulatedHostOptions extends HostDescription {
  /** Moves the latencies. Default: the real one. */
  readonly clock?: Clock;
  /** Milliseconds that calls take. Default: none. */
  readonly latencies?: Latencies;
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
}

function processOf({ state, caller, service }: Machinery, process: string): SimulatedProcess {
  return {
    name: 'simulated',
    compute: simulatedCompute(state, caller, process),
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
      closeHandlesOf(state, (owner) => owner === process);
    },
  };
}

interface Placement {
  readonly transact?: Transact;
  /** The name of the first process. */
  readonly process?: string;
}

/** A host over a state, wherever that is kept. */
export function hostOver(state: HostState, options: SimulatedHostOptions & Placement): SimulatedHost {
  const { clock = realClock(), latencies = 0, transact = inMemory, process = '1' } = options;
  const service = new SimulatedService(state);
  const caller = new Caller(clock, latencies, service, transact);
  const machinery = { state, caller, service };
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
        exitSystem(state, system);
      }),
    serviceDies: (death) => transact(() => service.die(death)),
    serviceRestarts: () => service.restart(),
    effects: state.effects,
    calls: caller.calls,
  };
}

/** A host in memory that behaves as the Host Compute Service is documented to. */
export function simulatedHost(options: SimulatedHostOptions = {}): SimulatedHost {
  return hostOver(stateOf(options), options);
}
