/** What HCS looks at in a document before it makes a system; the first thing that is wrong is what it answers. */
import { type Fields, fieldsOf, listOf, type Objection, textOf } from './fields.ts';
import { type HostState, keyOf } from './state.ts';
import { vmObjections } from './vm/vmDocument.ts';

function* unknownKeys(document: Fields, known: readonly string[]): Generator<Objection> {
  for (const key of Object.keys(document)) {
    if (!known.includes(key)) yield { path: key, reason: 'is not a field of this schema' };
  }
}

function isKnownVolume(path: string, state: HostState): boolean {
  const key = keyOf(path);
  if (state.volumes.has(key)) return true;
  return [...state.layers.values()].some((layer) => layer.prepared && keyOf(layer.volume) === key);
}

function* processor(value: unknown, state: HostState): Generator<Objection> {
  const { Count, Maximum, Weight } = fieldsOf(value);
  const given = [Count, Maximum, Weight].filter((setting) => setting !== undefined);
  const path = 'Container.Processor';
  if (given.length > 1) yield { path, reason: 'Count, Maximum and Weight exclude each other' };
  if (typeof Count === 'number' && Count > state.processorCount) {
    yield { path: `${path}.Count`, reason: `the host has ${state.processorCount} processors` };
  }
  if (state.checksProcessorLimits && typeof Maximum === 'number' && (Maximum < 1 || Maximum > 10_000)) {
    yield { path: `${path}.Maximum`, reason: 'must lie between 1 and 10000' };
  }
  if (typeof Weight === 'number' && (Weight < 0 || Weight > 10_000) && state.checksProcessorLimits) {
    yield { path: `${path}.Weight`, reason: 'must lie between 0 and 10000' };
  }
}

function* storage(value: unknown, state: HostState): Generator<Objection> {
  const { Path, Layers } = fieldsOf(value);
  const path = textOf(Path);
  if (path === '') yield { path: 'Container.Storage.Path', reason: 'is missing' };
  else if (!path.endsWith('\\')) yield { path: 'Container.Storage.Path', reason: 'must end in a backslash' };
  else if (!isKnownVolume(path, state)) {
    yield { path: 'Container.Storage.Path', reason: `there is no prepared volume ${path}` };
  }
  if (listOf(Layers).length === 0) yield { path: 'Container.Storage.Layers', reason: 'is empty' };
  yield* eachHas(listOf(Layers), 'Container.Storage.Layers', ['Id', 'Path']);
}

function* eachHas(list: readonly unknown[], path: string, fields: readonly string[]): Generator<Objection> {
  for (const [index, element] of list.entries()) {
    for (const field of fields) {
      if (textOf(fieldsOf(element)[field]) === '') yield { path: `${path}[${index}].${field}`, reason: 'is missing' };
    }
  }
}

function* references(container: Fields, state: HostState): Generator<Objection> {
  const namespace = textOf(fieldsOf(container.Networking).Namespace);
  if (namespace !== '' && !state.namespaces.has(namespace.toLowerCase())) {
    yield { path: 'Container.Networking.Namespace', reason: `there is no namespace ${namespace}` };
  }
  if (container.ContainerCredentialGuard === undefined) return;
  const { Cookie } = fieldsOf(container.ContainerCredentialGuard);
  const known = [...state.credentialGuards.values()].some((instance) => instance.state.Cookie === Cookie);
  if (!known) yield { path: 'Container.ContainerCredentialGuard.Cookie', reason: 'belongs to no instance' };
}

function* devices(list: readonly unknown[]): Generator<Objection> {
  for (const [index, device] of list.entries()) {
    const { Type, InterfaceClassGuid, LocationPath } = fieldsOf(device);
    const complete = Type === 'DeviceInstance' ? textOf(LocationPath) !== '' : textOf(InterfaceClassGuid) !== '';
    if (!complete) yield { path: `Container.AssignedDevices[${index}]`, reason: 'names no device' };
  }
}

const VALUE_FIELDS = ['StringValue', 'BinaryValue', 'DWordValue', 'QWordValue'];

