import { describe, expect, test } from '@jest/globals';
import type { LinuxVmOptions } from '../../src/domain/utilityVm.ts';
import { parseSpec } from '../../src/oci/spec.ts';
import { VM_ANNOTATION } from '../../src/oci/vm/annotationNames.ts';
import { bootEvidenceNeeded, chooseBootFiles } from '../../src/oci/vm/bootFiles.ts';
import { type PodVmRequest, podVm } from '../../src/oci/vm/pod.ts';
import { validateVm } from '../../src/oci/vm/validate.ts';
import { fc } from '../support/property.ts';
import { CONTEXT, EVIDENCE, FACTS } from '../support/utilityVms.ts';

const LAYERS = ['C:\\base', 'C:\\scratch'];

interface Pod extends Omit<PodVmRequest, 'spec'> {
  readonly linux?: true;
  readonly annotations?: Record<string, string>;
  readonly windows?: object;
}

function read({ linux, annotations = {}, windows = {}, ...rest }: Pod) {
  const raw = {
    annotations,
    windows: { layerFolders: LAYERS, hyperv: {}, ...windows },
    ...(linux ? { linux: {} } : {}),
  };
  return podVm({ id: 'vm', ...rest, spec: parseSpec(raw).spec }, CONTEXT);
}

function judge(pod: Pod) {
  const { options, at, findings, warnings } = read(pod);
  if (options === undefined) throw new Error('the pod has no VM');
  const judged = validateVm({ options, facts: FACTS, evidence: EVIDENCE, at });
  const brief = ({ code, pointer }: { code: string; pointer: string }) => `${code} ${pointer}`;
  return {
    findings: [...findings, ...judged.findings].map(brief),
    warnings: [...warnings, ...judged.warnings].map(brief),
  };
}

const on = '/spec/annotations/';

describe('where a finding points', () => {
  test.each<[string, Pod]>([
    [
      `out-of-range ${on}${VM_ANNOTATION.processorCount}`,
      { annotations: { [VM_ANNOTATION.processorCount]: '9999999999' } },
    ],
    [
      `out-of-range ${on}${VM_ANNOTATION.processorWeight}`,
      {
        annotations: { [VM_ANNOTATION.processorWeight]: '9999999999' },
        windows: { resources: { cpu: { shares: 5 } } },
      },
    ],
    [
      'out-of-range /spec/windows/resources/cpu/count',
      {
        annotations: { [VM_ANNOTATION.processorCount]: '0' },
        windows: { resources: { cpu: { count: 9_999_999_999 } } },
      },
    ],
    ['out-of-range /spec/windows/resources/memory/limit', { windows: { resources: { memory: { limit: 1000 } } } }],
    ['out-of-range /shimOptions/vmProcessorCount', { shimOptions: { vmProcessorCount: 9_999_999_999 } }],
    [
      `out-of-range /shimOptions/defaultContainerAnnotations/${VM_ANNOTATION.storageIops}`,
      { shimOptions: { defaultContainerAnnotations: { [VM_ANNOTATION.storageIops]: '9999999999' } } },
    ],
    ['vm-layers-too-few /spec/windows/layerFolders', { windows: { layerFolders: [] } }],
    [
      `boot-file-missing ${on}${VM_ANNOTATION.bootFilesFolder}`,
      { linux: true, shimOptions: {}, annotations: { [VM_ANNOTATION.bootFilesFolder]: 'C:\\no' } },
    ],
    ['bundle-missing /bundle', { linux: true, annotations: { [VM_ANNOTATION.securityPolicy]: 'e30=' } }],
    [
      `annotation-conflict ${on}${VM_ANNOTATION.noDirectMap}`,
      { annotations: { [VM_ANNOTATION.disableUnsafeOperations]: 'true', [VM_ANNOTATION.noDirectMap]: 'false' } },
    ],
  ])('%s', (expected, pod) => {
    expect(judge(pod).findings).toContain(expected);
  });
});

