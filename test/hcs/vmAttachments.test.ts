import { describe, expect, test } from '@jest/globals';
import type { ModifySettingRequest } from '../../src/domain/modifyRequest.ts';
import type { SimulatedHost } from '../../src/testing/index.ts';
import { combineLayers, removeCombinedLayers } from '../../src/vm/combinedLayers.ts';
import { addNamespace, removeNamespace } from '../../src/vm/network.ts';
import { addNic, removeNic } from '../../src/vm/nicRequests.ts';
import { mapPipe } from '../../src/vm/pipes.ts';
import { addPlan9 } from '../../src/vm/plan9.ts';
import { addScsi, removeScsi } from '../../src/vm/scsi.ts';
import { addVpci } from '../../src/vm/vpci.ts';
import { addVpmem } from '../../src/vm/vpmem.ts';
import { putVsmb, removeVsmb } from '../../src/vm/vsmb.ts';
import {
  attachLayers,
  COMBINED,
  codeOf,
  createContainer,
  detach,
  disk,
  ENDPOINT,
  filesShare,
  folderShare,
  LAYER_REQUESTS,
  linuxHost,
  NIC,
  NS,
  windowsHost,
} from '../support/vmHosts.ts';
import { attach, grant, VM } from '../support/vmReplay.ts';

const nic = { nicId: NIC, endpoint: ENDPOINT };
const [preAdd, plugIn] = addNic('windows', NS, nic) as [ModifySettingRequest, ModifySettingRequest];
const namespace = { settings: { ID: NS, NamespaceId: 2 } };
const pipe = '\\\\.\\pipe\\docker';
const device = { deviceInstancePath: 'PCIP\\VEN_10DE', virtualFunction: 0, vmBusGuid: NIC };
const plan9 = { name: '0', hostPath: 'C:\\layer', isFile: false, readOnly: true, mountPath: '/run/m', holders: [] };
const layer = { hostPath: 'C:\\linux\\layer.vhd', holders: [] };
const mapping = (offset: number) => ({
  ...layer,
  device: 0,
  guestPath: `/run/layers/p0-${offset}-8192`,
  mapping: { offset, size: 8192 },
});

type Refused = readonly [what: string, code: string, before: readonly ModifySettingRequest[], ModifySettingRequest];

