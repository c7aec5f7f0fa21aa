import { describe, expect, test } from '@jest/globals';
import { SCSI_CONTROLLER_IDS } from '../../src/domain/utilityVm.ts';
import { linuxVm, nextMount, type VmAttachments, windowsVm } from '../../src/vm/attachments.ts';
import { attachScsi, detachScsi, parseExtensibleDisk, type ScsiRequest } from '../../src/vm/scsi.ts';
import { wanted } from './wanted.ts';

const WINDOWS = windowsVm({ scratch: 'C:\\vm\\sandbox.vhdx' });
const disk = (hostPath: string, rest: Partial<ScsiRequest> = {}): ScsiRequest => ({
  hostPath,
  type: 'VirtualDisk',
  readOnly: false,
  guestPath: `/run/mounts/${hostPath}`,
  ...rest,
});

function filled(start: VmAttachments, count: number): VmAttachments {
  let state = start;
  for (let number = 0; number < count; number += 1) {
    state = wanted(attachScsi(state, disk(`d${number}`), 'web')).attachments;
  }
  return state;
}

describe('a SCSI disk', () => {
  test('goes beside the scratch of a Windows VM, which is at 0:0', () => {
    const { attached, modify } = wanted(attachScsi(WINDOWS, disk('D', { guestPath: 'C:\\c\\1' }), 'web'));
    expect(attached).toMatchObject({ controller: 0, lun: 1, guestPath: 'C:\\c\\1' });
    expect(modify).toEqual([
      {
        ResourcePath: 'VirtualMachine/Devices/Scsi/df6d0690-79e5-55b6-a5ec-c1e2f77f580a/Attachments/1',
        RequestType: 'Add',
        Settings: { Path: 'D', Type: 'VirtualDisk' },
        GuestRequest: {
          RequestType: 'Add',
          ResourceType: 'MappedVirtualDisk',
          Settings: { ContainerPath: 'C:\\c\\1', Lun: 1 },
        },
      },
    ]);
  });

  test('goes to the next controller when one is full, and says which one to a Linux guest', () => {
    const state = filled(linuxVm({ vpmemDevices: 0 }), 64);
    const { attached, modify } = wanted(attachScsi(state, disk('late'), 'web'));
    expect(attached).toMatchObject({ controller: 1, lun: 0 });
    expect(modify[0]?.ResourcePath).toContain(SCSI_CONTROLLER_IDS[1]);
    expect(modify[0]?.GuestRequest?.Settings).toEqual({ MountPath: '/run/mounts/late', Controller: 1 });
  });

  test('finds no slot when all are taken, and is told how many there are', () => {
    expect(attachScsi(filled(linuxVm(), 64), disk('late'), 'web')).toEqual({
      kind: 'full',
      full: 'scsiSlots',
      size: 64,
    });
  });

  test('that is there already finds its slot also when all are taken', () => {
    const outcome = wanted(attachScsi(filled(linuxVm(), 64), disk('d7'), 'db'));
    expect(outcome).toMatchObject({ isNew: false, modify: [], attached: { lun: 7 } });
  });

  test('takes the lowest slot that became free', () => {
    const state = filled(linuxVm(), 9);
    const { attachments, isLast } = detachScsi(state, { controller: 0, lun: 4 }, 'web');
    expect(isLast).toBe(true);
    expect(wanted(attachScsi(attachments, disk('late'), 'web')).attached).toMatchObject({ controller: 0, lun: 4 });
  });

  test('is shared where it is mounted, wherever the second holder wanted it', () => {
    const first = wanted(attachScsi(linuxVm(), disk('D', { guestPath: '/a' }), 'web'));
    const second = wanted(attachScsi(first.attachments, disk('D', { guestPath: '/b' }), 'db'));
    expect(second).toMatchObject({ isNew: false, attached: { guestPath: '/a' } });
    const released = detachScsi(second.attachments, second.attached, 'web');
    expect(released).toMatchObject({ isLast: false, modify: [] });
    expect(detachScsi(released.attachments, second.attached, 'db').isLast).toBe(true);
  });

  test.each([
    ['type', { type: 'PassThru' }],
    ['encrypted', { encrypted: true }],
  ] as const)('is no answer to who needs another %s: the holders are named', (on, rest) => {
    const { attachments } = wanted(attachScsi(linuxVm(), disk('D'), 'web'));
    expect(attachScsi(attachments, disk('D', rest), 'db')).toEqual({ kind: 'conflict', on, holders: ['web'] });
  });

  test('stays as its first request wanted it, read-only or not', () => {
    const { attachments } = wanted(attachScsi(linuxVm(), disk('D'), 'web'));
    const { attached, modify } = wanted(attachScsi(attachments, disk('D', { readOnly: true }), 'db'));
    expect({ readOnly: attached.readOnly, modify }).toEqual({ readOnly: false, modify: [] });
  });

  test('that was attached and not mounted cannot be mounted for the next one', () => {
    expect(attachScsi(WINDOWS, disk('C:\\vm\\sandbox.vhdx'), 'web')).toEqual({
      kind: 'conflict',
      on: 'guestPath',
      holders: ['vm'],
    });
  });

  test.each([
    ['windows', WINDOWS],
    ['linux', linuxVm()],
  ] as const)('without a place in a %s guest is ejected there all the same', (_, start) => {
    const bare: ScsiRequest = { hostPath: '\\\\.\\PHYSICALDRIVE2', type: 'PassThru', readOnly: true };
    const { attachments, attached, modify } = wanted(attachScsi(start, bare, 'web'));
    expect(modify[0]).not.toHaveProperty('GuestRequest');
    const [removal] = detachScsi(attachments, attached, 'web').modify;
    expect(removal?.GuestRequest).toEqual({
      RequestType: 'Remove',
      ResourceType: 'MappedVirtualDisk',
      Settings: attached.lun === 0 ? {} : { Lun: attached.lun },
    });
  });

  test('of the VM itself stays, whoever gives it back', () => {
    const detached = detachScsi(WINDOWS, { controller: 0, lun: 0 }, 'web');
    expect(detached).toEqual({ attachments: WINDOWS, isLast: false, modify: [] });
  });

  test('from which a Linux VM without VPMem boots is at 0:0', () => {
    const state = linuxVm({ vpmemDevices: 0, rootDisk: 'C:\\boot\\rootfs.vhd' });
    expect(state.scsi).toMatchObject({ controllers: 4, disks: [{ controller: 0, lun: 0, guestPath: '/' }] });
    expect(wanted(attachScsi(state, disk('D'), 'web')).attached).toMatchObject({ controller: 0, lun: 1 });
  });
});

test('a place for disks is given once', () => {
  const first = nextMount(WINDOWS);
  const second = nextMount(first.attachments);
  expect([first.guestPath, second.guestPath, nextMount(linuxVm()).guestPath]).toEqual([
    'C:\\mounts\\m1',
    'C:\\mounts\\m2',
    '/run/mounts/m1',
  ]);
});

test.each([
  ['evd://space/{pool}{disk}', { type: 'space', path: '{pool}{disk}' }],
  ['evd://space/a/b', { type: 'space', path: 'a/b' }],
  ['evd://space', undefined],
  ['evd:///path', undefined],
])('an extensible disk %s', (uri, parsed) => {
  expect(parseExtensibleDisk(uri)).toEqual(parsed);
});
