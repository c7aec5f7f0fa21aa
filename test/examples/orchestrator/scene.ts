/** An orchestrator in this process, on a simulated host whose time passes when nothing else happens. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, startWith } from 'rxjs';
import { memoryLedgerStore } from 'slipway';
import {
  type SimulatedHost,
  type SimulatedHostOptions,
  type SimulatedProcess,
  simulatedHost,
  type VirtualClock,
  virtualClock,
} from 'slipway/testing';
import {
  type Orchestrator,
  type OrchestratorOptions,
  openOrchestrator,
} from '../../../examples/orchestrator/orchestrator.ts';
import type { PodState, RestartPolicy } from '../../../examples/orchestrator/pods/pod.ts';
import { removeFolder } from '../../support/removeFolder.ts';

const PROGRAMS: NonNullable<SimulatedHostOptions['processes']> = [
  { match: 'serve', forever: true },
  { match: 'deaf', forever: true, ignores: ['CtrlC', 'CtrlBreak', 'CtrlClose', 'CtrlLogOff', 'CtrlShutdown'] },
  { match: 'crash', afterMs: 50, exitCode: 3 },
  { match: 'job', afterMs: 50 },
  { match: 'missing', missing: true },
];

export interface Manifest {
  readonly id: string;
  readonly restart: RestartPolicy;
  readonly spec: object;
}

export function manifestOf(id: string, command = 'serve', restart: RestartPolicy = 'always'): Manifest {
  const windows = { layerFolders: ['C:\\layers\\base', `C:\\scratch\\${id}`], network: {} };
  const process = { args: [`${command}.exe`], cwd: 'C:\\', env: ['PASSWORD=tell-nobody'] };
  return { id, restart, spec: { root: { path: '' }, process, windows } };
}

export interface Scene {
  readonly folder: string;
  readonly clock: VirtualClock;
  readonly host: SimulatedHost;
  /** An orchestrator in a process of its own on the host. Every further one finds those before it dead. */
  open(options?: Partial<OrchestratorOptions>): Promise<Orchestrator>;
  /** Every process of an orchestrator that there was is dead. */
  kill(): void;
  /** The last of them ends as it is told to: what waits for the host would keep this process otherwise. */
  end(): Promise<void>;
}

/**
 * How time passes. `jumps`: whenever nothing else happens, which does not go together with waiting for files. `flows`:
 * faster than on the wall. `stands`: not at all.
 */
type Time = 'jumps' | 'flows' | 'stands';

const FLOW_MS = 20;

export function newScene(time: Time = 'jumps'): Scene {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-orchestrator-'));
  const clock = virtualClock({ autoAdvance: time === 'jumps' });
  const flow = time === 'flows' ? setInterval(() => clock.advance(FLOW_MS), 1) : undefined;
  const host = simulatedHost({ clock, processes: PROGRAMS });
  // Virtual time would pass while a journal in files is written.
  const journal = memoryLedgerStore();
  const opened: Array<{ readonly name: string; readonly process: SimulatedProcess; orchestrator?: Orchestrator }> = [];
  const kill = (): void => {
    for (const { process, orchestrator } of opened) {
      process.end();
      orchestrator?.close();
    }
  };
  const open = async (options: Partial<OrchestratorOptions> = {}): Promise<Orchestrator> => {
    kill();
    const name = `orchestrator ${opened.length + 1}`;
    const process = host.attach();
    const processes = { own: name, hasEnded: (other: string) => other !== name };
    const orchestrator = await openOrchestrator({ host: process, folder, journal, clock, processes, ...options });
    opened.push({ name, process, orchestrator });
    return orchestrator;
  };
  const end = async (): Promise<void> => {
    host.answerPending();
    if (time !== 'stands') await opened.at(-1)?.orchestrator?.drain(60_000);
    clearInterval(flow);
    kill();
    await removeFolder(folder);
  };
  return { folder, clock, host, open, kill, end };
}

/** The first state of a pod for which it is so, from now on. */
export function stateOf(orchestrator: Orchestrator, id: string, is: (state: PodState) => boolean): Promise<PodState> {
  const now = orchestrator.pods.filter((state) => state.id === id);
  const states$ = orchestrator.changes$.pipe(
    startWith(...now),
    filter((state) => state.id === id && is(state)),
  );
  return firstValueFrom(states$);
}

export const reaches = (orchestrator: Orchestrator, id: string, phase: PodState['phase']): Promise<PodState> =>
  stateOf(orchestrator, id, (state) => state.phase === phase);

/** Adds a pod, as soon as pods are taken on. */
export async function add(orchestrator: Orchestrator, manifest: object): Promise<PodState> {
  for (;;) {
    try {
      return (await orchestrator.add(manifest)).state;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'recovering')) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const IS_DISK = /^disk\./;
export const aliveOn = (host: SimulatedHost): readonly string[] =>
  host.snapshot().filter((line) => !IS_DISK.test(line));

/** Waits until it is so. */
export async function settled(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
}
