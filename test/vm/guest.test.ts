import { describe, expect, test } from '@jest/globals';
import { guestHalf, hostHalf } from '../../src/domain/modifyRequest.ts';
import { linuxVm, nextContainerRoot, windowsVm } from '../../src/vm/attachments.ts';
import { attachCombinedLayers, detachCombinedLayers } from '../../src/vm/combinedLayers.ts';
import { detachHolder } from '../../src/vm/detachHolder.ts';
import {
  linuxContainerRoot,
  linuxRootfs,
  linuxScratchOnSharedDisk,
  pipePath,
  vmBusInstanceId,
} from '../../src/vm/guestPaths.ts';
import { attachHvSocket, detachHvSocket } from '../../src/vm/hvSocket.ts';
import { attachWindowsLayer } from '../../src/vm/layers.ts';
import { attachNamespace, attachNic, detachNamespace, detachNic } from '../../src/vm/network.ts';
import { attachPipe } from '../../src/vm/pipes.ts';
import { attachScsi } from '../../src/vm/scsi.ts';
import { attachVpci } from '../../src/vm/vpci.ts';
import { wanted } from './wanted.ts';

const WINDOWS = windowsVm({ scratch: 'C:\\vm\\sandbox.vhdx' });
const LINUX = linuxVm();

test('places in the guest', () => {
  const first = nextContainerRoot(WINDOWS);
  expect([first.guestPath, nextContainerRoot(first.attachments).guestPath]).toEqual(['C:\\c\\1', 'C:\\c\\2']);
  const root = linuxContainerRoot('web');
  expect([root, linuxRootfs(root)]).toEqual(['/run/gcs/c/web', '/run/gcs/c/web/rootfs']);
  expect(linuxScratchOnSharedDisk('/run/gcs/c/pod', 'web')).toBe('/run/gcs/c/pod/container_web');
  expect(pipePath('\\\\.\\pipe\\docker_engine')).toBe(
    '\\\\?\\VMSMB\\VSMB-{dcc079ae-60ba-4d07-847c-3493609c0870}\\IPC$\\docker_engine',
  );
  expect(vmBusInstanceId('aaaa')).toBe('VMBUS\\{44c4f61d-4444-4400-9d52-802e27ede19f}\\{aaaa}');
});

describe('a request falls into halves', () => {
  const disk = { hostPath: 'D', type: 'VirtualDisk', readOnly: false, guestPath: 'C:\\c\\1' } as const;
  const [both] = wanted(attachScsi(WINDOWS, disk, 'web')).modify;
  const [guestOnly] = wanted(attachCombinedLayers(WINDOWS, { rootPath: 'C:\\c\\1', layers: [] }, 'web')).modify;
  const [hostOnly] = wanted(attachWindowsLayer(WINDOWS, 'C:\\l', 'web')).modify;

  test('that give the whole again', () => {
    expect({ ...hostHalf(both ?? {}), GuestRequest: guestHalf(both ?? {}) }).toEqual(both);
    expect(hostHalf(both ?? {})).not.toHaveProperty('GuestRequest');
  });

  test('one of which may be missing', () => {
    expect([hostHalf(guestOnly ?? {}), guestHalf(hostOnly ?? {})]).toEqual([undefined, undefined]);
    expect([hostHalf(hostOnly ?? {}), guestHalf(guestOnly ?? {})]).toEqual([hostOnly, guestOnly?.GuestRequest]);
  });
});

