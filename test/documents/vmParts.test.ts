import { describe, expect, test } from '@jest/globals';
import { kernelCommandLine } from '../../src/documents/vm/kernelCommandLine.ts';
import { vmPreparations } from '../../src/documents/vm/preparations.ts';
import { referenceInfoPath, vmFollowUps } from '../../src/documents/vm/securityPolicy.ts';
import { vmDocument } from '../../src/documents/vm/vmDocument.ts';
import type { LinuxVmRequest } from '../../src/domain/utilityVm.ts';
import { defaultBootFolder } from '../../src/oci/vm/bootFiles.ts';
import { vmEvidenceNeeded } from '../../src/oci/vm/evidence.ts';
import { BOOT, CONFIDENTIAL, EVIDENCE, FACTS, linuxOptions, windowsOptions } from '../support/utilityVms.ts';

const linuxDocument = (request: Partial<LinuxVmRequest> = {}) =>
  vmDocument({ options: linuxOptions(request), facts: FACTS });
const windowsDocument = (request = {}) =>
  vmDocument({ options: windowsOptions(request), facts: FACTS, imageLayer: 'C:\\base' });

describe('the kernel command line', () => {
  const line = (request: Partial<LinuxVmRequest>) =>
    kernelCommandLine({ options: linuxOptions(request), facts: FACTS });

  test('never says more processors than the VM has', () => {
    expect(line({ processorCount: 64 })).toContain(' nr_cpus=4 ');
    expect(linuxDocument({ processorCount: 64 }).VirtualMachine.ComputeTopology.Processor).toEqual({ Count: 4 });
  });

  test('keeps words of the user between ours, and the guest program last', () => {
    expect(
      line({ kernelOptions: 'a b', pci: true, execCommandLine: 'run', processDumpFolder: '/d', scrubLogs: true }),
    ).toBe(
      ' 8250_core.nr_uarts=0 panic=-1 quiet a b nr_cpus=2 brd.rd_nr=0 pmtmr=0 -- ' +
        '-e 1 /bin/vsockexec -e 109 run -scrub-logs -core-dump-location /d',
    );
  });

  test('a screen alone has a shell too, and the VM stays after a panic', () => {
    const words = line({ graphicsConsole: true });
    expect(words).toContain('8250_core.nr_uarts=0 console=tty pci=off');
    expect(words).toMatch(/sh -c ".* & exec sh"$/);
  });

  test('output can be kept in the guest', () => {
    expect(line({ forwardStderr: false })).toContain('/bin/vsockexec /bin/gcs');
    expect(line({ forwardStdout: true })).toContain('/bin/vsockexec -o 109 -e 109 /bin/gcs');
  });
});

describe('the root disk of a Linux VM', () => {
  const vhdx = { rootType: 'vhd', rootFile: 'rootfs.VHDX' } as const;

  test('is announced in the format that it has', () => {
    expect(linuxDocument(vhdx).VirtualMachine.Devices.VirtualPMem?.Devices).toEqual({
      '0': { HostPath: `${BOOT}\\rootfs.VHDX`, ReadOnly: true, ImageFormat: 'Vhdx' },
    });
  });

  test('is on the first SCSI controller where there is no VPMem', () => {
    const { Devices } = linuxDocument({ ...vhdx, vpmemDeviceCount: 0 }).VirtualMachine;
    expect(Devices.VirtualPMem).toBeUndefined();
    expect(Object.values(Devices.Scsi ?? {})).toEqual([
      { Attachments: { '0': { Type: 'VirtualDisk', Path: `${BOOT}\\rootfs.VHDX`, ReadOnly: true } } },
      {},
      {},
      {},
    ]);
  });
});

describe('the life of a VM', () => {
  test.each([
    ['process', true],
    ['host', false],
  ] as const)('%s', (lifetime, terminates) => {
    expect(windowsDocument({ lifetime }).ShouldTerminateOnLastHandleClosed).toBe(terminates);
    expect(linuxDocument({ lifetime }).ShouldTerminateOnLastHandleClosed).toBe(terminates);
    expect(linuxDocument({ ...CONFIDENTIAL, lifetime }).ShouldTerminateOnLastHandleClosed).toBe(terminates);
  });
});

test('a document is made of its input alone, and is plain JSON', () => {
  const documents = () => [
    windowsDocument({ crashDumpFolder: 'C:\\dumps' }),
    linuxDocument(),
    linuxDocument(CONFIDENTIAL),
  ];
  expect(documents()).toEqual(documents());
  expect(JSON.parse(JSON.stringify(documents()))).toEqual(documents());
});

