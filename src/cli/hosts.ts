/** The hosts that a command can work on, with the journal of what was done there. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { VirtualClock } from '../hcs/simulated/clock.ts';
import { imaginedCopyOf, KeptHostUnreadable, keptSimulatedHost } from '../hcs/simulated/kept/keptHost.ts';
import { type SimulatedHost, simulatedHost } from '../hcs/simulated/simulatedHost.ts';
import type { HostDescription } from '../hcs/simulated/state.ts';
import { fileLedgerStore } from '../journal/fileStore.ts';
import { type LedgerStore, memoryLedgerStore } from '../journal/store.ts';
import { fileVmStore, imaginedVmStore, memoryVmStore, type VmStore } from '../journal/vmStore.ts';
import { readFacts } from './hostDescription.ts';
import { BadInput } from './input.ts';

export interface HostOptions {
  /** `simulated`, `simulated:DIR` or `simulated:memory`. */
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

export interface ChosenHost {
  readonly host: SimulatedHost;
  readonly journal: LedgerStore;
  readonly vms: VmStore;
  /** Where that is kept; undefined for a host that ends with the command. */
  readonly folder: string | undefined;
}

const PREFIX = 'simulated:';

/** XDG Base Directory Specification; LOCALAPPDATA is where Windows keeps such things. */
function stateFolder(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  return join(XDG_STATE_HOME || LOCALAPPDATA || join(homedir(), '.local', 'state'), 'slipway');
}

/** The folder that keeps the host; undefined for one that lives in memory. @throws {BadInput} */
function folderOf(host: string): string | undefined {
  if (host === 'simulated') return join(stateFolder(), 'simulated');
  const place = host.startsWith(PREFIX) ? host.slice(PREFIX.length) : '';
  if (place === '') {
    throw new BadInput(
      'host-unknown',
      `there is no host '${host}'`,
      'Use simulated, simulated:DIR or simulated:memory: the real one is not there yet.',
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

const inMemory = (settings: HostDescription): ChosenHost => ({
  host: simulatedHost(settings),
  journal: memoryLedgerStore(),
  vms: memoryVmStore(),
  folder: undefined,
});

const recordsIn = (folder: string): Omit<ChosenHost, 'host'> => ({
  journal: fileLedgerStore(join(folder, 'runs')),
  vms: fileVmStore(join(folder, 'vms')),
  folder,
});

/** The host of `--host`. @throws {BadInput} */
export function openHost(options: HostOptions, subject?: Subject): ChosenHost {
  const folder = folderOf(options.host);
  const settings = { ...descriptionOf(options, folder, subject), latencies: options.latency ?? 0 };
  if (folder === undefined) return inMemory(settings);
  return { host: readable(() => keptSimulatedHost(folder, settings)), ...recordsIn(folder) };
}

/** A host in memory that is as the one of `--host` is now; that one and its journal are only read. @throws {BadInput} */
export async function imagineHost(options: HostOptions, subject: Subject, clock: VirtualClock): Promise<ChosenHost> {
  const folder = folderOf(options.host);
  const settings = { ...descriptionOf(options, folder, subject), clock };
  if (folder === undefined) return inMemory(settings);
  const { journal, vms } = recordsIn(folder);
  return { host: readable(() => imaginedCopyOf(folder, settings)), journal, vms: await imaginedVmStore(vms), folder };
}
