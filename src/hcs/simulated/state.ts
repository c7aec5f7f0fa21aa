/** Everything that a simulated host knows, as one plain object. */
import type { HnsEndpoint } from '../../vm/nicRequests.ts';
import type { CredentialGuardInstance } from '../port.ts';
import type { ProcessRecord, SimulatedProcessHandle } from './processes/record.ts';
import type { ProcessRule } from './processes/rules.ts';
import type { SimulatedHandle, SimulatedSystem } from './systemState.ts';
import type { ExecRule } from './vm/exec.ts';

export interface SimulatedNamespace {
  readonly id: string;
  /** As they were added. */
  readonly endpoints: string[];
  /** The number that the host counts it under. */
  readonly number: number;
}

export interface SimulatedFile {
  readonly path: string;
  readonly type: 'file' | 'directory';
  readonly content: string;
  /** Bytes. */
  readonly size: number;
  /** Base64: what is in it where that is no text. */
  readonly bytes?: string;
}

export interface SimulatedLayer {
  readonly path: string;
  readonly volume: string;
  /** How the volume is looked up. */
  readonly volumeKey: string;
  prepared: boolean;
}

/** Keys of maps are lower case, paths without a trailing backslash. */
export interface HostState {
  readonly build: number;
  readonly processorCount: number;
  /** By lower-case id; undefined: any endpoint is known. */
  readonly endpoints: ReadonlyMap<string, HnsEndpoint> | undefined;
  /** What processes in guests answer. */
  readonly exec: readonly ExecRule[];
  /** What processes do that are made in compute systems. */
  readonly processRules: readonly ProcessRule[];
  /** Ids, lower case, of systems that do not end when they are shut down. */
  readonly shutdownRefusals: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
  readonly resolvePath: Readonly<Record<string, string>>;
  readonly layerMountPath: string | undefined;
  readonly checksProcessorLimits: boolean;
  readonly checksSchemaVersions: boolean;
  readonly systems: Map<string, SimulatedSystem>;
  readonly handles: Map<number, SimulatedHandle>;
  /** Those that run, by pid. */
  readonly processes: Map<number, ProcessRecord>;
  /** One that has exited lives on in its handles. */
  readonly processHandles: Map<number, SimulatedProcessHandle>;
  readonly namespaces: Map<string, SimulatedNamespace>;
  /** The endpoints that are in some namespace, lower case. */
  readonly attachedEndpoints: Set<string>;
  readonly layers: Map<string, SimulatedLayer>;
  readonly credentialGuards: Map<string, CredentialGuardInstance>;
  /** By VM and file: the rights that were granted, as they were spelled. */
  readonly vmGrants: Map<string, { readonly vm: string; readonly path: string }>;
  /** By file: the rights of all VMs that were granted. */
  readonly groupGrants: Map<string, string>;
  readonly files: Map<string, SimulatedFile>;
  /** Made by a call during the life of this host, by key. */
  readonly madeScratches: Map<string, string>;
  readonly madeFolders: Map<string, string>;
  readonly madeFiles: Map<string, string>;
  readonly effects: Effect[];
  nextHandle: number;
  nextPid: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Processes that something has happened to which nobody has looked at yet. */
  readonly changed: Map<number, ProcessRecord>;
  /** Grows with every exit of a system or process. */
  exits: number;
}

/** A change that took effect, in words that do not depend on the API that made it. */
export type Effect = { readonly effect: string } & Readonly<Record<string, unknown>>;

export interface SimulatedHostFile {
  readonly path: string;
  readonly dir?: boolean;
  /** Bytes. Default: those of the content. */
  readonly size?: number;
  readonly content?: string;
  /** Base64: what is in it, for a file that is no text. */
  readonly bytes?: string;
}

export interface HostDescription {
  /** Default: build 20348, 8 processors. */
  readonly facts?: { readonly build?: number; readonly processorCount?: number };
  /** What lies on its disks; the folders above each exist too. */
  readonly files?: readonly SimulatedHostFile[];
  /** Its HNS endpoints: their ids, or by id what HNS says of each. Without any, every endpoint is taken to exist. */
  readonly endpoints?: readonly string[] | Readonly<Record<string, HnsEndpoint>>;
  readonly namespaces?: ReadonlyArray<{ readonly id: string; readonly endpoints?: readonly string[] | null }>;
  /** Volumes that exist besides those of mounted layers. */
  readonly volumes?: readonly string[];
  /** By prefix of a path: what its final path begins with. */
  readonly resolvePath?: Readonly<Record<string, string>>;
  /** The mount path of every layer, instead of one for each; '' for a host that gives none. */
  readonly layerMountPath?: string;
  /** What processes in guests answer: the first rule that matches decides. Default: exit code 0, no output. */
  readonly exec?: readonly ExecRule[];
  /**
   * What processes do that are made in compute systems: the first rule that matches decides. Default: the first process
   * of a system runs until it is signalled or its system ends, any other one exits with 0 and says nothing.
   */
  readonly processes?: readonly ProcessRule[];
  /** Ids of compute systems that take a shutdown and do not end. */
  readonly refuseShutdown?: readonly string[];
  /**
   * `processorLimits: false` lets a Processor.Maximum above 10000 pass, `schemaVersions: false` a document of a schema
   * that is newer than the build.
   */
  readonly checks?: { readonly processorLimits?: boolean; readonly schemaVersions?: boolean };
}

