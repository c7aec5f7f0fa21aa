/** The HostedSystem of a document: what a guest looks at before it makes a container, and what that then stands on. */
import { type Fields, fieldsOf, listOf, numberOf, type Objection, textOf } from '../fields.ts';
import { fileKey, type HostState } from '../state.ts';
import { layerPaths } from './combinedLayers.ts';
import { allowedFileKey } from './shares.ts';
import {
  findPart,
  guestKey,
  isGuestFolder,
  type PartKind,
  partAt,
  partKey,
  type SimulatedVm,
  type VmPart,
} from './simulatedVm.ts';

/** What was found out about a document: what is wrong with it, and what its container stands on. */
type Findings = Generator<Objection | { readonly standsOn: string }>;

function* on(part: VmPart | undefined, objection: Objection): Findings {
  yield part === undefined ? objection : { standsOn: partKey(part.kind, part.name) };
}

function* processor(value: unknown, vm: SimulatedVm): Findings {
  const { Count, Maximum, Weight } = fieldsOf(value);
  const path = 'HostedSystem.Container.Processor';
  const given = [Count, Maximum, Weight].filter((setting) => setting !== undefined);
  if (given.length > 1) yield { path, reason: 'Count, Maximum and Weight exclude each other' };
  if (numberOf(Count) > vm.processorCount) {
    yield { path: `${path}.Count`, reason: `the VM has ${vm.processorCount} processors` };
  }
  if (typeof Maximum === 'number' && (Maximum < 1 || Maximum > 10_000)) {
    yield { path: `${path}.Maximum`, reason: 'must lie between 1 and 10000' };
  }
}

function* storage(value: unknown, vm: SimulatedVm): Findings {
  const { Path, Layers } = fieldsOf(value);
  const root = textOf(Path);
  const path = 'HostedSystem.Container.Storage';
  const combined = root === '' ? undefined : findPart(vm, 'combinedLayers', root);
  yield* on(combined, { path: `${path}.Path`, reason: `no layers are combined at ${root}` });
  const known = layerPaths(Layers);
  if (known.length === 0) yield { path: `${path}.Layers`, reason: 'is empty' };
  for (const [index, layer] of known.entries()) {
    const part = partAt(vm, layer, ['vsmbShare']);
    const isPartOfIt = part !== undefined && combined?.standsOn.includes(partKey(part.kind, part.name)) === true;
    if (!isPartOfIt) yield { path: `${path}.Layers[${index}]`, reason: `${layer} is not combined at ${root}` };
  }
}

/** A file of a share of single files must be one of them. */
function* fileOfShare(share: VmPart, source: string, path: string, state: HostState): Findings {
  if (share.kind !== 'vsmbShare' || share.allowedFiles === undefined) return;
  const inside = source.slice((share.guestPath ?? '').length);
  const wanted = fileKey(state, `${share.hostPath}${inside}`);
  const file = share.allowedFiles.find((allowed) => fileKey(state, allowed) === wanted);
  if (file === undefined) yield { path, reason: `the share does not show ${source}` };
  else yield { standsOn: allowedFileKey(share.name, file) };
}

function* directories(list: readonly unknown[], vm: SimulatedVm, state: HostState): Findings {
  for (const [index, directory] of list.entries()) {
    const { HostPath, ContainerPath } = fieldsOf(directory);
    const path = `HostedSystem.Container.MappedDirectories[${index}]`;
    const source = textOf(HostPath);
    if (textOf(ContainerPath) === '') yield { path: `${path}.ContainerPath`, reason: 'is missing' };
    const part = partAt(vm, source, ['vsmbShare', 'scsi']);
    if (part === undefined && isGuestFolder(vm, source)) continue;
    yield* on(part, { path: `${path}.HostPath`, reason: `the guest has no ${source}` });
    if (part !== undefined) yield* fileOfShare(part, source, `${path}.HostPath`, state);
  }
}

function* pipes(list: readonly unknown[], vm: SimulatedVm): Findings {
  for (const [index, pipe] of list.entries()) {
    const { HostPath, ContainerPipeName } = fieldsOf(pipe);
    const path = `HostedSystem.Container.MappedPipes[${index}]`;
    if (textOf(ContainerPipeName) === '') yield { path: `${path}.ContainerPipeName`, reason: 'is missing' };
    const part = partAt(vm, textOf(HostPath), ['mappedPipe']);
    yield* on(part, { path: `${path}.HostPath`, reason: `the guest has no pipe ${textOf(HostPath)}` });
  }
}

function* devices(list: readonly unknown[], vm: SimulatedVm): Findings {
  const hasDevices = vm.parts.some(({ kind }) => kind === 'vpci');
  for (const [index, device] of list.entries()) {
    const { Type, LocationPath } = fieldsOf(device);
    if (Type !== 'DeviceInstance' || (hasDevices && textOf(LocationPath) !== '')) continue;
    const reason = `the VM has no device at ${textOf(LocationPath)}`;
    yield { path: `HostedSystem.Container.AssignedDevices[${index}]`, reason };
  }
}

