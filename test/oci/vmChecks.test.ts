import { describe, expect, test } from '@jest/globals';
import type { HostEvidence } from '../../src/domain/host.ts';
import type { CreateRequest } from '../../src/domain/request.ts';
import type { VmTraits } from '../../src/domain/utilityVm.ts';
import { pciFunctionOf } from '../../src/oci/devices.ts';
import { settingsOf } from '../../src/oci/settings.ts';
import { parseSpec } from '../../src/oci/spec.ts';
import { evidenceNeeded, validateRequest } from '../../src/oci/validate.ts';

const FACTS = { build: 20348, processorCount: 8 };
const VM: VmTraits = {
  id: 'vm',
  owner: 'o',
  guest: 'windows',
  processorCount: 2,
  physicallyBacked: false,
  devicesPhysicallyBacked: false,
  directMap: true,
  writableFileShares: true,
  scratchEncryption: false,
  processDumpFolder: '',
};

interface Situation {
  readonly vm?: Partial<VmTraits> | null;
  readonly paths?: HostEvidence['paths'];
  readonly request?: Partial<CreateRequest>;
}

function judge(raw: object, { vm = {}, paths = {}, request = {} }: Situation = {}) {
  const whole = { spec: raw, ...request };
  const hosting = vm === null ? {} : { vm: { ...VM, ...vm } };
  const settings = settingsOf(whole, FACTS, {
    owner: 'o',
    newId: () => 'new',
    deviceUtil: 'C:\\device-util.exe',
    ...hosting,
  });
  const { spec } = parseSpec(raw);
  const evidence = { paths, contents: {} };
  const { findings, warnings } = validateRequest({ request: whole, spec, settings, facts: FACTS, evidence });
  const brief = (list: typeof findings) => list.map(({ code, pointer }) => `${code} ${pointer}`);
  return { findings: brief(findings), warnings: brief(warnings), needed: evidenceNeeded(spec, {}, settings).paths };
}

const LAYERS = { layerFolders: ['C:\\base', 'C:\\scratch'] };
const windows = (fields: object = {}, rest: object = {}) => ({ windows: { ...LAYERS, ...fields }, ...rest });
const linux = (fields: object = {}, rest: object = {}) => ({ linux: {}, ...windows(fields, rest) });
const LINUX = { vm: { guest: 'linux' } } as const;
const DENIED = { writableFileShares: false } as const;
const drivers = (paths: string) => ({ annotations: { 'io.microsoft.virtualmachine.kerneldrivers': paths } });
const mount = (source: string, more: object = {}) => ({ mounts: [{ source, destination: '/d', ...more }] });
const gpu = [{ id: 'P', idType: 'gpu' }];
const DRIVERS_AT = '/spec/annotations/io.microsoft.virtualmachine.kerneldrivers';

