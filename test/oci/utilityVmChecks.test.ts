import { describe, expect, test } from '@jest/globals';
import type { LinuxVmRequest, WindowsVmRequest } from '../../src/domain/utilityVm.ts';
import { parseVmRequest } from '../../src/oci/vm/request.ts';
import { CONFIDENTIAL, type EVIDENCE, FACTS, judge, linuxOptions, windowsOptions } from '../support/utilityVms.ts';

describe('a VM without fault', () => {
  test.each([
    ['a Windows VM', windowsOptions()],
    ['a Linux VM', linuxOptions()],
    ['a Linux VM on a disk', linuxOptions({ rootType: 'vhd', rootFile: 'rootfs.vhd' })],
    ['a confidential VM', linuxOptions(CONFIDENTIAL)],
  ])('%s has no findings and no warnings', (_, options) => {
    expect(judge(options)).toEqual({ findings: [], warnings: [] });
  });
});

describe('each thing that can be wrong with a Windows VM', () => {
  const wrong: ReadonlyArray<[string, Partial<WindowsVmRequest>, number?]> = [
    ['id-invalid /id', { id: 'a\\b' }],
    ['vm-layers-too-few /layerFolders', { layerFolders: ['C:\\base'] }],
    ['utility-vm-folder-missing /layerFolders', { layerFolders: ['C:\\other', 'C:\\scratch'] }],
    ['scsi-controller-count /scsiControllerCount', { scsiControllerCount: 4 }],
    ['vm-memory-settings-conflict /deferredCommit', { deferredCommit: true, memoryOvercommit: false }],
    ['cpu-group-unsupported /cpuGroupId', { cpuGroupId: 'g' }, 19042],
    ['dump-directory-missing /crashDumpFolder', { crashDumpFolder: 'C:\\nowhere' }],
    ['dump-directory-missing /crashDumpFolder', { crashDumpFolder: 'C:\\file' }],
    ['out-of-range /memorySizeInMb', { memorySizeInMb: 0 }],
    ['out-of-range /processorCount', { processorCount: 2 ** 31 }],
    ['out-of-range /processorLimit', { processorLimit: -1 }],
    ['out-of-range /storageIops', { storageIops: 1.5 }],
    ['out-of-range /highMmioBaseInMb', { highMmioBaseInMb: 2 ** 53 }],
  ];
  test.each(wrong.map(([expected, request, build = FACTS.build]) => ({ expected, request, build })))(
    '$expected',
    (one) => {
      const { expected, request, build } = one;
      expect(judge(windowsOptions(request), build).findings).toEqual([expected]);
    },
  );
});

describe('each thing that can be wrong with a Linux VM', () => {
  const vhd = { rootType: 'vhd', rootFile: 'rootfs.vhd' } as const;
  const wrong: ReadonlyArray<[string, Partial<LinuxVmRequest>, number?]> = [
    ['boot-file-missing /kernelFile', { kernelFile: 'vmlinux' }],
    ['boot-file-missing /rootFile', { rootFile: 'other.img' }],
    ['boot-file-type /rootType', { rootType: 'vhd' }],
    ['boot-file-type /rootType', { rootFile: 'rootfs.vhd' }],
    ['boot-file-type /rootType', { rootType: 'guestState' }],
    ['boot-file-type /rootType', { ...CONFIDENTIAL, rootType: 'initrd' }],
    ['guest-state-missing /guestStateFile', { ...CONFIDENTIAL, guestStateFile: 'other.vmgs' }],
    ['guest-state-missing /guestStateFile', { ...CONFIDENTIAL, guestStateFile: '' }],
    ['security-policy-invalid /securityPolicy', { ...CONFIDENTIAL, securityPolicy: '{}' }],
    ['bundle-missing /bundleFolder', { ...CONFIDENTIAL, bundleFolder: '' }],
    ['scsi-controller-count /scsiControllerCount', { scsiControllerCount: 5 }],
    ['scsi-controller-count /scsiControllerCount', { ...vhd, vpmemDeviceCount: 0, scsiControllerCount: 0 }, 17134],
    ['vpmem-count /vpmemDeviceCount', { vpmemDeviceCount: 129 }],
    ['vpmem-size-invalid /vpmemSizeBytes', { vpmemSizeBytes: 4097 }],
    ['kernel-direct-unsupported /kernelDirect', { kernelDirect: true }, 17763],
    ['cold-discard-hint-unsupported /coldDiscardHint', { coldDiscardHint: true }, 18966],
  ];
  test.each(wrong.map(([expected, request, build = FACTS.build]) => ({ expected, request, build })))(
    '$expected',
    (one) => {
      const { expected, request, build } = one;
      const old = build === 17134 ? { kernelDirect: false } : {};
      expect(judge(linuxOptions({ ...old, ...request }), build).findings).toEqual([expected]);
    },
  );
});