/** The container reaches its credentials over a service that the VM was given. */
function* credentials(value: unknown, vm: SimulatedVm, state: HostState): Findings {
  if (value === undefined) return;
  const { Cookie } = fieldsOf(value);
  const path = 'HostedSystem.Container.ContainerCredentialGuard';
  const instance = [...state.credentialGuards.values()].find((one) => one.state.Cookie === Cookie);
  if (instance === undefined) return yield { path: `${path}.Cookie`, reason: 'belongs to no instance' };
  const service = instance.hvSocket?.serviceId ?? '';
  yield* on(findPart(vm, 'hvSocketService', service), { path, reason: 'the VM does not reach the instance' });
}

function* windowsContainer(container: Fields, vm: SimulatedVm, state: HostState): Findings {
  yield* processor(container.Processor, vm);
  yield* storage(container.Storage, vm);
  yield* directories(listOf(container.MappedDirectories), vm, state);
  yield* pipes(listOf(container.MappedPipes), vm);
  const namespace = textOf(fieldsOf(container.Networking).Namespace);
  if (namespace !== '') {
    const part = findPart(vm, 'guestNamespace', namespace);
    yield* on(part, {
      path: 'HostedSystem.Container.Networking.Namespace',
      reason: `the guest has no namespace ${namespace}`,
    });
  }
  yield* credentials(container.ContainerCredentialGuard, vm, state);
  yield* devices(listOf(container.AssignedDevices), vm);
}

/** Where a Linux guest has what the host gave it; all other sources are its own. */
const SOURCES: ReadonlyArray<readonly [RegExp, PartKind]> = [
  [/^\/run\/gcs\/c\/.*\/mounts\/m\d+(\/|$)/, 'plan9Share'],
  [/^\/run\/mounts\/m\d+(\/|$)/, 'scsi'],
];

function* linuxMounts(list: readonly unknown[], vm: SimulatedVm): Findings {
  for (const [index, mount] of list.entries()) {
    const source = textOf(fieldsOf(mount).source);
    const kind = SOURCES.find(([pattern]) => pattern.test(source))?.[1];
    const path = `HostedSystem.OciSpecification.mounts[${index}].source`;
    if (kind !== undefined) yield* on(partAt(vm, source, [kind]), { path, reason: `the guest has no ${source}` });
  }
}

function* linuxDevices(list: readonly unknown[], vm: SimulatedVm): Findings {
  for (const [index, device] of list.entries()) {
    const id = textOf(fieldsOf(device).id);
    const path = `HostedSystem.OciSpecification.windows.devices[${index}]`;
    yield* on(findPart(vm, 'vpci', id), { path, reason: `the VM has no device ${id}` });
  }
}

function* linuxContainer(hosted: Fields, vm: SimulatedVm): Findings {
  const { root, mounts, windows } = fieldsOf(hosted.OciSpecification);
  const rootPath = textOf(fieldsOf(root).path);
  const at = vm.parts.find(
    ({ kind, guestPath }) =>
      (kind === 'combinedLayers' || kind === 'plan9Share') &&
      guestPath !== undefined &&
      guestKey('linux', guestPath) === guestKey('linux', rootPath),
  );
  const path = 'HostedSystem.OciSpecification.root.path';
  yield* on(at, { path, reason: `the guest has no file system at ${rootPath}` });
  const scratch = textOf(hosted.ScratchDirPath);
  if (scratch !== '') {
    const reason = `the guest has no disk at ${scratch}`;
    yield* on(partAt(vm, scratch, ['scsi']), { path: 'HostedSystem.ScratchDirPath', reason });
  }
  if (textOf(hosted.OciBundlePath) === '') yield { path: 'HostedSystem.OciBundlePath', reason: 'is missing' };
  yield* linuxMounts(listOf(mounts), vm);
  yield* linuxDevices(listOf(fieldsOf(windows).devices), vm);
}

function* findings(document: Fields, vmId: string, vm: SimulatedVm, state: HostState): Findings {
  const hosted = fieldsOf(document.HostedSystem);
  if (textOf(document.HostingSystemId).toLowerCase() !== vmId) {
    yield { path: 'HostingSystemId', reason: `is not ${vmId}` };
  }
  const fits = vm.guest === 'windows' ? 'Container' in hosted : 'OciSpecification' in hosted;
  if (!fits) return yield { path: 'HostedSystem', reason: `is no container of a ${vm.guest} guest` };
  if (vm.guest === 'windows') yield* windowsContainer(fieldsOf(hosted.Container), vm, state);
  else yield* linuxContainer(hosted, vm);
}

/** What the container stands on in its VM, or the first thing that is wrong with the document. */
export function hostedBy(
  document: object,
  vmId: string,
  vm: SimulatedVm,
  state: HostState,
): Objection | { readonly standsOn: readonly string[] } {
  const standsOn = new Set<string>();
  for (const finding of findings(fieldsOf(document), vmId, vm, state)) {
    if ('reason' in finding) return finding;
    standsOn.add(finding.standsOn);
  }
  return { standsOn: [...standsOn] };
}