describe('each thing that can be wrong in a VM', () => {
  test.each<[string, object, Situation]>([
    ['vm-os-mismatch /spec/linux', linux(), {}],
    ['vm-os-mismatch /spec/windows', windows(), LINUX],
    ['layers-too-few /spec/windows/layerFolders', { windows: { layerFolders: ['C:\\s'] } }, {}],
    ['layer-missing /spec/windows/layerFolders/0', windows(), { paths: { 'C:\\base': 'missing' } }],
    ['layers-missing /spec/windows/layerFolders', { linux: {} }, LINUX],
    [
      'layer-disk-missing /spec/windows/layerFolders/0',
      linux(),
      { ...LINUX, paths: { 'C:\\base\\layer.vhd': 'missing' } },
    ],
    [
      'scratch-missing /spec/windows/layerFolders/1',
      linux(),
      { ...LINUX, paths: { 'C:\\scratch\\sandbox.vhdx': 'missing' } },
    ],
    [
      'root-missing /spec/root/path',
      { linux: {}, root: { path: 'C:\\r' } },
      { ...LINUX, paths: { 'C:\\r': 'missing' } },
    ],
    [
      'mount-writable-denied /spec/root/readonly',
      { linux: {}, root: { path: 'C:\\r' } },
      { vm: { ...LINUX.vm, ...DENIED } },
    ],
    ['root-in-vm-unsupported /spec/root/path', windows({}, { root: { path: 'C:\\x' } }), {}],
    ['root-readonly-unsupported /spec/root/readonly', windows({}, { root: { readonly: true } }), {}],
    ['mount-type-unsupported /spec/mounts/0/type', windows({}, mount('C:\\a', { type: 'bind' })), {}],
    ['mount-incomplete /spec/mounts/0/source', linux({}, mount('', { type: 'bind' })), LINUX],
    ['mount-source-missing /spec/mounts/0/source', windows({}, mount('C:\\a')), { paths: { 'C:\\a': 'missing' } }],
    ['mount-writable-denied /spec/mounts/0/options', windows({}, mount('C:\\a')), { vm: DENIED }],
    ['evd-path-invalid /spec/mounts/0/source', windows({}, mount('evd://x', { type: 'extensible-virtual-disk' })), {}],
    ['hugepages-path-invalid /spec/mounts/0/source', linux({}, mount('hugepages://2M', { type: 'bind' })), LINUX],
    ['hugepages-size-unsupported /spec/mounts/0/source', linux({}, mount('hugepages://1G/a', { type: 'bind' })), LINUX],
    ['guest-command-unsafe /spec/mounts/0/source', windows({}, mount('sandbox://a&b')), {}],
    ['guest-command-unsafe /spec/mounts/0/source', windows({}, mount('sandbox:///a b')), {}],
    [
      `guest-command-unsafe ${DRIVERS_AT}`,
      windows({}, drivers('C:\\a (1).inf')),
      { paths: { 'C:\\a (1).inf': 'file' } },
    ],
    [`driver-missing ${DRIVERS_AT}`, windows({}, drivers('C:\\a,')), {}],
    ['device-type-unsupported /spec/windows/devices/0/idType', windows({ devices: gpu }), {}],
    [
      'device-type-unsupported /spec/windows/devices/0/idType',
      linux({ devices: [{ id: 'P', idType: 'vpci-location-path' }] }),
      LINUX,
    ],
    ['gpu-vhd-not-named /spec/windows/devices/0', linux({ devices: gpu }), LINUX],
    [
      'gpu-vhd-missing /spec/annotations/io.microsoft.lcow.gpuvhdpath',
      linux({ devices: gpu }, { annotations: { 'io.microsoft.lcow.gpuvhdpath': 'C:\\g' } }),
      { ...LINUX, paths: { 'C:\\g': 'missing' } },
    ],
    [
      'device-util-missing /spec/windows/devices',
      windows({ devices: [{ id: 'P', idType: 'vpci' }] }),
      { paths: { 'C:\\device-util.exe': 'missing' } },
    ],
    [
      'cpu-settings-exclusive /spec/windows/resources/cpu',
      windows({ resources: { cpu: { count: 1, shares: 1 } } }),
      {},
    ],
  ])('%s', (finding, spec, situation) => {
    expect(judge(spec, situation).findings).toEqual([finding]);
  });

  test('a spec that is for no guest', () => {
    expect(judge({}, LINUX).findings).toEqual([
      'windows-section-missing /spec/windows',
      'layers-missing /spec/windows/layerFolders',
    ]);
  });

  test('is found together with all the rest', () => {
    const spec = windows({ devices: gpu }, { root: { path: 'C:\\x', readonly: true }, ...mount('', { type: 'bind' }) });
    expect(judge(spec).findings).toEqual([
      'root-in-vm-unsupported /spec/root/path',
      'root-readonly-unsupported /spec/root/readonly',
      'mount-type-unsupported /spec/mounts/0/type',
      'mount-incomplete /spec/mounts/0/source',
      'device-type-unsupported /spec/windows/devices/0/idType',
    ]);
  });
});

