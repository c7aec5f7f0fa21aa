/** Recorded changes, made again on a simulated host through its port: by hand, without any of our own planning. */

import type { GuestProcess } from '../../src/domain/guestProcess.ts';
import { containerId, endpointId, namespaceId, vmId } from '../../src/domain/ids.ts';
import type { ModifySettingRequest } from '../../src/domain/modifyRequest.ts';
import { SCSI_CONTROLLER_IDS } from '../../src/domain/utilityVm.ts';
import { type Effect, type SimulatedHost, type SimulatedHostOptions, simulatedHost } from '../../src/testing/index.ts';
import { addNamespace } from '../../src/vm/network.ts';
import type { HnsEndpoint } from '../../src/vm/nicRequests.ts';
import { addPlan9 } from '../../src/vm/plan9.ts';
import { addScsi } from '../../src/vm/scsi.ts';
import { addVpmem } from '../../src/vm/vpmem.ts';
import { putVsmb } from '../../src/vm/vsmb.ts';
import type { Case } from '../conformance/case.ts';
import { startOf, type VmCase } from '../vm/vmCase.ts';
import { intend } from './intents.ts';

export const VM = vmId('uvm-1');
export const VM_SCRATCH = 'C:\\o\\uvm\\scratch\\sandbox.vhdx';
const VM_FILES = 'C:\\o\\uvm\\base\\UtilityVM\\Files';
const KERNEL = 'C:\\o\\boot\\kernel';

const topology = (Count: number) => ({ Memory: { SizeInMB: 1024 }, Processor: { Count } });

/** The smallest document of a Windows VM: the files of its system, and its scratch disk. */
export const windowsVmDocument = (processors = 2) => ({
  Owner: 'test',
  SchemaVersion: { Major: 2, Minor: 1 },
  VirtualMachine: {
    Chipset: { Uefi: { BootThis: { DeviceType: 'VmbFs', DevicePath: '\\EFI\\Microsoft\\Boot\\bootmgfw.efi' } } },
    ComputeTopology: topology(processors),
    Devices: {
      Scsi: { [SCSI_CONTROLLER_IDS[0]]: { Attachments: { 0: { Type: 'VirtualDisk', Path: VM_SCRATCH } } } },
      VirtualSmb: { Shares: [{ Name: 'os', Path: VM_FILES, Options: { ReadOnly: true } }] },
    },
  },
  ShouldTerminateOnLastHandleClosed: true,
});

/** The smallest document of a Linux VM: a kernel, controllers for disks, and memory to lay layers on. */
export function linuxVmDocument(controllers = 1, vpmem = { MaximumCount: 64, MaximumSizeBytes: 2 ** 32 }) {
  return {
    Owner: 'test',
    SchemaVersion: { Major: 2, Minor: 1 },
    VirtualMachine: {
      Chipset: { LinuxKernelDirect: { KernelFilePath: KERNEL } },
      ComputeTopology: topology(2),
      Devices: {
        Scsi: Object.fromEntries(SCSI_CONTROLLER_IDS.slice(0, controllers).map((id) => [id, {}])),
        VirtualPMem: vpmem,
        Plan9: {},
      },
    },
    ShouldTerminateOnLastHandleClosed: true,
  };
}

/** What both kinds of VM need to be there. */
export const VM_HOST_FILES = [{ path: VM_SCRATCH }, { path: VM_FILES, dir: true }, { path: KERNEL }];

function hostOfCase({ request, kind }: VmCase): SimulatedHostOptions {
  const { host, options } = request;
  const given = options.networkNamespace ?? '';
  const known = host.namespaces ?? [];
  const namespaces = given === '' || known.some(({ id }) => id === given) ? known : [...known, { id: given }];
  return {
    facts: host,
    // The recorded host let anything stand for a disk.
    files: [...VM_HOST_FILES, { path: 'sandbox://x' }, ...(host.files ?? [])],
    endpoints: (host.endpoints ?? {}) as Readonly<Record<string, HnsEndpoint>>,
    namespaces,
    ...(host.resolvePath === undefined ? {} : { resolvePath: host.resolvePath }),
    ...(kind === 'xenon' ? { checks: { processorLimits: false } } : {}),
  };
}

/** Creates and starts the VM; the handle stays open. */
export async function startVm(host: SimulatedHost, document: object): Promise<void> {
  await host.vmAccess.grant(intend({ kind: 'vmAccess', vm: VM, path: VM_SCRATCH, part: 'rest' }));
  await host.compute.start(await host.compute.create(intend({ kind: 'utilityVm', id: VM }), document));
}

export const attach = (host: SimulatedHost, request: ModifySettingRequest): Promise<void> =>
  host.guest.attach(intend({ kind: 'vmAttachment', vm: VM, what: 'a part', part: 'rest' }), request);

export const grant = (host: SimulatedHost, path: string): Promise<void> =>
  host.vmAccess.grant(intend({ kind: 'vmAccess', vm: VM, path, part: 'rest' }));

function modifyNamespace(host: SimulatedHost, effect: Effect): Promise<void> {
  const { RequestType, Settings } = effect.settings as { RequestType: string; Settings: { EndpointId: string } };
  const [namespace, endpoint] = [namespaceId(effect.id as string), endpointId(Settings.EndpointId)];
  return RequestType === 'Add'
    ? host.network.addEndpoint(intend({ kind: 'namespaceEndpoint', namespace, endpoint }))
    : host.network.removeEndpoint(namespace, endpoint);
}