const IN_WINDOWS: readonly Refused[] = [
  ['a share under a name that is taken', 'ERROR_ALREADY_EXISTS', LAYER_REQUESTS, putVsmb('Add', folderShare('s1'))],
  ['a share of no folder', 'ERROR_PATH_NOT_FOUND', [], putVsmb('Add', folderShare('s1', 'C:\\nothing'))],
  ['a share of a missing file', 'ERROR_FILE_NOT_FOUND', [], putVsmb('Add', filesShare('s1', 'C:\\cfg\\c.json'))],
  [
    'an update of a share of a whole folder',
    'ERROR_INVALID_PARAMETER',
    LAYER_REQUESTS,
    putVsmb('Update', folderShare('s1')),
  ],
  ['an update of no share', 'ERROR_NOT_FOUND', [], putVsmb('Update', filesShare('s1', 'C:\\cfg\\a.json'))],
  ['a disk in a slot that is taken', 'ERROR_ALREADY_EXISTS', [], addScsi('windows', disk(0))],
  ['a disk in a slot that no controller has', 'ERROR_INVALID_PARAMETER', [], addScsi('windows', disk(64))],
  [
    'a disk on a controller that the VM has not',
    'ERROR_NOT_FOUND',
    [],
    addScsi('windows', { ...disk(0), controller: 1 }),
  ],
  ['a disk that is attached already', 'ERROR_SHARING_VIOLATION', LAYER_REQUESTS, addScsi('windows', disk(2))],
  ['a disk without access', 'ERROR_ACCESS_DENIED', [], addScsi('windows', disk(1, undefined, 'C:\\disks\\other.vhdx'))],
  ['a missing disk', 'ERROR_FILE_NOT_FOUND', [], addScsi('windows', disk(1, undefined, 'C:\\nothing.vhdx'))],
  [
    'layers that are not in the guest',
    'ERROR_PATH_NOT_FOUND',
    LAYER_REQUESTS.slice(1, 2),
    combineLayers('windows', COMBINED),
  ],
  [
    'layers without a scratch disk',
    'ERROR_PATH_NOT_FOUND',
    LAYER_REQUESTS.slice(0, 1),
    combineLayers('windows', COMBINED),
  ],
  ['layers at one root twice', 'ERROR_ALREADY_EXISTS', LAYER_REQUESTS, combineLayers('windows', COMBINED)],
  ['a NIC that the guest was not told of', 'ERROR_NOT_FOUND', [addNamespace(namespace)], plugIn],
  ['a NIC in a namespace that is not in the guest', 'ERROR_NOT_FOUND', [], preAdd],
  [
    'a NIC for an endpoint that has one',
    'HCN_E_ENDPOINT_ALREADY_ATTACHED',
    [addNamespace(namespace), preAdd, plugIn, ...addNic('windows', NS, { ...nic, nicId: NS }).slice(0, 1)],
    addNic('windows', NS, { ...nic, nicId: NS })[1] ?? {},
  ],
  ['a namespace that the host has not', 'ERROR_NOT_FOUND', [], addNamespace({ settings: { ID: NIC } })],
  ['a pipe twice', 'ERROR_ALREADY_EXISTS', [mapPipe('Add', pipe)], mapPipe('Add', pipe)],
  ['a device twice', 'ERROR_BUSY', [addVpci('windows', device)], addVpci('windows', { ...device, vmBusGuid: NS })],
  ['a Plan 9 share', 'ERROR_NOT_SUPPORTED', [], addPlan9(plan9)],
  ['VPMem', 'ERROR_NOT_SUPPORTED', [], addVpmem(mapping(0))],
  [
    'a resource that there is not',
    'ERROR_NOT_SUPPORTED',
    [],
    { ResourcePath: 'VirtualMachine/Devices/Tape/0', RequestType: 'Add' },
  ],
  ['a removal', 'ERROR_INVALID_PARAMETER', LAYER_REQUESTS, removeVsmb({ name: 's1' })],
];

const IN_LINUX: readonly Refused[] = [
  ['a VSMB share', 'ERROR_NOT_SUPPORTED', [], putVsmb('Add', folderShare('s1'))],
  ['a pipe', 'ERROR_NOT_SUPPORTED', [], mapPipe('Add', pipe)],
  ['a namespace', 'ERROR_NOT_SUPPORTED', [], addNamespace(namespace)],
  ['two shares at one place', 'ERROR_ALREADY_EXISTS', [addPlan9(plan9)], addPlan9({ ...plan9, name: '1' })],
  ['a layer where another one lies', 'ERROR_ALREADY_EXISTS', [addVpmem(mapping(0))], addVpmem(mapping(4096))],
  [
    'a device for itself where layers share it',
    'ERROR_ALREADY_EXISTS',
    [addVpmem(mapping(0))],
    addVpmem({ ...layer, device: 0, guestPath: '/p0' }),
  ],
  [
    'a VPMem device that the VM has not',
    'ERROR_INVALID_PARAMETER',
    [],
    addVpmem({ ...layer, device: 64, guestPath: '/p' }),
  ],
  [
    'a NIC in a namespace that its endpoint is not in',
    'ERROR_INVALID_PARAMETER',
    [],
    addNic('linux', NIC, nic)[0] ?? {},
  ],
];

