import { describe, expect, test } from '@jest/globals';
import { containerDocument } from '../../src/documents/containerDocument.ts';
import { redactDocument } from '../../src/documents/redact.ts';
import type { HostedSystemDocument } from '../../src/documents/schema.ts';
import type { HostedAllocations } from '../../src/domain/allocations.ts';
import type { CreateRequest } from '../../src/domain/request.ts';
import type { VmTraits } from '../../src/domain/utilityVm.ts';
import { nameToGuid } from '../../src/hcs/simulated/derived.ts';
import { parseDeviceExtension } from '../../src/oci/deviceExtensions.ts';
import { utilityVmImage } from '../../src/oci/hyperv.ts';
import { parentLayers } from '../../src/oci/layers.ts';
import { deviceExtensionPaths } from '../../src/oci/resources.ts';
import { settingsOf } from '../../src/oci/settings.ts';
import { parseSpec } from '../../src/oci/spec.ts';
import { allocationsOf, type HostedCase, hostedCases, situationOf } from '../support/hostedCases.ts';

const successful = (...kinds: readonly string[]) =>
  hostedCases(...kinds)
    .filter(({ expected }) => expected.ok === true)
    .map((one) => [one.name, one] as const);

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

const asJson = (document: object): unknown => JSON.parse(JSON.stringify(document));

function layersOf(one: HostedCase) {
  const { spec } = situationOf(one);
  return parentLayers(spec).map((path) => ({ id: nameToGuid(path.split('\\').at(-1) ?? ''), path }));
}

describe('the document of a container in a VM is the recorded one', () => {
  test.each(successful('xenon', 'lcow'))('%s', (_name, one) => {
    const { spec, settings, facts, evidence } = situationOf(one);
    const extensions = deviceExtensionPaths(spec).map((path) => parseDeviceExtension(evidence.contents[path] ?? ''));
    const allocations = allocationsOf(one, spec.mounts ?? [], spec.linux === undefined ? extensions.map(Object) : []);
    const document = containerDocument(freeze({ spec, settings, facts, allocations }));
    expect(asJson(document)).toEqual(one.expected.document);
  });
});

describe('the document of a container with a VM of its own is the recorded one with what it lacks', () => {
  test.each(successful('v1x'))('%s (rule v1-xenon)', (_name, one) => {
    const { spec, settings, facts, evidence } = situationOf(one);
    const layers = layersOf(one);
    const image = utilityVmImage(spec, evidence);
    const allocations = { layers, mountSources: [], deviceExtensions: [], utilityVmImage: image ?? 'none' };
    const document = containerDocument(freeze({ spec, settings, facts, allocations }));
    expect(asJson(document)).toEqual({
      ...one.expected.document,
      HvPartition: true,
      HvRuntime: { ImagePath: expect.stringMatching(/^C:\\.*\\UtilityVM$/) },
      Layers: layers.map(({ id, path }) => ({ ID: id, Path: path })),
    });
  });
});

const FACTS = { build: 20348, processorCount: 8 };
const VM = {
  id: 'vm',
  owner: 'owner of the VM',
  processorCount: 2,
  physicallyBacked: false,
  devicesPhysicallyBacked: false,
  directMap: true,
  writableFileShares: true,
  scratchEncryption: false,
  processDumpFolder: '',
} as const;
const HOSTED = { containerRoot: '/c', rootPath: '/c/rootfs', scratchPath: '/c', layers: [], mounts: [], devices: [] };

interface Asked {
  readonly guest: VmTraits['guest'];
  readonly request?: Partial<CreateRequest>;
  readonly hosted?: Partial<HostedAllocations> | null;
}

function documentOf(raw: object, { guest, request = {}, hosted = {} }: Asked) {
  const vm = { ...VM, guest };
  const settings = settingsOf({ spec: raw, ...request }, FACTS, { owner: 'o', newId: () => 'new', vm });
  const where = hosted === null ? {} : { hosted: { ...HOSTED, ...hosted } };
  const allocations = { layers: [], mountSources: [], deviceExtensions: [], ...where };
  const spec = parseSpec(raw).spec;
  return containerDocument(freeze({ spec, settings, facts: FACTS, allocations })) as HostedSystemDocument;
}

const linuxSpec = (spec: object) => {
  const { HostedSystem } = documentOf({ linux: {}, ...spec }, { guest: 'linux' });
  return asJson('OciSpecification' in HostedSystem ? HostedSystem.OciSpecification : {});
};