function* registry(list: readonly unknown[]): Generator<Objection> {
  for (const [index, value] of list.entries()) {
    const fields = fieldsOf(value);
    const path = `Container.RegistryChanges.AddValues[${index}]`;
    if (VALUE_FIELDS.filter((field) => field in fields).length !== 1) yield { path, reason: 'must have one value' };
    if (textOf(fieldsOf(fields.Key).Hive) === '') yield { path: `${path}.Key.Hive`, reason: 'is missing' };
  }
}

const TOP_LEVEL_V2 = [
  'Owner',
  'SchemaVersion',
  'HostingSystemId',
  'HostedSystem',
  'Container',
  'VirtualMachine',
  'ShouldTerminateOnLastHandleClosed',
];

function* objectionsV2(document: Fields, id: string, state: HostState): Generator<Objection> {
  yield* unknownKeys(document, TOP_LEVEL_V2);
  const kinds = ['Container', 'VirtualMachine', 'HostedSystem'].filter((kind) => kind in document);
  if (kinds.length !== 1) {
    yield { path: '', reason: 'exactly one of Container, VirtualMachine and HostedSystem must be there' };
  }
  const { Major, Minor } = fieldsOf(document.SchemaVersion);
  if (Major !== 2 || typeof Minor !== 'number') yield { path: 'SchemaVersion', reason: 'must be 2.x' };
  if (state.checksSchemaVersions && state.build < 17763) {
    yield { path: 'SchemaVersion', reason: `build ${state.build} does not know schema 2.1` };
  }
  if ('VirtualMachine' in document) yield* vmObjections(fieldsOf(document.VirtualMachine), id, state);
  else yield* containerObjections(fieldsOf(document.Container), state);
}

function* containerObjections(container: Fields, state: HostState): Generator<Objection> {
  yield* processor(container.Processor, state);
  yield* storage(container.Storage, state);
  yield* eachHas(listOf(container.MappedDirectories), 'Container.MappedDirectories', ['HostPath', 'ContainerPath']);
  yield* eachHas(listOf(container.MappedPipes), 'Container.MappedPipes', ['HostPath', 'ContainerPipeName']);
  yield* references(container, state);
  yield* devices(listOf(container.AssignedDevices));
  yield* registry(listOf(fieldsOf(container.RegistryChanges).AddValues));
}

function* objectionsV1(document: Fields, id: string, state: HostState): Generator<Objection> {
  if (document.SystemType !== 'Container') yield { path: 'SystemType', reason: "must be 'Container'" };
  if (document.Name !== id) yield { path: 'Name', reason: 'must be the id of the system' };
  const volume = textOf(document.VolumePath);
  if (volume.endsWith('\\')) yield { path: 'VolumePath', reason: 'must not end in a backslash' };
  else if (!isKnownVolume(volume, state)) yield { path: 'VolumePath', reason: `there is no prepared volume ${volume}` };
  if (listOf(document.Layers).length === 0) yield { path: 'Layers', reason: 'is empty' };
  yield* eachHas(listOf(document.Layers), 'Layers', ['ID', 'Path']);
  for (const [index, endpoint] of listOf(document.EndpointList).entries()) {
    const known = state.endpoints === undefined || state.endpoints.has(textOf(endpoint).toLowerCase());
    if (!known) yield { path: `EndpointList[${index}]`, reason: `there is no endpoint ${textOf(endpoint)}` };
  }
}

/** The first thing that is wrong with the document; undefined when HCS would take it. */
export function objectionTo(document: object, id: string, state: HostState): Objection | undefined {
  const fields = fieldsOf(document);
  const isV1 = 'SystemType' in fields;
  const [first] = isV1 ? objectionsV1(fields, id, state) : objectionsV2(fields, id, state);
  return first;
}

/** What a document stands on, as keys of the state. */
export function standsOn(document: object): { volume: string; namespace: string } {
  const fields = fieldsOf(document);
  const container = fieldsOf(fields.Container);
  const volume = textOf(fieldsOf(container.Storage).Path) || textOf(fields.VolumePath);
  return { volume: keyOf(volume), namespace: textOf(fieldsOf(container.Networking).Namespace).toLowerCase() };
}
