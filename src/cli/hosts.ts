/** The hosts that a command can work on, with the journal of what was done there. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { windowsHost } from '../hcs/native/windowsHost.ts';
import type { HostPort } from '../hcs/port.ts';
import type { VirtualClock } from '../hcs/simulated/clock.ts';
import { imaginedCopyOf, KeptHostUnreadable, keptSimulatedHost } from '../hcs/simulated/kept/keptHost.ts';
import { type SimulatedHost, simulatedHost } from '../hcs/simulated/simulatedHost.ts';
import type { HostDescription } from '../hcs/simulated/state.ts';
import { fileLedgerStore } from '../journal/fileStore.ts';
import { type LedgerStore, memoryLedgerStore } from '../journal/store.ts';
import { fileVmStore, imaginedVmStore, memoryVmStore, type VmStore } from '../journal/vmStore.ts';
import { readFacts } from './hostDescription.ts';
import { hostNameOf } from './hostName.ts';
import { BadInput, NoHost } from './input.ts';

export interface HostOptions {
  /** `windows`, `simulated`, `simulated:DIR` or `simulated:memory`. */
  readonly host: string;
  readonly facts?: string | undefined;
  /** Milliseconds that every call takes. */
  readonly latency?: number | undefined;
}

/** What the command is about, where it is about a spec: without facts, the host has what that needs. */
export interface Subject {
  /** What a host has that the spec can be carried out on. */
  readonly assumed: HostDescription;
  readonly namespace: string | undefined;
}

/** What was done on a host. */
interface Records {
  readonly journal: LedgerStore;
  readonly vms: VmStore;
  /** Where that is kept; undefined for a host that ends with the command. */
  readonly folder: string | undefined;
}

export interface ChosenHost extends Records {
  readonly host: HostPort;
  /** The same host, where it can say what is on it and what was changed. */
  readonly simulated: SimulatedHost | undefined;
}

/** A host in memory that stands for another. */
export interface ImaginedHost extends Records {
  readonly host: SimulatedHost;
}

const PREFIX = 'simulated:';

/** XDG Base Directory Specification; LOCALAPPDATA is where Windows keeps such things. */
function stateFolder(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  return join(XDG_STATE_HOME || LOCALAPPDATA || join(homedir(), '.local', 'state'), 'slipway');
}

/** Where Windows keeps what belongs to the machine: every administrator works with the same runs. */
const machineFolder = (): string => join(process.env.ProgramData || 'C:\\ProgramData', 'slipway');

/** The folder that keeps the host; undefined for one that lives in memory. @throws {BadInput} */
function folderOf(host: string): string | undefined {
  if (host === 'simulated') return join(stateFolder(), 'simulated');
  const place = host.startsWith(PREFIX) ? host.slice(PREFIX.length) : '';
  if (place === '') {
    throw new BadInput(
      'host-unknown',
      `there is no host '${host}'`,
      'Use windows, simulated, simulated:DIR or simulated:memory.',
    );
  }
  return place === 'memory' ? undefined : resolve(place);
}

/** The facts that were named, else those in the folder of the host, else what the subject needs. */
function descriptionOf(
  options: HostOptions,
  folder: string | undefined,
  subject: Subject | undefined,
): HostDescription {
  const kept = folder === undefined ? undefined : join(folder, 'facts.json');
  const file = options.facts ?? (kept !== undefined && existsSync(kept) ? kept : undefined);
  const described = file === undefined ? (subject?.assumed ?? {}) : readFacts(file);
  const namespaces = described.namespaces ?? [];
  const given = subject?.namespace;
  const missing = given !== undefined && !namespaces.some(({ id }) => id.toLowerCase() === given.toLowerCase());
  return missing ? { ...described, namespaces: [...namespaces, { id: given }] } : described;
}

function readable<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof KeptHostUnreadable) {
      throw new BadInput('host-state-unreadable', error.message, `Move ${error.file} away to begin with a new host.`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(
      'host-folder-unusable',
      `the folder of the host cannot be used: ${reason}`,
      'Mend its rights, or choose another with --host simulated:DIR.',
    );
  }
}

const inMemory = (settings: HostDescription): ImaginedHost => ({
  host: simulatedHost(settings),
  journal: memoryLedgerStore(),
  vms: memoryVmStore(),
  folder: undefined,
});

/** The folder of the run files of `--host`; undefined for a host that lives in memory. @throws {BadInput} */
export function runsFolderOf({ host }: Pick<HostOptions, 'host'>): string | undefined {
  const folder = hostNameOf(host) === 'windows' ? machineFolder() : folderOf(host);
  return folder === undefined ? undefined : runsIn(folder);
}

const runsIn = (folder: string): string => join(folder, 'runs');

const recordsIn = (folder: string): Records => ({
  journal: fileLedgerStore(runsIn(folder)),
  vms: fileVmStore(join(folder, 'vms')),
  folder,
});

/** This machine itself. @throws {NoHost} where it is no Windows @throws {BadInput} */
function thisWindows({ facts, latency }: HostOptions): ChosenHost {
  if (process.platform !== 'win32') {
    throw new NoHost(
      'no-host-here',
      'there is no Host Compute Service on this machine: only Windows has it',
      'Use --host simulated, or run slipway on the Windows host itself.',
    );
  }
  if (facts !== undefined || latency !== undefined) {
    throw new BadInput('host-not-simulated', 'the host is a real one', '--facts and --latency are for simulated ones.');
  }
  return { host: windowsHost(), simulated: undefined, ...recordsIn(machineFolder()) };
}

/** The host of `--host`. @throws {BadInput} */
export function openHost(options: HostOptions, subject?: Subject): ChosenHost {
  if (hostNameOf(options.host) === 'windows') return thisWindows(options);
  const { host, ...records } = openSimulated(options, subject);
  return { host, simulated: host, ...records };
}

function openSimulated(options: HostOptions, subject: Subject | undefined): ImaginedHost {
  const folder = folderOf(options.host);
  const settings = { ...descriptionOf(options, folder, subject), latencies: options.latency ?? 0 };
  if (folder === undefined) return inMemory(settings);
  return { host: readable(() => keptSimulatedHost(folder, settings)), ...recordsIn(folder) };
}

/** A host in memory that is as the one of `--host` is now; that one and its journal are only read. @throws {BadInput} */
export async function imagineHost(options: HostOptions, subject: Subject, clock: VirtualClock): Promise<ImaginedHost> {
  if (hostNameOf(options.host) === 'windows') {
    throw new BadInput(
      'host-not-imaginable',
      'what is on a real host is not known here',
      'Plan on a simulated one, and say with --facts what the real one is like.',
    );
  }
  const folder = folderOf(options.host);
  const settings = { ...descriptionOf(options, folder, subject), clock };
  if (folder === undefined) return inMemory(settings);
  const { journal, vms } = recordsIn(folder);
  return { host: readable(() => imaginedCopyOf(folder, settings)), journal, vms: await imaginedVmStore(vms), folder };
}
