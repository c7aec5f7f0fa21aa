import { describe, expect, test } from '@jest/globals';
import { linuxVm, type VmAttachments, windowsVm } from '../../src/vm/attachments.ts';
import { DEVICE_SPACE, freeOffset, type Region } from '../../src/vm/freeSpace.ts';
import { attachLinuxLayer, attachWindowsLayer, detachLayer } from '../../src/vm/layers.ts';
import { attachVpmem } from '../../src/vm/vpmem.ts';
import { fc } from '../support/property.ts';
import { wanted } from './wanted.ts';

const MIB = 2 ** 20;
const layer = (hostPath: string, mib: number, start: VmAttachments, holder = 'web') =>
  wanted(attachLinuxLayer(start, { hostPath, sizeInBytes: mib * MIB }, holder));

describe('a layer of a Linux container', () => {
  test('shares a VPMem device, page by page in size and MiB by MiB in place', () => {
    const first = wanted(attachLinuxLayer(linuxVm(), { hostPath: 'a', sizeInBytes: 5000 }, 'web'));
    const second = layer('b', 1, first.attachments);
    expect([first.attached, second.attached]).toEqual([
      { on: 'vpmem', device: 0, offset: 0, guestPath: '/run/layers/p0-0-8192' },
      { on: 'vpmem', device: 0, offset: MIB, guestPath: '/run/layers/p0-1048576-1048576' },
    ]);
  });

  test('lies where a block of its size begins', () => {
    const small = layer('small', 1, linuxVm());
    const large = layer('large', 3, small.attachments);
    const next = layer('next', 1, large.attachments);
    expect([large.attached, next.attached]).toMatchObject([{ offset: 4 * MIB }, { offset: MIB }]);
  });

  test('goes on the next device when it fits on no other, and to SCSI when there is none', () => {
    const start = linuxVm({ vpmemDevices: 2 });
    const places: unknown[] = [];
    let state = start;
    for (const name of ['a', 'b', 'c']) {
      const outcome = layer(name, 4096, state);
      state = outcome.attachments;
      places.push(outcome.attached);
    }
    expect(places).toEqual([
      { on: 'vpmem', device: 0, offset: 0, guestPath: '/run/layers/p0-0-4294967296' },
      { on: 'vpmem', device: 1, offset: 0, guestPath: '/run/layers/p1-0-4294967296' },
      { on: 'scsi', controller: 0, lun: 0, guestPath: '/run/mounts/m1' },
    ]);
    expect(attachVpmem(state, { hostPath: 'd', sizeInBytes: 1 }, 'web')).toEqual({
      kind: 'full',
      full: 'vpmemSpace',
      size: 2 * DEVICE_SPACE,
    });
  });

  test('that is larger than a device is told so, and goes to SCSI', () => {
    const vm = linuxVm({ isVpmemMultiMapped: false, vpmemDeviceSizeInBytes: 8 * MIB });
    const request = { hostPath: 'large', sizeInBytes: 8 * MIB + 1 };
    expect(attachVpmem(vm, request, 'web')).toEqual({
      kind: 'tooLarge',
      sizeInBytes: 8 * MIB + 1,
      limitInBytes: 8 * MIB,
    });
    const { attached, modify } = wanted(attachLinuxLayer(vm, request, 'web'));
    expect(attached.on).toBe('scsi');
    expect(modify[0]?.GuestRequest?.Settings).toEqual({
      MountPath: '/run/mounts/m1',
      ReadOnly: true,
      Options: ['ro'],
    });
  });

  test('has a device for itself where devices are not shared', () => {
    const vm = linuxVm({ isVpmemMultiMapped: false, vpmemDevices: 2 });
    const first = layer('a', 1, vm);
    const second = layer('b', 1, first.attachments);
    expect(second.attached).toEqual({ on: 'vpmem', device: 1, guestPath: '/run/layers/p1' });
    expect(attachVpmem(second.attachments, { hostPath: 'c', sizeInBytes: MIB }, 'web')).toEqual({
      kind: 'full',
      full: 'vpmemDevices',
      size: 2,
    });
    const { attachments } = detachLayer(second.attachments, first.attached, 'web');
    expect(layer('c', 1, attachments).attached).toMatchObject({ device: 0 });
  });

  test('stays on SCSI for the second holder, also when VPMem has room again', () => {
    const vm = linuxVm({ isVpmemMultiMapped: false, vpmemDevices: 1 });
    const first = layer('a', 1, vm);
    const onScsi = layer('b', 1, first.attachments);
    const { attachments } = detachLayer(onScsi.attachments, first.attached, 'web');
    const shared = layer('b', 1, attachments, 'db');
    expect(shared).toMatchObject({ isNew: false, attached: onScsi.attached });
    const released = detachLayer(shared.attachments, onScsi.attached, 'web');
    expect(released).toMatchObject({ isLast: false, modify: [] });
    expect(detachLayer(released.attachments, shared.attached, 'db').modify).toMatchObject([{ RequestType: 'Remove' }]);
  });

  test('is not on VPMem where the VM takes none there', () => {
    expect(layer('a', 1, linuxVm({ hasLayersOnVpmem: false })).attached.on).toBe('scsi');
  });

  test('finds neither VPMem nor SCSI: the slots are named', () => {
    const vm = linuxVm({ isVpmemMultiMapped: false, vpmemDevices: 1, scsiControllers: 0 });
    const { attachments } = layer('a', 1, vm);
    expect(attachLinuxLayer(attachments, { hostPath: 'b', sizeInBytes: 1 }, 'web')).toEqual({
      kind: 'full',
      full: 'scsiSlots',
      size: 0,
    });
  });

  test.each([true, false])('leaves the device of the root disk alone (shared devices: %s)', (isVpmemMultiMapped) => {
    const vm = linuxVm({ rootDisk: 'C:\\boot\\rootfs.vhd', isVpmemMultiMapped });
    expect(layer('a', 1, vm).attached).toMatchObject({ device: 1 });
    expect(attachVpmem(vm, { hostPath: 'C:\\boot\\rootfs.vhd', sizeInBytes: MIB }, 'web')).toEqual({
      kind: 'conflict',
      on: 'guestPath',
      holders: ['vm'],
    });
  });

  test('is nothing for a Windows guest, on VPMem or elsewhere', () => {
    const vm = windowsVm({ scratch: 'S' });
    expect(attachLinuxLayer(vm, { hostPath: 'a', sizeInBytes: 1 }, 'web')).toEqual({
      kind: 'refused',
      because: 'wrongGuest',
    });
    expect(attachVpmem(vm, { hostPath: 'a', sizeInBytes: 1 }, 'web')).toEqual({
      kind: 'refused',
      because: 'wrongGuest',
    });
  });
});

