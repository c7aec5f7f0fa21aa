/** What a test does to the host behind the stand-in libraries. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { FilesPort } from '../../src/hcs/port.ts';
import type { CallRecord, InjectedFault, Latencies } from '../../src/hcs/simulated/faults.ts';
import type { Effect } from '../../src/hcs/simulated/state.ts';
import { type Ask, ControlConnection } from './controlConnection.ts';
import type { StandInDeath, StandInHost } from './protocol.ts';
import { remoteFiles } from './remoteFiles.ts';

export interface StandInControl {
  /** What SLIPWAY_STANDIN_PORT or `StandInConnect` has to say. */
  readonly port: number;
  /** The files of the host, as a process of its own sees them, which ends with this connection. */
  readonly files: FilesPort;
  /** A new host; the processes that are connected are new processes on it, without a handle. */
  reset(host?: StandInHost): Promise<void>;
  /** Makes a call of the port go wrong (`compute.create`, ...); what is returned takes the fault back. */
  inject(fault: InjectedFault): Promise<() => Promise<void>>;
  setLatencies(latencies: Latencies): Promise<void>;
  /** Lets the calls that were made not to answer go on. */
  answerPending(): Promise<void>;
  pendingCalls(): Promise<number>;
  /** The guest of a VM crashes. */
  vmExits(id: string): Promise<void>;
  /** The Host Compute Service dies: HNS, layers and files go on. */
  killService(death?: StandInDeath): Promise<void>;
  restartService(): Promise<void>;
  snapshot(): Promise<readonly string[]>;
  effects(): Promise<readonly Effect[]>;
  calls(): Promise<readonly CallRecord[]>;
  /** How many processes have their libraries connected. */
  processes(): Promise<number>;
  /** Ends this connection, and the service if it was started by `startStandIn`. */
  stop(): Promise<void>;
  /** Kills the process of the service, as if the whole host went away; only of one that `startStandIn` gave. */
  kill(): Promise<void>;
}

function controlOf(ask: Ask, port: number, end: (signal: NodeJS.Signals) => Promise<void>): StandInControl {
  return {
    port,
    files: remoteFiles(ask),
    reset: (host = {}) => ask('reset', host),
    inject: async (fault) => {
      const armed: number = await ask('inject', fault);
      return () => ask('disarm', armed);
    },
    setLatencies: (latencies) => ask('setLatencies', latencies),
    answerPending: () => ask('answerPending'),
    pendingCalls: () => ask('pendingCalls'),
    vmExits: (id) => ask('vmExits', id),
    killService: (death = {}) => ask('killService', death),
    restartService: () => ask('restartService'),
    snapshot: () => ask('snapshot'),
    effects: () => ask('effects'),
    calls: () => ask('calls'),
    processes: () => ask('processes'),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** Another connection to a service that runs already, from whatever process. */
export async function connectStandIn(port: number): Promise<StandInControl> {
  const connection = await ControlConnection.open(port);
  return controlOf(connection.ask, port, async () => connection.close());
}

const SERVICE = new URL('serviceMain.ts', import.meta.url).pathname;

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the stand-in service has no output');
  for await (const line of createInterface({ input: child.stdout })) return Number(line);
  throw new Error('the stand-in service ended before it listened');
}

/** Starts a service as a process of its own; it ends with this one, whatever happens to it. */
export async function startStandIn(host: StandInHost = {}): Promise<StandInControl> {
  const child = spawn(process.execPath, ['--import', 'tsx', SERVICE], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await portOf(child);
  const connection = await ControlConnection.open(port);
  const control = controlOf(connection.ask, port, async (signal) => {
    connection.close();
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  });
  await control.reset(host);
  return control;
}
