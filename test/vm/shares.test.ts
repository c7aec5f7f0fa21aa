import { describe, expect, test } from '@jest/globals';
import { linuxVm, type VmAttachments, windowsVm } from '../../src/vm/attachments.ts';
import { linuxContainerMount } from '../../src/vm/guestPaths.ts';
import { attachPlan9, detachPlan9, type Plan9Request } from '../../src/vm/plan9.ts';
import { attachVsmb, detachVsmb, type VsmbRequest } from '../../src/vm/vsmb.ts';
import { wanted } from './wanted.ts';

const WINDOWS = windowsVm({ scratch: 'C:\\vm\\sandbox.vhdx' });
const LINUX = linuxVm();
const SERVER = '\\\\?\\VMSMB\\VSMB-{dcc079ae-60ba-4d07-847c-3493609c0870}';

const folder = (hostPath: string, rest: Partial<VsmbRequest> = {}): VsmbRequest => ({
  hostPath,
  isFile: false,
  readOnly: true,
  ...rest,
});
const file = (hostPath: string, rest: Partial<VsmbRequest> = {}) => folder(hostPath, { isFile: true, ...rest });

function share(state: VmAttachments, request: VsmbRequest, holder = 'web') {
  return wanted(attachVsmb(state, request, holder));
}

describe('a VSMB share', () => {
  test('of a folder is opened under its name', () => {
    const { attached, modify } = share(WINDOWS, folder('C:\\data\\'));
    expect(attached).toEqual({ name: 's1', guestPath: `${SERVER}\\s1` });
    expect(modify).toEqual([
      {
        ResourcePath: 'VirtualMachine/Devices/VirtualSmb/Shares',
        RequestType: 'Add',
        Settings: {
          Name: 's1',
          Path: 'C:\\data',
          Options: { ReadOnly: true, ShareRead: true, CacheIo: true, PseudoOplocks: true },
        },
      },
    ]);
  });

  test('of the root of a drive keeps its backslash', () => {
    expect(share(WINDOWS, folder('C:\\')).modify[0]?.Settings).toMatchObject({ Path: 'C:\\' });
  });

  test('is counted in hexadecimal, and a name is never given twice', () => {
    let state: VmAttachments = WINDOWS;
    for (let number = 0; number < 16; number += 1) state = share(state, folder(`C:\\d${number}`)).attachments;
    const { attachments } = detachVsmb(state, { name: 'sa' }, 'web');
    expect(share(attachments, folder('C:\\late')).attached.name).toBe('s11');
  });

  test('of one folder read-only and writable are two', () => {
    const readOnly = share(WINDOWS, folder('C:\\data'));
    const writable = share(readOnly.attachments, folder('C:\\data', { readOnly: false }));
    expect([readOnly.attached.name, writable.attached.name]).toEqual(['s1', 's2']);
    expect(writable.modify[0]?.Settings).toMatchObject({ Options: {} });
  });

  test('of a file shows nothing else of its folder, and is not that of the folder', () => {
    const one = share(WINDOWS, file('C:\\cfg\\a.json'));
    expect(one.attached.guestPath).toBe(`${SERVER}\\s1\\a.json`);
    expect(one.modify[0]?.Settings).toMatchObject({
      Path: 'C:\\cfg',
      AllowedFiles: ['C:\\cfg\\a.json'],
      Options: { RestrictFileAccess: true, SingleFileMapping: true },
    });
    expect(share(one.attachments, folder('C:\\cfg')).attached.name).toBe('s2');
  });

  test('grows by a second file and shrinks again, for as long as each is held', () => {
    const a = share(WINDOWS, file('C:\\cfg\\a.json'), 'web');
    const b = share(a.attachments, file('C:\\cfg\\b.json'), 'db');
    expect(b.attached.name).toBe('s1');
    expect(b.modify).toMatchObject([
      { RequestType: 'Update', Settings: { AllowedFiles: ['C:\\cfg\\a.json', 'C:\\cfg\\b.json'] } },
    ]);
    const withoutA = detachVsmb(b.attachments, a.attached, 'web');
    expect(withoutA).toMatchObject({
      isLast: true,
      modify: [{ RequestType: 'Update', Settings: { AllowedFiles: ['C:\\cfg\\b.json'] } }],
    });
    const withoutBoth = detachVsmb(withoutA.attachments, b.attached, 'db');
    expect(withoutBoth.modify).toEqual([
      {
        ResourcePath: 'VirtualMachine/Devices/VirtualSmb/Shares',
        RequestType: 'Remove',
        Settings: { Name: 's1' },
      },
    ]);
  });

  test('of one file for two holders stays open for the second', () => {
    const first = share(WINDOWS, file('C:\\cfg\\a.json'), 'web');
    const second = share(first.attachments, file('C:\\cfg\\a.json'), 'db');
    expect(detachVsmb(second.attachments, first.attached, 'web')).toMatchObject({ isLast: false, modify: [] });
    const again = share(second.attachments, file('C:\\cfg\\a.json'), 'db');
    expect(again).toMatchObject({ isNew: false, modify: [], attachments: second.attachments });
  });

  test('is not mapped directly where the VM or the file system cannot do that', () => {
    const vm = windowsVm({ scratch: 'S', noDirectMap: true });
    const options = [share(vm, folder('C:\\d')), share(WINDOWS, folder('C:\\d', { noDirectMap: true }))].map(
      ({ modify }) => modify[0]?.Settings,
    );
    expect(options).toMatchObject([{ Options: { NoDirectmap: true } }, { Options: { NoDirectmap: true } }]);
  });

  test('that can be written to is refused by a VM that has none', () => {
    const vm = windowsVm({ scratch: 'S', noWritableShares: true });
    const refused = { kind: 'refused', because: 'writableSharesDenied' };
    expect(attachVsmb(vm, folder('C:\\d', { readOnly: false }), 'web')).toEqual(refused);
    expect(share(vm, folder('C:\\d')).isNew).toBe(true);
  });

  test('is nothing for a Linux guest', () => {
    expect(attachVsmb(LINUX, folder('C:\\d'), 'web')).toEqual({ kind: 'refused', because: 'wrongGuest' });
  });
});

