/** Recorded cases of containers in VMs, read as the input of our pure functions. */
import { win32 } from 'node:path';
import type { Allocations, HostedAllocations, LayerDescriptor } from '../../src/domain/allocations.ts';
import type { HostEvidence } from '../../src/domain/host.ts';
import { type NamespaceId, namespaceId } from '../../src/domain/ids.ts';
import type { CreateRequest } from '../../src/domain/request.ts';
import type { VmTraits } from '../../src/domain/utilityVm.ts';
import { settingsOf } from '../../src/oci/settings.ts';
import { parseSpec } from '../../src/oci/spec.ts';
import { evidenceNeeded } from '../../src/oci/validate.ts';
import { type Case, loadCases } from '../conformance/case.ts';

interface RecordedVm {
  readonly type: 'wcow' | 'lcow';
  readonly id: string;
  readonly owner?: string;
  readonly processorCount?: number;
  readonly noWritableFileShares?: boolean;
  readonly processDumpLocation?: string;
}

interface RecordedFile {
  readonly path: string;
  readonly dir?: boolean;
  readonly content?: string;
}

export interface HostedCase extends Case {
  readonly request: Case['request'] & {
    readonly options: Case['request']['options'] & { readonly scaleCPULimitsToSandbox?: boolean };
    readonly uvm: RecordedVm | null;
  };
}

const FOLDER = new URL('../conformance/cases', import.meta.url).pathname;

export function hostedCases(...kinds: readonly string[]): readonly HostedCase[] {
  return loadCases(FOLDER).filter(({ kind }) => kinds.includes(kind)) as readonly Case[] as readonly HostedCase[];
}

function traitsOf({ request: { uvm, host } }: HostedCase): VmTraits | undefined {
  if (uvm === null || uvm === undefined) return undefined;
  const guest = uvm.type === 'lcow' ? 'linux' : 'windows';
  return {
    id: uvm.id,
    owner: uvm.owner ?? '',
    guest,
    processorCount: Math.min(uvm.processorCount ?? 2, host.processorCount),
    physicallyBacked: false,
    devicesPhysicallyBacked: false,
    directMap: true,
    writableFileShares: uvm.noWritableFileShares !== true,
    scratchEncryption: false,
    processDumpFolder: guest === 'windows' ? (uvm.processDumpLocation ?? '') : '',
  };
}

function requestOf({ request: { spec, options } }: HostedCase): CreateRequest {
  const { schemaVersion, scaleCPULimitsToSandbox, ...given } = options;
  const version = schemaVersion ?? undefined;
  return {
    ...given,
    spec,
    scaleCpuLimitsToVm: scaleCPULimitsToSandbox,
    schemaVersion: version === undefined ? undefined : { major: version.Major, minor: version.Minor },
  };
}

/** Everything but the allocations. */
export function situationOf(one: HostedCase) {
  const { host } = one.request;
  const facts = { build: host.build, processorCount: host.processorCount };
  const request = requestOf(one);
  const { spec, findings: malformed } = parseSpec(request.spec);
  const vm = traitsOf(one);
  const deviceUtil = win32.join(win32.dirname(host.executable ?? ''), 'device-util.exe');
  const defaults = { owner: 'owner', newId: () => '<guid:1>', deviceUtil, ...(vm === undefined ? {} : { vm }) };
  const settings = settingsOf(request, facts, defaults);
  return {
    request,
    spec,
    malformed,
    settings,
    facts,
    evidence: evidenceOf(one, evidenceNeeded(spec, request, settings)),
  };
}

function evidenceOf({ request: { host } }: HostedCase, needed: ReturnType<typeof evidenceNeeded>): HostEvidence {
  const files = (host.files ?? []) as readonly RecordedFile[];
  const key = (path: string) => win32.normalize(path).replace(/\\$/, '').toLowerCase();
  const look = (path: string): 'file' | 'directory' | 'missing' => {
    const exact = files.find((file) => key(file.path) === key(path));
    if (exact !== undefined) return exact.dir === true ? 'directory' : 'file';
    return files.some((file) => key(file.path).startsWith(`${key(path)}\\`)) ? 'directory' : 'missing';
  };
  const contentOf = (path: string) => files.find((file) => key(file.path) === key(path))?.content;
  return {
    paths: Object.fromEntries(needed.paths.map((path) => [path, look(path)])),
    contents: Object.fromEntries(
      needed.contents.flatMap((path) => {
        const content = contentOf(path);
        return content === undefined ? [] : [[path, content]];
      }),
    ),
  };
}