describe('an attachment is refused and changes nothing:', () => {
  const refuses = async (host: SimulatedHost, [, code, before, request]: Refused) => {
    await grant(host, 'C:\\disks\\scratch.vhdx');
    for (const each of before) await attach(host, each);
    const [alive, effects] = [host.snapshot(), host.effects.length];
    expect(await codeOf(attach(host, request))).toBe(code);
    expect(host.snapshot()).toEqual(alive);
    expect(host.effects).toHaveLength(effects);
  };
  test.each(IN_WINDOWS)('%s, in a Windows VM', async (...refused) => refuses(await windowsHost(), refused));
  test.each(IN_LINUX)('%s, in a Linux VM', async (...refused) => refuses(await linuxHost(), refused));
});

describe('a removal', () => {
  test('of what is not there is answered so', async () => {
    const host = await windowsHost();
    expect(await codeOf(detach(host, removeVsmb({ name: 's9' })))).toBe('ERROR_NOT_FOUND');
    expect(await codeOf(detach(host, removeScsi('windows', disk(5))))).toBe('ERROR_NOT_FOUND');
    expect(await codeOf(detach(host, removeCombinedLayers(COMBINED)))).toBe('ERROR_NOT_FOUND');
    expect(await codeOf(detach(host, mapPipe('Remove', pipe)))).toBe('ERROR_NOT_FOUND');
    expect(await codeOf(detach(host, removeNic('windows', NS, nic)))).toBe('ERROR_NOT_FOUND');
  });

  test('waits for what stands on it', async () => {
    const host = await windowsHost();
    await attachLayers(host);
    const container = await createContainer(host);
    expect(await codeOf(detach(host, removeVsmb({ name: 's1' })))).toBe('ERROR_BUSY');
    expect(await codeOf(detach(host, removeScsi('windows', disk(1, 'C:\\c\\1'))))).toBe('ERROR_BUSY');
    expect(await codeOf(detach(host, removeCombinedLayers(COMBINED)))).toBe('ERROR_BUSY');
    await host.compute.close(container);
    await detach(host, removeCombinedLayers(COMBINED));
    await detach(host, removeScsi('windows', disk(1, 'C:\\c\\1')));
    await detach(host, removeVsmb({ name: 's1' }));
    expect(host.snapshot().filter((line) => /scsi|vsmb|combined|computeSystem/.test(line))).toEqual([
      `handle.computeSystem ${VM}`,
    ]);
  });

  test('of a scratch disk waits for all containers that write to it, wherever their roots are', async () => {
    const host = await windowsHost();
    await attachLayers(host);
    const second = { ...COMBINED, rootPath: 'C:\\c\\2' };
    const third = { ...COMBINED, rootPath: 'C:\\c\\3' };
    await attach(host, combineLayers('windows', second));
    await detach(host, removeCombinedLayers(COMBINED));
    await attach(host, combineLayers('windows', third));
    await detach(host, removeCombinedLayers(second));
    const scratch = removeScsi('windows', disk(1, 'C:\\c\\1'));
    expect(await codeOf(detach(host, scratch))).toBe('ERROR_BUSY');
    await detach(host, removeCombinedLayers(third));
    expect(await codeOf(detach(host, scratch))).toBe('accepted');
  });

  test('leaves what belongs to the VM itself', async () => {
    const host = await windowsHost();
    expect(await codeOf(detach(host, removeVsmb({ name: 'os' })))).toBe('ERROR_BUSY');
    expect(await codeOf(detach(host, removeScsi('windows', disk(0))))).toBe('ERROR_BUSY');
  });

  test('of a namespace waits for its NICs, and a NIC that was only announced can be taken back', async () => {
    const host = await windowsHost();
    await attach(host, addNamespace(namespace));
    await attach(host, preAdd);
    expect(await codeOf(detach(host, removeNamespace(namespace)))).toBe('ERROR_BUSY');
    await detach(host, removeNic('windows', NS, nic));
    await detach(host, removeNamespace(namespace));
    expect(host.snapshot().filter((line) => line.startsWith('guest'))).toEqual([]);
  });
});