describe('a network namespace', () => {
  const settings = { ID: 'ns', Type: 'Guest', Resources: [] };
  const endpoint = { ID: 'e1', MacAddress: '00-15-5D-00-00-01', IPAddress: '10.0.0.2', PrefixLength: 24 };
  const nic = { namespace: 'ns', nicId: 'n1', endpoint };

  test('must be there before its NICs', () => {
    expect(attachNic(WINDOWS, nic, 'web')).toEqual({ kind: 'refused', because: 'namespaceNotAttached' });
  });

  test('is announced to a Windows guest, and each NIC before it comes', () => {
    const { attachments, modify } = attachNamespace(WINDOWS, { id: 'ns', settings }, 'web');
    const added = wanted(attachNic(attachments, nic, 'web'));
    expect([...modify, ...added.modify]).toEqual([
      {
        GuestRequest: {
          RequestType: 'Add',
          ResourceType: 'NetworkNamespace',
          Settings: { ID: 'ns', Type: 'Guest' },
        },
      },
      {
        GuestRequest: {
          RequestType: 'Add',
          ResourceType: 'Network',
          Settings: { AdapterId: 'n1', RequestType: 'PreAdd', Settings: endpoint },
        },
      },
      {
        ResourcePath: 'VirtualMachine/Devices/NetworkAdapters/n1',
        RequestType: 'Add',
        Settings: { EndpointId: 'e1', MacAddress: '00-15-5D-00-00-01' },
        GuestRequest: {
          RequestType: 'Add',
          ResourceType: 'Network',
          Settings: { AdapterId: 'n1', RequestType: 'Add' },
        },
      },
    ]);
  });

  test('stays while a NIC in it is held, and goes with the last one', () => {
    const { attachments } = attachNamespace(WINDOWS, { id: 'ns', settings }, 'pod');
    const added = wanted(attachNic(attachments, nic, 'web'));
    const left = detachNamespace(added.attachments, { id: 'ns' }, 'pod');
    expect(left).toMatchObject({ isLast: false, modify: [] });
    const emptied = detachNic(left.attachments, { namespace: 'ns', endpointId: 'e1' }, 'web');
    expect(emptied.modify.map(({ GuestRequest }) => GuestRequest?.ResourceType ?? 'the NIC')).toEqual([
      'the NIC',
      'NetworkNamespace',
    ]);
    expect(emptied.attachments).toEqual(WINDOWS);
  });

  test('comes to a Linux guest with its NIC, which goes under the id that it came with', () => {
    const { attachments, modify } = attachNamespace(LINUX, { id: 'ns', settings }, 'web');
    const added = wanted(attachNic(attachments, nic, 'web'));
    expect([modify, added.modify[0]?.GuestRequest?.Settings]).toEqual([
      [],
      {
        NamespaceID: 'ns',
        ID: 'n1',
        MacAddress: '00-15-5D-00-00-01',
        IPAddress: '10.0.0.2',
        PrefixLength: 24,
      },
    ]);
    const [removal] = detachNic(added.attachments, { namespace: 'ns', endpointId: 'e1' }, 'web').modify;
    expect(removal?.GuestRequest?.Settings).toEqual({ NamespaceID: 'ns', ID: 'n1' });
  });

  test.each([
    ['FD00:0:0::11', 'fd00::11'],
    ['::', undefined],
    ['none', undefined],
  ])('tells a Linux guest of the IPv6 address %s as %s', (IPv6Address, told) => {
    const { attachments } = attachNamespace(LINUX, { id: 'ns', settings }, 'web');
    const request = { ...nic, endpoint: { ...endpoint, IPv6Address, IPv6PrefixLength: 64 } };
    const guest = wanted(attachNic(attachments, request, 'web')).modify[0]?.GuestRequest?.Settings;
    const expected = told === undefined ? {} : { IPv6Address: told, IPv6PrefixLength: 64 };
    expect(guest).toMatchObject(expected);
    expect('IPv6Address' in (guest ?? {})).toBe(told !== undefined);
  });
});