const FIRST_PID = 1000;
const SYSTEM_VOLUME = '\\\\?\\Volume{00000000-0000-0000-0000-000000000043}\\';

/** How a path is looked up: Windows knows neither case nor a trailing backslash. */
export function keyOf(path: string): string {
  return path.replaceAll('/', '\\').replace(/\\+$/, '').toLowerCase();
}

/** The folder that holds `path`; '' above a drive. */
export function parentOf(path: string): string {
  const trimmed = path.replaceAll('/', '\\').replace(/\\+$/, '');
  const end = trimmed.lastIndexOf('\\');
  return end < 0 ? '' : trimmed.slice(0, end);
}

/** Whether one of `values` is so: looks no further, and copies nothing. */
export function anyOf<T>(values: Iterable<T>, isSo: (value: T) => boolean): boolean {
  for (const value of values) if (isSo(value)) return true;
  return false;
}

/** The key of a path that may be spelled with the volume that it is on. */
export function fileKey(state: Pick<HostState, 'resolvePath'>, path: string): string {
  const folded = path.toLowerCase();
  const found = Object.entries(state.resolvePath).find(([, volume]) => folded.startsWith(volume.toLowerCase()));
  if (found === undefined) return keyOf(path);
  const [prefix, volume] = found;
  return keyOf(`${prefix}${path.slice(volume.length)}`);
}

function sizeOf({ size, bytes, content = '' }: SimulatedHostFile): number {
  return size ?? (bytes === undefined ? Buffer.byteLength(content) : Buffer.byteLength(bytes, 'base64'));
}

/** Adds a file or folder with all the folders above it. */
export function addFile(state: Pick<HostState, 'files'>, file: SimulatedHostFile): void {
  const type = file.dir === true ? 'directory' : 'file';
  const { content = '', bytes } = file;
  const path = file.path.replace(/\\+$/, '');
  const binary = bytes === undefined ? {} : { bytes };
  state.files.set(keyOf(file.path), { path, type, content, size: sizeOf(file), ...binary });
  let folder = parentOf(file.path);
  while (folder !== '' && !state.files.has(keyOf(folder))) {
    state.files.set(keyOf(folder), { path: folder, type: 'directory', content: '', size: 0 });
    folder = parentOf(folder);
  }
}

function isListOfIds(endpoints: NonNullable<HostDescription['endpoints']>): endpoints is readonly string[] {
  return Array.isArray(endpoints);
}

function endpointsOf({ endpoints = [] }: HostDescription): HostState['endpoints'] {
  const entries = isListOfIds(endpoints) ? endpoints.map((ID) => [ID, { ID }] as const) : Object.entries(endpoints);
  if (entries.length === 0) return undefined;
  return new Map(entries.map(([id, endpoint]) => [id.toLowerCase(), endpoint]));
}

/** The first namespace of a host has the number 2. */
export function namespaceNumber(position: number): number {
  return position + 2;
}

function namespacesOf({ namespaces = [] }: HostDescription): HostState['namespaces'] {
  return new Map(
    namespaces.map(({ id, endpoints }, index) => [
      id.toLowerCase(),
      { id, endpoints: [...(endpoints ?? [])], number: namespaceNumber(index) },
    ]),
  );
}

export function stateOf(description: HostDescription, now: () => number): HostState {
  const { volumes = [], files = [] } = description;
  const namespaces = namespacesOf(description);
  const state: HostState = {
    build: description.facts?.build ?? 20348,
    processorCount: description.facts?.processorCount ?? 8,
    endpoints: endpointsOf(description),
    exec: description.exec ?? [],
    processRules: description.processes ?? [],
    shutdownRefusals: new Set(description.refuseShutdown?.map((id) => id.toLowerCase())),
    volumes: new Set(volumes.map(keyOf)),
    resolvePath: description.resolvePath ?? { 'C:\\': SYSTEM_VOLUME },
    layerMountPath: description.layerMountPath,
    checksProcessorLimits: description.checks?.processorLimits ?? true,
    checksSchemaVersions: description.checks?.schemaVersions ?? true,
    systems: new Map(),
    handles: new Map(),
    processes: new Map(),
    processHandles: new Map(),
    namespaces,
    attachedEndpoints: new Set(
      [...namespaces.values()].flatMap(({ endpoints }) => endpoints.map((id) => id.toLowerCase())),
    ),
    layers: new Map(),
    credentialGuards: new Map(),
    vmGrants: new Map(),
    groupGrants: new Map(),
    files: new Map(),
    madeScratches: new Map(),
    madeFolders: new Map(),
    madeFiles: new Map(),
    effects: [],
    nextHandle: 1,
    nextPid: FIRST_PID,
    now,
    changed: new Map(),
    exits: 0,
  };
  addFile(state, { path: 'C:\\', dir: true });
  for (const file of files) addFile(state, file);
  return state;
}
