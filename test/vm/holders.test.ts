import { describe, expect, test } from '@jest/globals';
import { linuxVm, type VmAttachments, windowsVm } from '../../src/vm/attachments.ts';
import { attachCombinedLayers, type CombinedLayers, detachCombinedLayers } from '../../src/vm/combinedLayers.ts';
import { detachHolder } from '../../src/vm/detachHolder.ts';
import { attachHvSocket, detachHvSocket, type HvSocketService } from '../../src/vm/hvSocket.ts';
import { attachNamespace, attachNic, detachNic, type Nic } from '../../src/vm/network.ts';
import { attachPipe, detachPipe, type PipePlace } from '../../src/vm/pipes.ts';
import { attachPlan9, detachPlan9, type Plan9Place } from '../../src/vm/plan9.ts';
import { attachScsi, detachScsi, type ScsiDisk } from '../../src/vm/scsi.ts';
import { attachVpci, detachVpci, type VpciDevice } from '../../src/vm/vpci.ts';
import { attachVpmem, detachVpmem, type VpmemLayer } from '../../src/vm/vpmem.ts';
import { attachVsmb, detachVsmb, type VsmbPlace } from '../../src/vm/vsmb.ts';
import { fc } from '../support/property.ts';
import { expectHoldersToDecide, type KindUnderTest, type Need, withoutNumbers } from './holding.ts';

const WINDOWS = windowsVm({ scratch: 'C:\\vm\\sandbox.vhdx' });
const LINUX = linuxVm();
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

const disks = (start: VmAttachments): KindUnderTest => ({
  start,
  needs: numbers(8).map((number): Need => {
    const request = { type: 'VirtualDisk', hostPath: `D${number >> 1}`, readOnly: number % 2 === 0 } as const;
    return {
      name: request.hostPath,
      attach: (state, holder) => attachScsi(state, { ...request, guestPath: `/d${number}` }, holder),
      detach: (state, attached, holder) => detachScsi(state, attached as ScsiDisk, holder),
    };
  }),
  held: ({ scsi }) =>
    scsi.disks.filter(({ holders }) => !holders.includes('vm')).map(({ hostPath, holders }) => [hostPath, holders]),
  slots: ({ scsi }) => scsi.disks.map(({ controller, lun }) => `${controller}:${lun}`),
});

const shares: KindUnderTest = {
  start: WINDOWS,
  needs: numbers(8).map((number): Need => {
    const isFile = number % 2 === 0;
    const readOnly = number % 4 < 2;
    const hostPath = isFile ? `C:\\cfg\\${number >> 2}.json` : `C:\\cfg${number >> 2}`;
    return {
      name: `${hostPath} ${readOnly}`,
      attach: (state, holder) => attachVsmb(state, { hostPath, isFile, readOnly }, holder),
      detach: (state, attached, holder) => detachVsmb(state, attached as VsmbPlace, holder),
    };
  }),
  held: ({ vsmb }) =>
    vsmb.shares.flatMap((share) => {
      if (share.kind === 'folder') return [[`${share.hostPath} ${share.readOnly}`, share.holders] as const];
      const holdersOf = (path: string) =>
        share.files.filter((one) => one.hostPath === path).map(({ holder }) => holder);
      return [...new Set(share.files.map(({ hostPath }) => hostPath))].map(
        (path) => [`${path} ${share.readOnly}`, holdersOf(path)] as const,
      );
    }),
  slots: ({ vsmb }) => vsmb.shares.map(({ name }) => name),
};

const plan9: KindUnderTest = {
  start: LINUX,
  needs: numbers(6).map((number): Need => {
    const mountPath = `/m${number >> 1}`;
    const request = { hostPath: 'C:\\data', isFile: false, readOnly: number % 2 === 0, mountPath };
    return {
      name: mountPath,
      attach: (state, holder) => attachPlan9(state, request, holder),
      detach: (state, attached, holder) => detachPlan9(state, attached as Plan9Place, holder),
    };
  }),
  held: (state) => state.plan9.shares.map(({ mountPath, holders }) => [mountPath, holders]),
  slots: (state) => state.plan9.shares.map(({ name }) => name),
};

const MIB = 2 ** 20;
const vpmem = (start: VmAttachments): KindUnderTest => ({
  start,
  needs: [1, 3, 4096, 5, 900, 900, 2000, 70, 17].map((mib, number): Need => {
    const request = { hostPath: `layer${number}`, sizeInBytes: mib * MIB - number };
    return {
      name: request.hostPath,
      attach: (state, holder) => attachVpmem(state, request, holder),
      detach: (state, attached, holder) => {
        const { device, mapping } = attached as VpmemLayer;
        return detachVpmem(state, mapping === undefined ? { device } : { device, offset: mapping.offset }, holder);
      },
    };
  }),
  held: (state) => state.vpmem.layers.map(({ hostPath, holders }) => [hostPath, holders]),
  slots: ({ vpmem: { layers } }) =>
    layers.map(({ device, mapping }) => {
      const end = (mapping?.offset ?? 0) + (mapping?.size ?? 0);
      const isAlone = layers.every((other) => {
        if (other.device !== device || mapping === undefined || other.mapping === undefined) return true;
        return other.mapping.offset <= mapping.offset || other.mapping.offset >= end;
      });
      const fits = end <= 4096 * MIB && (mapping?.offset ?? 0) % MIB === 0;
      expect([device, mapping, isAlone && fits]).toEqual([device, mapping, true]);
      return `${device} ${mapping?.offset}`;
    }),
});

