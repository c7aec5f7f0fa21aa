/** What a simulated host keeps between processes: all that calls have changed, as JSON. */
import type { ProcessRecord } from '../processes/record.ts';
import { addFile, type HostState, type SimulatedFile } from '../state.ts';
import type { SimulatedSystem } from '../systemState.ts';

/** Grows with every change that an older version could not read. */
export const KEPT_FORMAT = 3;

type Entries<M> = M extends ReadonlyMap<infer K, infer V> ? ReadonlyArray<readonly [K, V]> : never;

export interface KeptState {
  readonly format: typeof KEPT_FORMAT;
  readonly systems: readonly SimulatedSystem[];
  /** A system that has stopped lives on in its handles. */
  readonly handles: Entries<HostState['handles']>;
  readonly processes: readonly ProcessRecord[];
  /** A process that has exited lives on in its handles. */
  readonly processHandles: Entries<HostState['processHandles']>;
  readonly namespaces: Entries<HostState['namespaces']>;
  /** Namespaces of the description that were deleted. */
  readonly namespacesGone: readonly string[];
  readonly layers: Entries<HostState['layers']>;
  readonly credentialGuards: Entries<HostState['credentialGuards']>;
  readonly files: readonly SimulatedFile[];
  /** Files of the description that were removed. */
  readonly filesGone: readonly string[];
  readonly madeScratches: Entries<HostState['madeScratches']>;
  readonly madeFolders: Entries<HostState['madeFolders']>;
  readonly madeFiles: Entries<HostState['madeFiles']>;
  readonly vmGrants: Entries<HostState['vmGrants']>;
  readonly groupGrants: Entries<HostState['groupGrants']>;
  readonly nextHandle: number;
  readonly nextPid: number;
}

function missingIn(map: ReadonlyMap<string, unknown>, keys: Iterable<string>): string[] {
  return [...keys].filter((key) => !map.has(key));
}

/** The credential spec of a guard is a secret: it stays with the process that gave it. */
function withoutSpecs(guards: HostState['credentialGuards']): KeptState['credentialGuards'] {
  return [...guards].map(([key, guard]) => [key, { ...guard, state: { ...guard.state, CredentialSpec: '' } }]);
}

/** `base` is the host as it was described, before any call. */
export function keep(state: HostState, base: HostState): KeptState {
  const namespaces = [...state.namespaces].filter(
    ([key, { endpoints }]) => base.namespaces.get(key)?.endpoints.join() !== endpoints.join(),
  );
  return {
    format: KEPT_FORMAT,
    systems: [...state.systems.values()],
    handles: [...state.handles],
    processes: [...state.processes.values()],
    processHandles: [...state.processHandles],
    namespaces,
    namespacesGone: missingIn(state.namespaces, base.namespaces.keys()),
    layers: [...state.layers],
    credentialGuards: withoutSpecs(state.credentialGuards),
    files: [...state.files].filter(([key]) => !base.files.has(key)).map(([, file]) => file),
    filesGone: missingIn(state.files, base.files.keys()),
    madeScratches: [...state.madeScratches],
    madeFolders: [...state.madeFolders],
    madeFiles: [...state.madeFiles],
    vmGrants: [...state.vmGrants],
    groupGrants: [...state.groupGrants],
    nextHandle: state.nextHandle,
    nextPid: state.nextPid,
  };
}

function refill<K, V>(map: Map<K, V>, ...parts: ReadonlyArray<Iterable<readonly [K, V]>>): void {
  map.clear();
  for (const part of parts) {
    for (const [key, value] of part) map.set(key, value);
  }
}

function restoreFiles(state: HostState, kept: KeptState, base: HostState): void {
  refill(state.files, base.files);
  for (const path of kept.filesGone) state.files.delete(path);
  for (const { type, ...file } of kept.files) addFile(state, { ...file, dir: type === 'directory' });
}

function restoreHandles(state: HostState, kept: KeptState): void {
  refill(state.handles);
  for (const [handle, { system, process }] of kept.handles) {
    const known = state.systems.get(system.id.toLowerCase());
    const isTheSame = known !== undefined && system.state !== 'Stopped';
    state.handles.set(handle, { system: isTheSame ? known : system, process });
  }
}

function restoreProcesses(state: HostState, kept: KeptState): void {
  state.changed.clear();
  refill(
    state.processes,
    kept.processes.map((record) => [record.pid, record]),
  );
  const handles = kept.processHandles.map(([handle, { record, process }]) => {
    return [handle, { record: state.processes.get(record.pid) ?? record, process }] as const;
  });
  refill(state.processHandles, handles);
}

/** What namespaces hold is told twice, so that nobody has to search them. */
function noteAttachedEndpoints({ attachedEndpoints, namespaces }: HostState): void {
  attachedEndpoints.clear();
  for (const { endpoints } of namespaces.values()) {
    for (const endpoint of endpoints) attachedEndpoints.add(endpoint.toLowerCase());
  }
}

/** Makes `state` what was kept, on top of the host as it was described; `specs` are the secrets of this process. */
export function restore(
  state: HostState,
  kept: KeptState,
  base: HostState,
  specs: ReadonlyMap<string, string> = new Map(),
): void {
  refill(
    state.systems,
    kept.systems.map((system) => [system.id.toLowerCase(), system]),
  );
  restoreHandles(state, kept);
  restoreProcesses(state, kept);
  const copies = [...base.namespaces].map(
    ([key, namespace]) => [key, { ...namespace, endpoints: [...namespace.endpoints] }] as const,
  );
  refill(state.namespaces, copies, kept.namespaces);
  for (const key of kept.namespacesGone) state.namespaces.delete(key);
  noteAttachedEndpoints(state);
  refill(state.layers, kept.layers);
  refill(
    state.credentialGuards,
    kept.credentialGuards.map(([key, guard]) => [
      key,
      { ...guard, state: { ...guard.state, CredentialSpec: specs.get(key) ?? '' } },
    ]),
  );
  restoreFiles(state, kept, base);
  refill(state.madeScratches, kept.madeScratches);
  refill(state.madeFolders, kept.madeFolders);
  refill(state.madeFiles, kept.madeFiles);
  refill(state.vmGrants, kept.vmGrants);
  refill(state.groupGrants, kept.groupGrants);
  state.nextHandle = kept.nextHandle;
  state.nextPid = kept.nextPid;
}

/** What is in `text`, when a version that this one knows has written it. */
export function parseKept(text: string): KeptState | undefined {
  try {
    const kept = JSON.parse(text) as KeptState;
    return kept.format === KEPT_FORMAT && Array.isArray(kept.systems) ? kept : undefined;
  } catch {
    return undefined;
  }
}