describe('what is remarkable about a pod', () => {
  test.each<[string, Pod]>([
    [
      `annotation-unparsable ${on}${VM_ANNOTATION.memorySizeInMb}`,
      { annotations: { [VM_ANNOTATION.memorySizeInMb]: '2GB' } },
    ],
    [
      `annotation-unparsable ${on}${VM_ANNOTATION.memoryOvercommit}`,
      { annotations: { [VM_ANNOTATION.memoryOvercommit]: 'no' } },
    ],
    [
      `annotation-unparsable ${on}${VM_ANNOTATION.vpmemDeviceCount}`,
      { linux: true, annotations: { [VM_ANNOTATION.vpmemDeviceCount]: String(2 ** 32) } },
    ],
    [
      `annotation-unparsable ${on}${VM_ANNOTATION.rootType}`,
      { linux: true, annotations: { [VM_ANNOTATION.rootType]: 'ext4' } },
    ],
    [
      `annotation-unparsable ${on}${VM_ANNOTATION.noSecurityHardware}`,
      { linux: true, annotations: { [VM_ANNOTATION.noSecurityHardware]: 'yes' } },
    ],
    ['annotation-unparsable /shimOptions/vmMemorySizeInMB', { shimOptions: { vmMemorySizeInMB: -1 } }],
    ['utility-vm-path-ignored /spec/windows/hyperv/utilityVMPath', { windows: { hyperv: { utilityVMPath: 'C:\\u' } } }],
    [
      'processor-limit-unit /spec/windows/resources/cpu/maximum',
      { windows: { resources: { cpu: { maximum: 5000 } } } },
    ],
  ])('%s', (expected, pod) => {
    expect(judge(pod)).toEqual({ findings: [], warnings: [expected] });
  });

  test('annotations that can be read are not', () => {
    const numbers = { [VM_ANNOTATION.lowMmioGapInMb]: '64', [VM_ANNOTATION.processorLimit]: '50000' };
    const annotations = { ...numbers, [VM_ANNOTATION.vpmemDeviceCount]: '8', [VM_ANNOTATION.rootType]: 'initrd' };
    const windows = { resources: { cpu: { maximum: 5000 } } };
    for (const linux of [{}, { linux: true as const }]) {
      expect(judge({ annotations, windows, ...linux })).toEqual({ findings: [], warnings: [] });
    }
  });

  test('an annotation for the other guest is not looked at', () => {
    expect(judge({ annotations: { [VM_ANNOTATION.vpmemDeviceCount]: 'many' } })).toEqual({
      findings: [],
      warnings: [],
    });
  });
});

describe('which word counts', () => {
  const memory = (pod: Pod) => read(pod).options?.memorySizeInMb;
  const annotations = { [VM_ANNOTATION.memorySizeInMb]: '4096' };
  const windows = { resources: { memory: { limit: 2 ** 31 } } };
  const shimOptions = { vmMemorySizeInMB: 3000 };

  test('annotation before shim option before resource before default', () => {
    expect(memory({ annotations, windows, shimOptions })).toBe(4096);
    expect(memory({ windows, shimOptions })).toBe(3000);
    expect(memory({ windows })).toBe(2048);
    expect(memory({})).toBe(1024);
  });

  test('an annotation of 0 says nothing', () => {
    expect(memory({ annotations: { [VM_ANNOTATION.memorySizeInMb]: '0' }, windows })).toBe(2048);
  });

  test('an annotation that cannot be read keeps the shim option out', () => {
    expect(memory({ annotations: { [VM_ANNOTATION.memorySizeInMb]: 'x' }, shimOptions })).toBe(1024);
  });

  test("a shim's own option comes before its default annotations", () => {
    const defaultContainerAnnotations = { [VM_ANNOTATION.memorySizeInMb]: '5000' };
    expect(memory({ shimOptions: { ...shimOptions, defaultContainerAnnotations } })).toBe(3000);
  });
});