test('a layer of a Windows container is a share that is read with all privileges', () => {
  const { attachments, attached, modify } = wanted(
    attachWindowsLayer(windowsVm({ scratch: 'S' }), 'C:\\layers\\base', 'web'),
  );
  expect(attached).toMatchObject({ on: 'vsmb', name: 's1' });
  expect(modify[0]?.Settings).toMatchObject({ Options: { ReadOnly: true, TakeBackupPrivilege: true } });
  expect(detachLayer(attachments, attached, 'web').modify).toMatchObject([{ Settings: { Name: 's1' } }]);
});

/** Blocks that are split on demand and joined when all four quarters are free, kept as lists: how hcsshim does it. */
class Quarters {
  private readonly free = new Map<number, Set<number>>([[DEVICE_SPACE, new Set([0])]]);

  private at(size: number): Set<number> {
    const there = this.free.get(size) ?? new Set<number>();
    this.free.set(size, there);
    return there;
  }

  take(size: number): number | undefined {
    if (size > DEVICE_SPACE) return undefined;
    if (this.at(size).size === 0) {
      const parent = this.take(size * 4);
      if (parent === undefined) return undefined;
      for (const part of [0, 1, 2, 3]) this.at(size).add(parent + part * size);
    }
    const offset = Math.min(...this.at(size));
    this.at(size).delete(offset);
    return offset;
  }

  give(offset: number, size: number): void {
    this.at(size).add(offset);
    const parent = offset - (offset % (size * 4));
    const parts = [0, 1, 2, 3].map((part) => parent + part * size);
    if (size === DEVICE_SPACE || !parts.every((part) => this.at(size).has(part))) return;
    for (const part of parts) this.at(size).delete(part);
    this.give(parent, size * 4);
  }
}

test('free space that follows from what is taken is where an allocator with a memory of its own finds it', () => {
  const blocks = [1, 4, 16, 64, 256, 1024, 4096].map((mib) => mib * MIB);
  const step = fc.record({ block: fc.constantFrom(...blocks), drop: fc.option(fc.nat()) });
  const property = fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
    const allocator = new Quarters();
    const regions: Region[] = [];
    for (const { block, drop } of steps) {
      if (drop !== null && regions.length > 0) {
        for (const { offset, size } of regions.splice(drop % regions.length, 1)) allocator.give(offset, size);
        continue;
      }
      const offset = freeOffset(regions, block);
      expect(offset).toBe(allocator.take(block));
      if (offset !== undefined) regions.push({ offset, size: block });
    }
  });
  fc.assert(property);
});

test('nothing fits that is empty or larger than a device', () => {
  expect([freeOffset([], 0), freeOffset([], DEVICE_SPACE), freeOffset([], DEVICE_SPACE + 1)]).toEqual([
    undefined,
    0,
    undefined,
  ]);
});