describe('the OCI spec that a Linux guest gets', () => {
  const root = { path: '/c/rootfs' };

  test('is without fields that say nothing, and with those that say it', () => {
    const process = { terminal: false, cwd: '', args: ['sh', ''], env: [], user: { uid: 0, username: '' } };
    const resources = { memory: { limit: 0, disableOOMKiller: false }, unified: { a: '' } };
    expect(
      linuxSpec({ hostname: '', process, annotations: { a: '' }, linux: { resources, sysctl: { b: '' } } }),
    ).toEqual({
      root,
      process: { cwd: '', args: ['sh', ''], user: { uid: 0 } },
      annotations: { a: '' },
      linux: { resources, sysctl: { b: '' } },
    });
  });

  test('is without hooks, and without what the guest rules over', () => {
    const resources = { devices: [{ allow: true }], pids: { limit: 1 }, blockIO: {}, cpu: { shares: 2 } };
    const spec = { hooks: { prestart: [] }, linux: { cgroupsPath: '/x', seccomp: { defaultAction: 'A' }, resources } };
    expect(linuxSpec(spec)).toEqual({
      root,
      linux: { seccomp: { defaultAction: 'A' }, resources: { cpu: { shares: 2 } } },
    });
  });

  test('has no seccomp when the container is privileged', () => {
    const annotations = { 'io.microsoft.virtualmachine.lcow.privileged': 'TRUE' };
    expect(linuxSpec({ annotations, linux: { seccomp: { defaultAction: 'A' } } })).toEqual({
      root,
      annotations,
      linux: {},
    });
  });

  test('is shown without the environment of its process', () => {
    const document = documentOf({ linux: {}, process: { env: ['TOKEN=hunter2'] } }, { guest: 'linux' });
    expect(JSON.stringify(document)).toContain('hunter2');
    expect(JSON.stringify(redactDocument(document))).not.toContain('hunter2');
    expect(JSON.stringify(redactDocument(document))).toContain('TOKEN=[redacted]');
  });

  test('keeps fields that nobody here knows', () => {
    expect(linuxSpec({ later: { x: 1 } })).toEqual({ root, linux: {}, later: { x: 1 } });
  });
});

describe('the document of a container in a VM', () => {
  test('outlives its process when it is asked to, and has the owner of its VM', () => {
    const document = documentOf({ linux: {} }, { guest: 'linux', request: { lifetime: 'host', owner: 'me' } });
    expect(document).toMatchObject({ Owner: VM.owner, ShouldTerminateOnLastHandleClosed: false });
  });

  test.each([
    [500, true, 2000],
    [500, false, 500],
    [9000, true, 10_000],
    [0, true, undefined],
  ])('with the limit %d, scaled to the VM: %s, says %s', (maximum, scaleCpuLimitsToVm, limit) => {
    const raw = { windows: { layerFolders: ['a', 'b'], resources: { cpu: { maximum } } } };
    const { HostedSystem } = documentOf(raw, { guest: 'windows', request: { scaleCpuLimitsToVm } });
    expect('Container' in HostedSystem && HostedSystem.Container.Processor.Maximum).toBe(limit);
  });

  test('has disks behind all other mounts, and leaves out what it is told nothing of', () => {
    const mounts = [
      { source: 'C:\\a.vhdx', destination: 'C:\\disk', type: 'virtual-disk', options: ['ro'] },
      { source: 'C:\\b', destination: 'C:\\folder' },
      { source: '\\\\.\\pipe\\p', destination: '\\\\.\\pipe\\q' },
      { source: 'C:\\c', destination: 'C:\\other' },
    ];
    const raw = { windows: { layerFolders: ['a', 'b'] }, mounts };
    const { HostedSystem } = documentOf(raw, { guest: 'windows', hosted: { mounts: ['D', 'F', 'P', null] } });
    expect('Container' in HostedSystem && HostedSystem.Container).toMatchObject({
      MappedDirectories: [
        { HostPath: 'F', ContainerPath: 'C:\\folder' },
        { HostPath: 'D', ContainerPath: 'C:\\disk', ReadOnly: true },
      ],
      MappedPipes: [{ HostPath: 'P', ContainerPipeName: 'q' }],
    });
  });

  test('cannot be made before anything is known of the VM', () => {
    expect(() => documentOf({ linux: {} }, { guest: 'linux', hosted: null })).toThrow(RangeError);
  });
});
