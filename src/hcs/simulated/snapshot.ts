import { type HostState, keyOf, parentOf } from './state.ts';
import type { SimulatedVm } from './vm/simulatedVm.ts';

/** Everything that is alive on the host, a line each, sorted. */
export function snapshotOf(state: HostState): readonly string[] {
  const scratches = [...state.madeScratches.values()];
  const holdingScratch = new Set(scratches.flatMap(foldersOf));
  return [
    ...[...state.systems.values()].map(({ id, vm }) => `${vm === undefined ? 'computeSystem' : 'utilityVm'} ${id}`),
    ...[...state.systems.values()].flatMap(({ id, vm }) => (vm === undefined ? [] : attachedTo(id, vm))),
    ...[...state.systems.values()].flatMap(({ id, pids }) => pids.map((pid) => `process ${id}/${pid}`)),
    ...[...state.handles.values()].map(({ system }) => `handle.computeSystem ${system.id}`),
    ...[...state.processHandles.values()].map(({ record }) => `handle.process ${record.system}/${record.pid}`),
    ...[...state.namespaces.values()].flatMap(({ id, endpoints }) => [
      `namespace ${id}`,
      ...endpoints.map((endpoint) => `namespaceEndpoint ${id} ${endpoint}`),
    ]),
    ...[...state.layers.values()].map(({ path }) => `activatedLayer ${path}`),
    ...[...state.layers.values()].filter(({ prepared }) => prepared).map(({ path }) => `preparedLayer ${path}`),
    ...[...state.credentialGuards.values()].map(({ id }) => `ccgInstance ${id}`),
    ...[...state.vmGrants.values()].map(({ vm, path }) => `grant.vmAccess ${vm} ${path}`),
    ...[...state.groupGrants.values()].map((path) => `grant.vmGroupAccess ${path}`),
    ...scratches.map((path) => `disk.scratchLayer ${path}`),
    ...[...state.madeFolders.values()]
      .filter((path) => !holdingScratch.has(keyOf(path)))
      .map((path) => `disk.folder ${path}`),
    ...[...state.madeFiles.values()].map((path) => `disk.file ${path}`),
  ].sort();
}

/** The keys of a path and of all the folders above it. */
function foldersOf(path: string): readonly string[] {
  return path === '' ? [] : [keyOf(path), ...foldersOf(parentOf(path))];
}

/** What the document of the VM attached is the VM itself. */
function attachedTo(id: string, { parts }: SimulatedVm): readonly string[] {
  return parts
    .filter(({ isBuiltIn }) => isBuiltIn !== true)
    .flatMap(({ kind, name, allowedFiles = [] }) => [
      `${kind} ${id} ${name}`,
      ...(kind === 'vsmbShare' ? allowedFiles.map((file) => `vsmbAllowedFile ${id} ${name} ${file}`) : []),
    ]);
}

export interface SnapshotDifference {
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
}

/** What came and what went between two snapshots; a line that is there twice counts twice. */
export function difference(before: readonly string[], after: readonly string[]): SnapshotDifference {
  return { appeared: subtract(after, before), gone: subtract(before, after) };
}

function subtract(from: readonly string[], what: readonly string[]): readonly string[] {
  const rest = [...what];
  return from.filter((line) => {
    const index = rest.indexOf(line);
    if (index < 0) return true;
    rest.splice(index, 1);
    return false;
  });
}