const vpci: KindUnderTest = {
  start: LINUX,
  needs: numbers(6).map((number): Need => {
    const device = { deviceInstancePath: `PCIP\\${number >> 1}`, virtualFunction: number % 2 };
    return {
      name: JSON.stringify(device),
      attach: (state, holder) => attachVpci(state, { ...device, vmBusGuid: `${number} of ${holder}` }, holder),
      detach: (state, attached, holder) => detachVpci(state, attached as VpciDevice, holder),
    };
  }),
  held: (state) =>
    state.vpci.devices.map(({ deviceInstancePath, virtualFunction, holders }) => [
      JSON.stringify({ deviceInstancePath, virtualFunction }),
      holders,
    ]),
  slots: (state) => state.vpci.devices.map(({ vmBusGuid }) => vmBusGuid),
};

const nics = (bare: VmAttachments): KindUnderTest => ({
  start: ['ns0', 'ns1'].reduce(
    (state, id) => attachNamespace(state, { id, settings: { ID: id } }, 'vm').attachments,
    bare,
  ),
  needs: numbers(6).map((number): Need => {
    const where = { namespace: `ns${number % 2}`, endpointId: `e${number >> 1}` };
    const endpoint = { ID: where.endpointId };
    return {
      name: `${where.namespace} ${where.endpointId}`,
      attach: (state, holder) => {
        const nicId = `${number} of ${holder}`;
        return attachNic(state, { namespace: where.namespace, nicId, endpoint }, holder);
      },
      detach: (state, _, holder) => detachNic(state, where, holder),
    };
  }),
  held: ({ network }) =>
    network.namespaces.flatMap(({ id, nics: all }) =>
      all.map(({ endpoint, holders }): readonly [string, readonly string[]] => [`${id} ${endpoint.ID}`, holders]),
    ),
  slots: ({ network }) => network.namespaces.flatMap(({ nics: all }) => all.map(({ nicId }: Nic) => nicId)),
});

const pipes: KindUnderTest = {
  start: WINDOWS,
  needs: ['a', 'b', 'c'].map((name): Need => {
    const hostPath = `\\\\.\\pipe\\${name}`;
    return {
      name: hostPath,
      attach: (state, holder) => attachPipe(state, { hostPath }, holder),
      detach: (state, attached, holder) => detachPipe(state, attached as PipePlace, holder),
    };
  }),
  held: (state) => state.pipes.map(({ hostPath, holders }) => [hostPath, holders]),
  slots: (state) => state.pipes.map(({ hostPath }) => hostPath),
};

const services: KindUnderTest = {
  start: WINDOWS,
  needs: numbers(6).map((number): Need => {
    const descriptors = { bindSecurityDescriptor: 'D:P(A;;FA;;;SY)', connectSecurityDescriptor: 'D:P' };
    const request = { ...descriptors, serviceId: `service ${number >> 1}`, allowWildcardBinds: number % 2 === 0 };
    return {
      name: request.serviceId,
      attach: (state, holder) => attachHvSocket(state, request, holder),
      detach: (state, attached, holder) => detachHvSocket(state, attached as HvSocketService, holder),
    };
  }),
  held: ({ hvSocket }) => hvSocket.services.map(({ serviceId, holders }) => [serviceId, holders]),
  slots: ({ hvSocket }) => hvSocket.services.map(({ serviceId }) => serviceId),
};

const roots: KindUnderTest = {
  start: LINUX,
  needs: numbers(6).map((number): Need => {
    const request = { rootPath: `/c/${number >> 1}`, layers: [{ Path: `/l${number % 2}` }], scratchPath: '/s' };
    return {
      name: request.rootPath,
      attach: (state, holder) => attachCombinedLayers(state, request, holder),
      detach: (state, attached, holder) => detachCombinedLayers(state, attached as CombinedLayers, holder),
    };
  }),
  held: ({ combinedLayers }) => combinedLayers.map(({ rootPath, holders }) => [rootPath, holders]),
  slots: ({ combinedLayers }) => combinedLayers.map(({ rootPath }) => rootPath),
};

const WHOLE_DEVICES = linuxVm({ isVpmemMultiMapped: false, vpmemDevices: 3, vpmemDeviceSizeInBytes: 2 ** 30 });
const kinds: ReadonlyArray<readonly [string, KindUnderTest]> = [
  ['SCSI disks of a Windows VM', disks(WINDOWS)],
  ['SCSI disks of a Linux VM', disks(LINUX)],
  ['VSMB shares', shares],
  ['Plan 9 shares', plan9],
  ['layers that share VPMem devices', vpmem(linuxVm({ vpmemDevices: 2 }))],
  ['layers with VPMem devices of their own', vpmem(WHOLE_DEVICES)],
  ['assigned devices', vpci],
  ['NICs of a Windows VM', nics(WINDOWS)],
  ['NICs of a Linux VM', nics(LINUX)],
  ['named pipes', pipes],
  ['socket services', services],
  ['combined layers', roots],
];

describe.each(kinds)('%s', (_, kind) => {
  test('are attached as long as somebody needs them, and share no slot', () => {
    expect.hasAssertions();
    expectHoldersToDecide(kind);
  });

  test('leave nothing behind when each holder gives back all at once', () => {
    const attachAll = fc.array(fc.tuple(fc.nat({ max: kind.needs.length - 1 }), fc.constantFrom('web', 'db')));
    const property = fc.property(attachAll, (pairs) => {
      let state = kind.start;
      for (const [index, holder] of pairs) {
        const outcome = kind.needs[index]?.attach(state, holder);
        if (outcome?.kind === 'attached') state = outcome.attachments;
      }
      const after = detachHolder(detachHolder(state, 'web').attachments, 'db').attachments;
      expect(withoutNumbers(after)).toStrictEqual(withoutNumbers(kind.start));
    });
    fc.assert(property);
  });
});