interface RecordedContainer {
  readonly Storage: { readonly Path: string; readonly Layers?: ReadonlyArray<{ Id: string; Path: string }> };
  readonly MappedDirectories?: ReadonlyArray<{ HostPath: string; ContainerPath: string }>;
  readonly MappedPipes?: ReadonlyArray<{ HostPath: string; ContainerPipeName: string }>;
  readonly Networking?: { readonly Namespace?: string };
  readonly ContainerCredentialGuard?: NonNullable<Allocations['credentialGuard']>;
  readonly AssignedDevices?: ReadonlyArray<{ LocationPath?: string }>;
}

interface RecordedOciSpec {
  readonly root: { readonly path: string };
  readonly mounts?: ReadonlyArray<{ readonly source?: string }>;
  readonly windows?: { readonly devices?: HostedAllocations['devices'] };
}

interface RecordedHostedSystem {
  readonly Container?: RecordedContainer;
  readonly OciBundlePath?: string;
  readonly OciSpecification?: RecordedOciSpec;
  readonly ScratchDirPath?: string;
}

type Mounts = ReadonlyArray<{ readonly source?: string | undefined; readonly destination?: string | undefined }>;

function windowsMounts(container: RecordedContainer, mounts: Mounts): HostedAllocations['mounts'] {
  const directories = [...(container.MappedDirectories ?? [])];
  const pipes = [...(container.MappedPipes ?? [])];
  return mounts.map(({ source = '', destination = '' }) => {
    if (source.startsWith('\\\\.\\pipe\\')) return pipes.shift()?.HostPath ?? null;
    const index = directories.findIndex(({ ContainerPath }) => ContainerPath === destination);
    return directories.splice(index, index < 0 ? 0 : 1)[0]?.HostPath ?? null;
  });
}

function hostedInWindows(container: RecordedContainer, mounts: Mounts): HostedAllocations {
  return {
    containerRoot: container.Storage.Path,
    rootPath: container.Storage.Path,
    layers: (container.Storage.Layers ?? []).map(({ Id, Path }) => ({ id: Id, path: Path })),
    mounts: windowsMounts(container, mounts),
    devices: (container.AssignedDevices ?? []).map(({ LocationPath = '' }) => ({
      id: LocationPath,
      idType: 'vpci-location-path',
    })),
  };
}

function hostedInLinux(system: RecordedHostedSystem): HostedAllocations {
  const { OciSpecification: spec, OciBundlePath = '', ScratchDirPath = '' } = system;
  return {
    containerRoot: OciBundlePath,
    rootPath: spec?.root.path ?? '',
    scratchPath: ScratchDirPath,
    layers: [],
    mounts: (spec?.mounts ?? []).map(({ source }) => source ?? null),
    devices: spec?.windows?.devices ?? [],
  };
}

function namespaceIn(container: RecordedContainer | undefined): { networkNamespace?: NamespaceId } {
  const id = container?.Networking?.Namespace;
  return id === undefined ? {} : { networkNamespace: namespaceId(id) };
}

/** What the steps found out, as the recorded document tells it. */
export function allocationsOf(
  one: HostedCase,
  mounts: Mounts,
  deviceExtensions: readonly object[],
  layers: readonly LayerDescriptor[] = [],
): Allocations {
  const { HostedSystem: system } = one.expected.document as { readonly HostedSystem: RecordedHostedSystem };
  const container = system.Container;
  const credentialGuard = container?.ContainerCredentialGuard;
  return {
    layers,
    mountSources: [],
    deviceExtensions,
    ...namespaceIn(container),
    ...(credentialGuard === undefined ? {} : { credentialGuard }),
    hosted: container === undefined ? hostedInLinux(system) : hostedInWindows(container, mounts),
  };
}