test('everything that is wrong is said at once', () => {
  const options = windowsOptions({ layerFolders: [], scsiControllerCount: 0, processorCount: 0, id: ' ' });
  expect(judge(options).findings).toEqual([
    'out-of-range /processorCount',
    'id-invalid /id',
    'scsi-controller-count /scsiControllerCount',
    'vm-layers-too-few /layerFolders',
  ]);
});

test('a scratch that is there needs no template', () => {
  const bare = { 'C:\\base\\UtilityVM': 'directory' } as const;
  const judgeWith = (paths: typeof EVIDENCE.paths) => judge(windowsOptions(), undefined, { paths, contents: {} });
  expect(judgeWith(bare).findings).toEqual(['scratch-template-missing /layerFolders']);
  expect(judgeWith({ ...bare, 'C:\\scratch\\sandbox.vhdx': 'file' }).findings).toEqual([]);
});

test('the most that can be asked for is not remarkable', () => {
  const most = { processorCount: 4, processorLimit: 100_000, processorWeight: 10_000 };
  expect(judge(windowsOptions(most))).toEqual({ findings: [], warnings: [] });
  expect(judge(linuxOptions({ ...most, vpmemDeviceCount: 128, scsiControllerCount: 4 }))).toEqual({
    findings: [],
    warnings: [],
  });
});

test('a VM without any place for a disk is one, as long as it boots from none', () => {
  const options = linuxOptions({ vpmemDeviceCount: 0, scsiControllerCount: 0, kernelDirect: false });
  expect(judge(options, 17134).findings).toEqual([]);
});

test('what is remarkable is a warning', () => {
  const options = windowsOptions({
    processorCount: 5,
    processorLimit: 100_001,
    processorWeight: 10_001,
    memorySizeInMb: 1025,
  });
  expect(judge(options)).toEqual({
    findings: [],
    warnings: [
      'processor-count-clamped /processorCount',
      'processor-limit-out-of-range /processorLimit',
      'processor-weight-out-of-range /processorWeight',
      'memory-size-rounded /memorySizeInMb',
    ],
  });
});

describe('a request from outside', () => {
  const parse = (raw: unknown) => {
    const { request, findings } = parseVmRequest(raw);
    return { request, findings: findings.map(({ code, pointer }) => `${code} ${pointer}`) };
  };

  test('keeps what it says, and says nothing about the rest', () => {
    expect(parse({ guest: 'linux', kernelFile: 'vmlinux', pci: null })).toEqual({
      request: { guest: 'linux', kernelFile: 'vmlinux' },
      findings: [],
    });
  });

  test('loses what is of the wrong type', () => {
    expect(parse({ guest: 'windows', layerFolders: 'C:\\base', directMap: 'no', id: 'vm', kernelFile: 'k' })).toEqual({
      request: { guest: 'windows', layerFolders: [], id: 'vm' },
      findings: ['option-invalid-type /layerFolders', 'option-invalid-type /directMap', 'option-unknown /kernelFile'],
    });
  });

  test.each([undefined, null, 'windows', [], {}, { guest: 'bsd' }])('%j is for no guest', (raw) => {
    expect(parse(raw)).toEqual({ request: undefined, findings: ['guest-invalid /guest'] });
  });

  test('numbers of any size come through, to be judged with the others', () => {
    const { request } = parseVmRequest({ guest: 'linux', memorySizeInMb: Number.NaN });
    expect(judge(linuxOptions(request?.guest === 'linux' ? request : {})).findings).toEqual([
      'out-of-range /memorySizeInMb',
    ]);
  });
});