test('a device is awaited by a Linux guest only, and keeps the bus that it came on', () => {
  const request = { deviceInstancePath: 'PCIP\\1', virtualFunction: 2, vmBusGuid: 'bus-1' };
  const first = attachVpci(LINUX, request, 'web');
  expect(first.modify).toEqual([
    {
      ResourcePath: 'VirtualMachine/Devices/VirtualPci/bus-1',
      RequestType: 'Add',
      Settings: { Functions: [{ DeviceInstancePath: 'PCIP\\1', VirtualFunction: 2 }] },
      GuestRequest: { RequestType: 'Add', ResourceType: 'VPCIDevice', Settings: { VMBusGUID: 'bus-1' } },
    },
  ]);
  const second = attachVpci(first.attachments, { ...request, vmBusGuid: 'bus-2' }, 'db');
  expect(second).toMatchObject({ isNew: false, attached: { vmBusGuid: 'bus-1' } });
  expect(attachVpci(WINDOWS, request, 'web').modify[0]).not.toHaveProperty('GuestRequest');
});

test('a socket service is put into the table, and taken out', () => {
  const request = {
    serviceId: 'service',
    bindSecurityDescriptor: 'D:P(A;;FA;;;SY)',
    connectSecurityDescriptor: 'D:P(A;;FA;;;SY)',
    allowWildcardBinds: true,
  };
  const { attachments, modify } = wanted(attachHvSocket(WINDOWS, request, 'web'));
  expect([...modify, ...detachHvSocket(attachments, request, 'web').modify]).toMatchObject([
    { RequestType: 'Update', Settings: { AllowWildcardBinds: true } },
    {
      ResourcePath: 'VirtualMachine/Devices/HvSocket/HvSocketConfig/ServiceTable/service',
      RequestType: 'Remove',
    },
  ]);
  const conflict = attachHvSocket(attachments, { ...request, allowWildcardBinds: false }, 'db');
  expect(conflict).toEqual({ kind: 'conflict', on: 'allowWildcardBinds', holders: ['web'] });
});

test('layers are combined once at a root, and not over others', () => {
  const request = { rootPath: '/c/rootfs', layers: [{ Path: '/l' }], containerId: 'web', scratchPath: '/c' };
  const { attachments } = wanted(attachCombinedLayers(LINUX, request, 'web'));
  const other = { ...request, layers: [{ Path: '/other' }] };
  expect(attachCombinedLayers(attachments, other, 'db')).toEqual({ kind: 'conflict', on: 'layers', holders: ['web'] });
  expect(wanted(attachCombinedLayers(attachments, request, 'web')).isNew).toBe(false);
  expect(detachCombinedLayers(attachments, request, 'web').attachments).toEqual(LINUX);
});

test('who gives back all at once takes file systems apart before disks and layers, and leaves what others hold', () => {
  const layer = wanted(attachWindowsLayer(WINDOWS, 'C:\\layers\\base', 'web'));
  const disk = { hostPath: 'D', type: 'VirtualDisk', readOnly: false, guestPath: 'C:\\c\\1' } as const;
  const scratch = wanted(attachScsi(layer.attachments, disk, 'web'));
  const root = { rootPath: 'C:\\c\\1', layers: [{ Path: layer.attached.guestPath }] };
  const combined = wanted(attachCombinedLayers(scratch.attachments, root, 'web'));
  const pipe = attachPipe(combined.attachments, { hostPath: '\\\\.\\pipe\\a' }, 'web');
  const others = wanted(attachWindowsLayer(pipe.attachments, 'C:\\layers\\base', 'db'));
  const { attachments, modify } = detachHolder(others.attachments, 'web');
  expect(modify.map(({ ResourcePath, GuestRequest }) => ResourcePath ?? GuestRequest?.ResourceType)).toEqual([
    'VirtualMachine/Devices/MappedPipes/\\\\.\\pipe\\a',
    'CombinedLayers',
    'VirtualMachine/Devices/Scsi/df6d0690-79e5-55b6-a5ec-c1e2f77f580a/Attachments/1',
  ]);
  expect(attachments.vsmb.shares).toMatchObject([{ name: 's1', holders: ['db'] }]);
});