test('the paths of a document are under the id that was generated', () => {
  const document = windowsDocument({ id: '', crashDumpFolder: 'C:\\dumps' });
  expect(document.VirtualMachine.DebugOptions?.BugcheckSavedStateFileName).toBe('C:\\dumps\\new-id-savedstate.vmrs');
});

describe('what is done before the create', () => {
  const grant = { action: 'grantVmAccess', vmId: 'vm', path: 'C:\\deep\\down\\scratch\\sandbox.vhdx' };
  const options = windowsOptions({
    layerFolders: ['C:\\base', 'C:\\deep\\down\\scratch'],
    crashDumpFolder: 'C:\\dumps',
  });
  const copy = {
    action: 'copyFile',
    from: 'C:\\base\\UtilityVM\\SystemTemplate.vhdx',
    to: grant.path,
    until: 'kept',
  };
  const dumps = { action: 'grantGroupAccess', path: 'C:\\dumps' };

  test('folders are made from the top-most that is missing', () => {
    const made = (top: string) => ({ action: 'createFolder', path: 'C:\\deep\\down\\scratch', made: top });
    expect(vmPreparations(options, EVIDENCE)).toEqual([made('C:\\deep'), dumps, copy, grant]);
    const paths = { ...EVIDENCE.paths, 'C:\\deep': 'directory' } as const;
    expect(vmPreparations(options, { ...EVIDENCE, paths })).toEqual([made('C:\\deep\\down'), dumps, copy, grant]);
  });

  test('a scratch that is there is only granted', () => {
    const paths = { ...EVIDENCE.paths, 'C:\\deep\\down\\scratch': 'directory', [grant.path]: 'file' } as const;
    expect(vmPreparations(options, { ...EVIDENCE, paths })).toEqual([dumps, grant]);
  });

  test('a confidential VM has a copy of its guest state for itself', () => {
    const own = 'C:\\bundle\\kernelinitrd.vmgs';
    expect(vmPreparations(linuxOptions(CONFIDENTIAL), EVIDENCE)).toEqual([
      { action: 'copyFile', from: `${BOOT}\\kernelinitrd.vmgs`, to: own, until: 'vmEnds' },
      { action: 'grantGroupAccess', path: own },
    ]);
    expect(vmPreparations(linuxOptions(), EVIDENCE)).toEqual([]);
  });

  test('what has to be looked at is said beforehand', () => {
    expect(vmEvidenceNeeded(options)).toEqual([
      'C:\\base\\UtilityVM',
      'C:\\base\\UtilityVM\\SystemTemplate.vhdx',
      'C:\\deep\\down\\scratch\\UtilityVM',
      'C:\\deep\\down\\scratch\\UtilityVM\\SystemTemplate.vhdx',
      'C:\\deep\\down\\scratch',
      'C:\\deep\\down',
      'C:\\deep',
      'C:\\',
      'C:\\deep\\down\\scratch\\sandbox.vhdx',
      'C:\\dumps',
    ]);
    expect(vmEvidenceNeeded(linuxOptions())).toEqual([`${BOOT}\\kernel`, `${BOOT}\\initrd.img`]);
    expect(vmEvidenceNeeded(linuxOptions(CONFIDENTIAL))).toEqual([`${BOOT}\\kernelinitrd.vmgs`, 'C:\\bundle']);
  });
});

describe('what a VM is told after its start', () => {
  test('a Linux guest hears its policy, and about its boot files where that is known', () => {
    const options = linuxOptions({ securityPolicy: 'e30=', securityPolicyEnforcer: 'rego' });
    expect(vmFollowUps(options, 'aW5mbw==').map(({ GuestRequest }) => GuestRequest.Settings)).toEqual([
      { EnforcerType: 'rego', EncodedSecurityPolicy: 'e30=', EncodedUVMReference: 'aW5mbw==' },
    ]);
    const folder = defaultBootFolder(['C:\\nowhere', BOOT], EVIDENCE);
    expect(referenceInfoPath(options, folder)).toBe('C:\\boot\\reference_info.cose');
    expect(referenceInfoPath(linuxOptions({ referenceInfoFile: '' }), BOOT)).toBeUndefined();
  });

  test('a Windows guest hears nothing', () => expect(vmFollowUps(windowsOptions())).toEqual([]));
});
