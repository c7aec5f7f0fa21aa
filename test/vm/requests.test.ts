/** Each request can also be made by itself, of what the attachments say: when it has to be sent again, or by halves. */
import { expect, test } from '@jest/globals';
import type { ModifySettingRequest } from '../../src/domain/modifyRequest.ts';
import { linuxVm, type VmAttachments, windowsVm } from '../../src/vm/attachments.ts';
import { attachCombinedLayers, combineLayers, removeCombinedLayers } from '../../src/vm/combinedLayers.ts';
import { detachHolder } from '../../src/vm/detachHolder.ts';
import { attachHvSocket, putHvSocket, removeHvSocket } from '../../src/vm/hvSocket.ts';
import { addNamespace, attachNamespace, attachNic, removeNamespace } from '../../src/vm/network.ts';
import { addNic, removeNic } from '../../src/vm/nicRequests.ts';
import { attachPipe, mapPipe } from '../../src/vm/pipes.ts';
import { addPlan9, attachPlan9, removePlan9 } from '../../src/vm/plan9.ts';
import { addScsi, attachScsi, removeScsi } from '../../src/vm/scsi.ts';
import { addVpci, attachVpci, removeVpci } from '../../src/vm/vpci.ts';
import { addVpmem, attachVpmem, removeVpmem } from '../../src/vm/vpmem.ts';
import { attachVsmb, putVsmb, removeVsmb } from '../../src/vm/vsmb.ts';

const WINDOWS = windowsVm({ scratch: 'S' });
const LINUX = linuxVm();

interface Sent {
  readonly attachments: VmAttachments;
  readonly modify: readonly ModifySettingRequest[];
}
type Requests = readonly ModifySettingRequest[];

/** What `attach` sent, and what giving it back sends. */
function sentBy(outcome: Sent | { readonly kind: string }): { readonly added: Requests; readonly removed: Requests } {
  if (!('attachments' in outcome)) throw new Error(outcome.kind);
  return { added: outcome.modify, removed: detachHolder(outcome.attachments, 'web').modify };
}

const disk = { hostPath: 'D', type: 'VirtualDisk', readOnly: true, guestPath: '/d' } as const;
const share = { hostPath: 'C:\\d', isFile: false, readOnly: true };
const device = { deviceInstancePath: 'PCIP\\1', virtualFunction: 0, vmBusGuid: 'bus' };
const service = {
  serviceId: 'service',
  bindSecurityDescriptor: 'D:P',
  connectSecurityDescriptor: 'D:P',
  allowWildcardBinds: false,
};
const root = { rootPath: '/c', layers: [{ Path: '/l' }] };
const namespace = { id: 'ns', settings: { ID: 'ns' } };
const nic = { namespace: 'ns', nicId: 'n', endpoint: { ID: 'e' } };

type Row = readonly [string, Sent | { readonly kind: string }, (state: VmAttachments) => readonly [Requests, Requests]];
const rows: readonly Row[] = [
  [
    'a disk',
    attachScsi(LINUX, disk, 'web'),
    ({ guest, scsi: { disks } }) => [
      disks.map((one) => addScsi(guest, one)),
      disks.map((one) => removeScsi(guest, one)),
    ],
  ],
  [
    'a VSMB share',
    attachVsmb(WINDOWS, share, 'web'),
    ({ vsmb: { shares } }) => [shares.map((one) => putVsmb('Add', one)), shares.map(removeVsmb)],
  ],
  [
    'a Plan 9 share',
    attachPlan9(LINUX, { ...share, mountPath: '/m' }, 'web'),
    ({ plan9: { shares } }) => [shares.map(addPlan9), shares.map(removePlan9)],
  ],
  [
    'a layer on VPMem',
    attachVpmem(LINUX, { hostPath: 'L', sizeInBytes: 1 }, 'web'),
    ({ vpmem: { layers } }) => [layers.map(addVpmem), layers.map(removeVpmem)],
  ],
  [
    'a device',
    attachVpci(LINUX, device, 'web'),
    ({ guest, vpci: { devices } }) => [devices.map((one) => addVpci(guest, one)), devices.map(removeVpci)],
  ],
  [
    'a pipe',
    attachPipe(WINDOWS, { hostPath: 'p' }, 'web'),
    ({ pipes }) => [
      pipes.map(({ hostPath }) => mapPipe('Add', hostPath)),
      pipes.map(({ hostPath }) => mapPipe('Remove', hostPath)),
    ],
  ],
  [
    'a socket service',
    attachHvSocket(WINDOWS, service, 'web'),
    ({ hvSocket: { services } }) => [services.map(putHvSocket), services.map(removeHvSocket)],
  ],
  [
    'combined layers',
    attachCombinedLayers(LINUX, root, 'web'),
    ({ guest, combinedLayers }) => [
      combinedLayers.map((one) => combineLayers(guest, one)),
      combinedLayers.map(removeCombinedLayers),
    ],
  ],
  [
    'a namespace',
    attachNamespace(WINDOWS, namespace, 'web'),
    ({ network: { namespaces } }) => [namespaces.map(addNamespace), namespaces.map(removeNamespace)],
  ],
  [
    'a NIC',
    attachNic(attachNamespace(WINDOWS, namespace, 'pod').attachments, nic, 'web'),
    ({ guest }) => [addNic(guest, 'ns', nic), [removeNic(guest, 'ns', nic)]],
  ],
];

test.each(rows)('the requests for %s are those that attaching and detaching send', (_, outcome, build) => {
  if (!('attachments' in outcome)) throw new Error(outcome.kind);
  const [added, removed] = build(outcome.attachments);
  expect(sentBy(outcome)).toEqual({ added, removed });
  expect(added.length).toBeGreaterThan(0);
});