describe('a Plan 9 share', () => {
  const data: Plan9Request = {
    hostPath: 'C:\\data',
    isFile: false,
    readOnly: false,
    mountPath: linuxContainerMount('/run/gcs/c/web', 2),
  };

  test('is named by a number and mounted by that name', () => {
    const { attached, modify } = wanted(attachPlan9(LINUX, data, 'web'));
    expect(attached).toEqual({ name: '0', guestPath: '/run/gcs/c/web/mounts/m2' });
    expect(modify).toEqual([
      {
        ResourcePath: 'VirtualMachine/Devices/Plan9/Shares',
        RequestType: 'Add',
        Settings: { Name: '0', AccessName: '0', Path: 'C:\\data', Port: 564, Flags: 4 },
        GuestRequest: {
          RequestType: 'Add',
          ResourceType: 'MappedDirectory',
          Settings: { MountPath: '/run/gcs/c/web/mounts/m2', Port: 564, ShareName: '0' },
        },
      },
    ]);
  });

  test('of a file is its folder with access to the file alone', () => {
    const request = { ...data, hostPath: 'C:\\cfg\\a.json', isFile: true, readOnly: true };
    const { attached, modify } = wanted(attachPlan9(LINUX, request, 'web'));
    expect(attached.guestPath).toBe('/run/gcs/c/web/mounts/m2/a.json');
    expect(modify[0]?.Settings).toMatchObject({ Path: 'C:\\cfg\\', AllowedFiles: ['a.json'], Flags: 0x85 });
  });

  test('is made for each place, also of one folder, and its name is never given twice', () => {
    const first = wanted(attachPlan9(LINUX, data, 'web'));
    const second = wanted(attachPlan9(first.attachments, { ...data, mountPath: '/m' }, 'web'));
    const { attachments } = detachPlan9(second.attachments, second.attached, 'web');
    expect(wanted(attachPlan9(attachments, { ...data, mountPath: '/m' }, 'web')).attached.name).toBe('2');
  });

  test('holds its place against another folder', () => {
    const { attachments } = wanted(attachPlan9(LINUX, data, 'web'));
    const other = { ...data, hostPath: 'C:\\other' };
    expect(attachPlan9(attachments, other, 'db')).toEqual({ kind: 'conflict', on: 'hostPath', holders: ['web'] });
  });

  test('is refused where it may not be', () => {
    expect(attachPlan9(WINDOWS, data, 'web')).toEqual({ kind: 'refused', because: 'wrongGuest' });
    expect(attachPlan9(linuxVm({ noWritableShares: true }), data, 'web')).toEqual({
      kind: 'refused',
      because: 'writableSharesDenied',
    });
  });
});
