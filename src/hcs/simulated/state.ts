/** Everything that a simulated host knows, as one plain object. */
import type { CredentialGuardState } from '../../domain/allocations.ts';
import type { ContainerId, VmId } from '../../domain/ids.ts';

export interface SimulatedSystem {
  readonly id: ContainerId | VmId;
  readonly owner: string;
  readonly runtimeId: string;
  /** Whether it ends with its last handle. */
  readonly endsWithLastHandle: boolean;
  /** What it stands on, lower case: its volume and its namespace. */
  readonly volume: string;
  readonly namespace: string;
  state: 'Created' | 'Running' | 'Stopped';
}

export interface SimulatedHandle {
  readonly system: SimulatedSystem;
  /** The process that opened it. */
  readonly process: string;
}

export interface SimulatedNamespace {
  readonly id: string;
  /** As they were added. */
  readonly endpoints: string[];
}

export interface SimulatedFile {
  readonly path: string;
  readonly type: 'file' | 'directory';
  readonly content: string;
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
  /** undefined: any endpoint is known. */
  readonly endpoints: ReadonlySet<string> | undefined;
  readonly volumes: ReadonlySet<string>;
  readonly resolvePath: Readonly<Record<string, string>>;
  readonly layerMountPath: string | undefined;
  readonly checksProcessorLimits: boolean;
  readonly systems: Map<string, SimulatedSystem>;
  readonly handles: Map<number, SimulatedHandle>;
  readonly namespaces: Map<string, SimulatedNamespace>;
  /** The endpoints that are in some namespace, lower case. */
  readonly attachedEndpoints: Set<string>;
  readonly layers: Map<string, SimulatedLayer>;
  readonly credentialGuards: Map<string, { readonly id: string; readonly state: CredentialGuardState }>;
  readonly files: Map<string, SimulatedFile>;
  /** Made by a call during the life of this host, by key. */
  readonly madeScratches: Map<string, string>;
  readonly madeFolders: Map<string, string>;
  readonly effects: Effect[];
  nextHandle: number;
}

/** A change that took effect, in words that do not depend on the API that made it. */
export type Effect = { readonly effect: string } & Readonly<Record<string, unknown>>;

export interface SimulatedHostFile {
  readonly path: string;
  readonly dir?: boolean;
  /** Bytes; only for show. */
  readonly size?: number;
  readonly content?: string;
}

export interface HostDescription {
  /** Default: build 20348, 8 processors. */
  readonly facts?: { readonly build?: number; readonly processorCount?: number };
  /** What lies on its disks; the folders above each exist too. */
  readonly files?: readonly SimulatedHostFile[];
  /** The ids of its HNS endpoints. Without any, every endpoint is taken to exist. */
  readonly endpoints?: readonly string[];
  readonly namespaces?: ReadonlyArray<{ readonly id: string; readonly endpoints?: readonly string[] | null }>;
  /** Volumes that exist besides those of mounted layers. */
  readonly volumes?: readonly string[];
  /** By prefix of a path: what its final path begins with. */
  readonly resolvePath?: Readonly<Record<string, string>>;
  /** The mount path of every layer, instead of one for each; '' for a host that gives none. */
  readonly layerMountPath?: string;
  /** `processorLimits: false` lets a Processor.Maximum above 10000 pass. */
  readonly checks?: { readonly processorLimits?: boolean };
}

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

/** Adds a file or folder with all the folders above it. */
export function addFile(state: Pick<HostState, 'files'>, file: SimulatedHostFile): void {
  const type = file.dir === true ? 'directory' : 'file';
  state.files.set(keyOf(file.path), { path: file.path.replace(/\\+$/, ''), type, content: file.content ?? '' });
  let folder = parentOf(file.path);
  while (folder !== '' && !state.files.has(keyOf(folder))) {
    state.files.set(keyOf(folder), { path: folder, type: 'directory', content: '' });
    folder = parentOf(folder);
  }
}

export function stateOf(description: HostDescription): HostState {
  const { endpoints = [], namespaces = [], volumes = [], files = [] } = description;
  const state: HostState = {
    build: description.facts?.build ?? 20348,
    processorCount: description.facts?.processorCount ?? 8,
    endpoints: endpoints.length === 0 ? undefined : new Set(endpoints.map((id) => id.toLowerCase())),
    volumes: new Set(volumes.map(keyOf)),
    resolvePath: description.resolvePath ?? { 'C:\\': SYSTEM_VOLUME },
    layerMountPath: description.layerMountPath,
    checksProcessorLimits: description.checks?.processorLimits ?? true,
    systems: new Map(),
    handles: new Map(),
    namespaces: new Map(
      namespaces.map(({ id, endpoints: members }) => [id.toLowerCase(), { id, endpoints: [...(members ?? [])] }]),
    ),
    attachedEndpoints: new Set(
      namespaces.flatMap(({ endpoints: members }) => (members ?? []).map((id) => id.toLowerCase())),
    ),
    layers: new Map(),
    credentialGuards: new Map(),
    files: new Map(),
    madeScratches: new Map(),
    madeFolders: new Map(),
    effects: [],
    nextHandle: 1,
  };
  addFile(state, { path: 'C:\\', dir: true });
  for (const file of files) addFile(state, file);
  return state;
}