describe('what is right in a VM', () => {
  test.each<[string, object, Situation]>([
    ['a Windows container, with a hyperv section', windows({ hyperv: {} }), {}],
    ['a Windows container, without one', windows(), {}],
    ['a Linux container whose root is read-only', linux({}, { root: { readonly: true } }), LINUX],
    [
      'a Linux container that counts on what its guest rules over',
      linux({ resources: { cpu: { count: 9, shares: 1 } } }),
      LINUX,
    ],
    ['a mount that only the guest knows', linux({}, mount('', { type: 'tmpfs' })), LINUX],
    ['a folder in a Linux guest with blanks in its name', linux({}, mount('sandbox:///a b', { type: 'bind' })), LINUX],
    ['a driver folder with blanks in its name', windows({}, drivers('C:\\a b')), { paths: { 'C:\\a b': 'directory' } }],
    [
      'a read-only share where writable ones are denied',
      windows({}, mount('C:\\a', { options: ['RO'] })),
      { vm: DENIED },
    ],
    ['a disk where writable shares are denied', windows({}, mount('C:\\a', { type: 'virtual-disk' })), { vm: DENIED }],
  ])('%s', (_what, spec, situation) => {
    expect(judge(spec, situation)).toMatchObject({ findings: [], warnings: [] });
  });
});

describe('what is remarkable in a VM', () => {
  test('schema 1.0 is not used there', () => {
    const request = { schemaVersion: { major: 1, minor: 0 } };
    expect(judge(windows(), { request }).warnings).toEqual(['schema-version-ignored /schemaVersion']);
  });

  test('a container has no more processors than its VM', () => {
    expect(judge(windows({ resources: { cpu: { count: 4 } } })).warnings).toEqual([
      'processor-count-clamped /spec/windows/resources/cpu/count',
    ]);
  });
});

describe('without a VM', () => {
  const v1 = { schemaVersion: { major: 1, minor: 0 } };

  test('a Linux container is refused, and twice with schema 1.0', () => {
    expect(judge(linux(), { vm: null }).findings).toEqual(['vm-required /spec/linux']);
    expect(judge(linux(), { vm: null, request: v1 }).findings).toEqual([
      'schema-unsupported /schemaVersion',
      'vm-required /spec/linux',
    ]);
  });

  test('Hyper-V isolation with schema 1.0 needs a layer that boots', () => {
    const spec = windows({ hyperv: {} });
    const at = { vm: null, request: v1 } as const;
    expect(judge(spec, at).needed).toEqual(['C:\\base\\UtilityVM', 'C:\\scratch\\UtilityVM']);
    expect(judge(spec, at).findings).toEqual(['utility-vm-missing /spec/windows/hyperv']);
    expect(judge(spec, { ...at, paths: { 'C:\\base\\UtilityVM': 'directory' } }).findings).toEqual([]);
    expect(judge(windows({ hyperv: { utilityVMPath: 'C:\\u' } }), at).findings).toEqual([]);
  });
});

describe('what is looked at on the host', () => {
  test('for a Windows container in a VM', () => {
    const spec = windows(
      { devices: [{ id: 'P', idType: 'vpci' }] },
      {
        mounts: ['C:\\a', 'sandbox://x', '\\\\.\\pipe\\p'].map((source) => ({ source, destination: 'C:\\d' })),
        ...drivers('C:\\drivers'),
      },
    );
    expect(judge(spec).needed).toEqual(['C:\\a', 'C:\\base', 'C:\\drivers', 'C:\\device-util.exe']);
  });

  test('for a Linux container', () => {
    const spec = linux({}, mount('proc', { type: 'proc' }));
    expect(judge(spec, LINUX).needed).toEqual(['C:\\base\\layer.vhd', 'C:\\scratch\\sandbox.vhdx']);
    expect(judge({ linux: {}, root: { path: 'C:\\r' } }, LINUX).needed).toEqual(['C:\\r']);
  });
});

describe('a device is named by its instance path', () => {
  test.each([
    ['PCIP\\VEN_1&DEV_2\\3&0', 'PCIP\\VEN_1&DEV_2\\3&0', 0],
    ['PCIP\\VEN_1&DEV_2\\3&0\\7', 'PCIP\\VEN_1&DEV_2\\3&0', 7],
    ['PCIP\\VEN_1&DEV_2\\3&0/7', 'PCIP\\VEN_1&DEV_2\\3&0', 7],
    ['PCIP\\VEN_1\\65536', 'PCIP\\VEN_1\\65536', 0],
    ['7', '7', 0],
  ])('%s', (id, deviceInstancePath, virtualFunction) => {
    expect(pciFunctionOf(id)).toEqual({ deviceInstancePath, virtualFunction });
  });
});