function modifyService(host: SimulatedHost, effect: Effect): Promise<void> {
  const { Settings } = effect.settings as { Settings: { Operation: string; OperationDetails: Record<string, string> } };
  const { Id = '', CredentialSpec = '' } = Settings.OperationDetails;
  const id = containerId(Id);
  return Settings.Operation === 'AddInstance'
    ? host.credentials.addInstance(intend({ kind: 'credentialGuard', id }), CredentialSpec, 'HvSocket')
    : host.credentials.removeInstance(id);
}

function modifySystem(host: SimulatedHost, request: ModifySettingRequest): Promise<void> {
  const verb = request.RequestType ?? request.GuestRequest?.RequestType;
  return verb === 'Remove' ? host.guest.detach(VM, request) : attach(host, request);
}

/** The folder is not recorded when it had to be made. */
async function createScratch(host: SimulatedHost, effect: Effect): Promise<void> {
  const path = effect.path as string;
  const isThere = (await host.files.stat(path)) === 'directory';
  if (!isThere) await host.files.createFolder(intend({ kind: 'scratchFolder', path, made: path }));
  await host.layers.createScratch(intend({ kind: 'scratchLayer', path }), []);
}

const PLAYERS: Readonly<Record<string, (host: SimulatedHost, effect: Effect) => Promise<unknown>>> = {
  'namespace.create': (host, { id }) =>
    host.network.createNamespace(intend({ kind: 'namespace', id: namespaceId(id as string), owner: '', name: '' })),
  'namespace.delete': (host, { id }) => host.network.deleteNamespace(namespaceId(id as string)),
  'namespace.modify': modifyNamespace,
  'service.modify': modifyService,
  'vm.grantAccess': (host, { path }) => grant(host, path as string),
  'layer.createScratch': createScratch,
  'system.modify': (host, { request }) => modifySystem(host, request as ModifySettingRequest),
  'system.exec': (host, { parameters }) => host.guest.exec(VM, parameters as GuestProcess),
  'system.create': (host, { id, document }) =>
    host.guest.createContainer(
      intend({ kind: 'computeSystem', id: containerId(id as string), schema: 'v2', vm: VM }),
      document as object,
    ),
};

export async function play(host: SimulatedHost, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) {
    const player = PLAYERS[effect.effect];
    if (player === undefined) throw new Error(`nothing plays ${effect.effect}`);
    await player(host, effect);
  }
}

/** The namespaces that a Windows guest was told of for the containers before the case. */
async function namespacesBefore(host: SimulatedHost, one: VmCase): Promise<readonly ModifySettingRequest[]> {
  if (one.kind !== 'xenon') return [];
  const before = (one.request.before ?? []) as ReadonlyArray<{ options: { networkNamespace?: string } }>;
  const ids = new Set(before.flatMap(({ options }) => options.networkNamespace ?? []));
  const known = await Promise.all([...ids].map((id) => host.network.queryNamespace(namespaceId(id))));
  return known.map(({ settings }) => addNamespace({ settings }));
}

/** What the containers before the case left attached. */
async function requestsBefore(host: SimulatedHost, one: VmCase): Promise<readonly ModifySettingRequest[]> {
  const { guest, scsi, vsmb, plan9, vpmem } = startOf(one);
  const files = (one.request.host.files ?? []).filter(({ dir }) => dir !== true).map(({ path }) => path);
  const disks = scsi.disks.filter(({ hostPath }) => hostPath !== VM_SCRATCH);
  return [
    ...(await namespacesBefore(host, one)),
    ...disks.map((disk) => addScsi(guest, disk)),
    ...vsmb.shares.map((share) => putVsmb('Add', share)),
    ...plan9.shares.map((share) => addPlan9({ ...share, isFile: files.includes(share.hostPath) })),
    ...vpmem.layers.map(addVpmem),
  ];
}

/** A host as it was when the case began: with its VM, and what other containers had attached. */
export async function hostBefore(one: VmCase): Promise<SimulatedHost> {
  const host = simulatedHost(hostOfCase(one));
  const { vpmemDeviceCount = 64, vpmemSizeBytes = 2 ** 32 } = one.request.uvm;
  const memory = { MaximumCount: vpmemDeviceCount, MaximumSizeBytes: vpmemSizeBytes };
  const { processorCount = 2 } = one.request.uvm as { processorCount?: number };
  const processors = Math.min(processorCount, one.request.host.processorCount);
  const controllers = vpmemDeviceCount === 0 ? 4 : 1;
  await startVm(host, one.kind === 'xenon' ? windowsVmDocument(processors) : linuxVmDocument(controllers, memory));
  for (const request of await requestsBefore(host, one)) {
    const { Path } = (request.Settings ?? {}) as { Path?: string };
    if (request.ResourcePath?.includes('Scsi') === true && Path !== undefined) await grant(host, Path);
    await attach(host, request);
  }
  return host;
}

export const isVmCase = (one: Case): one is VmCase => one.kind === 'xenon' || one.kind === 'lcow';