describe('what one annotation of a Linux pod brings with it', () => {
  const options = (annotations: Record<string, string>) => {
    const found = read({ linux: true, bundle: 'C:\\bundle', annotations }).options;
    if (found?.guest !== 'linux') throw new Error('not a Linux VM');
    return found;
  };

  test.each<[string, Record<string, string>, Partial<LinuxVmOptions>]>([
    [
      'full physical backing',
      { [VM_ANNOTATION.fullyPhysicallyBacked]: 'true', [VM_ANNOTATION.rootType]: 'vhd' },
      { memoryOvercommit: false, rootType: 'initrd', rootFile: 'initrd.img', vpmemDeviceCount: 0 },
    ],
    [
      'a security policy',
      { [VM_ANNOTATION.securityPolicy]: 'e30=', [VM_ANNOTATION.kernelOptions]: 'debug' },
      {
        confidential: true,
        rootType: 'guestState',
        guestStateFile: 'kernelinitrd.vmgs',
        kernelOptions: '',
        vpmemDeviceCount: 0,
        memoryOvercommit: false,
        scratchEncryption: true,
        bundleFolder: 'C:\\bundle',
      },
    ],
    [
      'a security policy without hardware for it, and without encryption',
      {
        [VM_ANNOTATION.securityPolicy]: 'e30=',
        [VM_ANNOTATION.noSecurityHardware]: 'true',
        [VM_ANNOTATION.scratchEncryption]: 'false',
      },
      { confidential: false, rootType: 'initrd', vpmemDeviceCount: 64, scratchEncryption: false },
    ],
    ['UEFI', { [VM_ANNOTATION.kernelDirect]: 'false' }, { kernelDirect: false, kernelFile: 'kernel' }],
    ['a disk', { [VM_ANNOTATION.rootType]: 'vhd' }, { rootType: 'vhd', rootFile: 'rootfs.vhd' }],
    ['no time synchronisation', { [VM_ANNOTATION.disableTimeSync]: 'TRUE' }, { timeSync: false }],
  ])('%s', (_, annotations, expected) => {
    expect(options(annotations)).toMatchObject(expected);
  });
});

test('the default boot files are what lies in the first folder that is there', () => {
  const lying = (...paths: string[]) => ({
    paths: Object.fromEntries(paths.map((path) => [path, 'file' as const])),
    contents: {},
  });
  const choose = (build: number, ...paths: string[]) =>
    chooseBootFiles(['C:\\a', 'C:\\b'], { ...FACTS, build }, lying(...paths));
  expect(choose(20348)).toMatchObject({ bootFilesFolder: 'C:\\b', kernelFile: 'kernel', rootFile: 'initrd.img' });
  expect(choose(20348, 'C:\\a', 'C:\\b\\vmlinux')).toMatchObject({ bootFilesFolder: 'C:\\a', kernelFile: 'kernel' });
  expect(choose(20348, 'C:\\a', 'C:\\a\\vmlinux', 'C:\\a\\rootfs.vhd')).toEqual({
    bootFilesFolder: 'C:\\a',
    kernelDirect: true,
    kernelFile: 'vmlinux',
    rootFile: 'rootfs.vhd',
    rootType: 'vhd',
    vpmemMultiMapping: true,
  });
  expect(choose(18285, 'C:\\a', 'C:\\a\\vmlinux')).toMatchObject({
    kernelDirect: false,
    kernelFile: 'kernel',
    vpmemMultiMapping: false,
  });
  expect(bootEvidenceNeeded(['C:\\a'])).toEqual(['C:\\a', 'C:\\a\\rootfs.vhd', 'C:\\a\\vmlinux']);
});

test('the spec of a pod is never written to', () => {
  const spec = parseSpec({ windows: { layerFolders: LAYERS, hyperv: {} }, annotations: {} }).spec;
  const before = structuredClone(spec);
  podVm({ spec, shimOptions: { vmProcessorCount: 3, defaultContainerAnnotations: { a: 'b' } } }, CONTEXT);
  expect(spec).toEqual(before);
});

test('whatever the annotations are, they are read or said to be unreadable', () => {
  const value = fc.oneof(
    fc.string(),
    fc.bigInt({ min: -1n, max: 2n ** 65n }).map(String),
    fc.constantFrom('true', 'FALSE'),
  );
  const annotations = fc.dictionary(fc.constantFrom(...Object.values(VM_ANNOTATION)), value);
  fc.assert(
    fc.property(annotations, fc.boolean(), (given, linux) => {
      const { options, findings, warnings } = read({ annotations: given, ...(linux ? { linux } : {}) });
      expect(options?.guest).toBe(linux ? 'linux' : 'windows');
      for (const { pointer } of [...findings, ...warnings]) {
        expect(Object.keys(given).some((name) => pointer === `${on}${name}`)).toBe(true);
      }
    }),
  );
});
