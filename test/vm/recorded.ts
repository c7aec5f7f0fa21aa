/** Recorded cases, replayed: what must have been asked for is read out of each request, and asked of our functions. */
import type { ModifySettingRequest } from '../../src/domain/modifyRequest.ts';
import { SCSI_CONTROLLER_IDS } from '../../src/domain/utilityVm.ts';
import { nextMount, type VmAttachments } from '../../src/vm/attachments.ts';
import { attachCombinedLayers, detachCombinedLayers } from '../../src/vm/combinedLayers.ts';
import { attachHvSocket } from '../../src/vm/hvSocket.ts';
import { attachNamespace, attachNic, detachNamespace, detachNic } from '../../src/vm/network.ts';
import type { HnsEndpoint } from '../../src/vm/nicRequests.ts';
import { attachPipe, detachPipe } from '../../src/vm/pipes.ts';
import { attachPlan9, detachPlan9 } from '../../src/vm/plan9.ts';
import { attachScsi, detachScsi, type ScsiRequest } from '../../src/vm/scsi.ts';
import { attachVpci, detachVpci } from '../../src/vm/vpci.ts';
import { detachVpmem } from '../../src/vm/vpmem.ts';
import { attachVsmb, detachVsmb } from '../../src/vm/vsmb.ts';
import { attachLayer, HOLDER, SECOND_MOUNT, type Settings, type VmCase } from './vmCase.ts';
import { wanted } from './wanted.ts';

export interface Answer {
  readonly attachments: VmAttachments;
  readonly modify: readonly ModifySettingRequest[];
}

/** What came from where the case cannot tell: layers that are there already are held without a request. */
function holdSharedThings(one: VmCase, attachments: VmAttachments): VmAttachments {
  const folders = one.request.spec.windows?.layerFolders ?? [];
  let state = attachments;
  for (const folder of folders.slice(0, -1)) {
    const outcome = attachLayer(one, state, folder, HOLDER);
    if (outcome.isNew) throw new Error(`the layer ${folder} was not recorded`);
    state = { ...outcome.attachments, numbersGiven: state.numbersGiven };
  }
  return state;
}

/** hcsshim gives a number also to what needs none: each Windows mount, and a disk that is there already. */
function mountAt(attachments: VmAttachments, path: string): VmAttachments {
  let mount = nextMount(attachments);
  for (let unused = 0; mount.guestPath !== path && unused < 10; unused += 1) mount = nextMount(mount.attachments);
  return mount.attachments;
}

const MOUNT = /^(\/run\/mounts\/m|C:\\mounts\\m)\d+$/;

function addDisk(attachments: VmAttachments, settings: Settings, guest: Settings): Answer {
  const path = (guest.ContainerPath ?? guest.MountPath) as string | undefined;
  const state = path !== undefined && MOUNT.test(path) ? mountAt(attachments, path) : attachments;
  const request = {
    hostPath: settings.Path,
    type: settings.Type,
    extensibleType: settings.ExtensibleVirtualDiskType,
    readOnly: settings.ReadOnly === true,
    encrypted: guest.Encrypted,
    guestPath: path,
    options: guest.Options,
    verity: guest.VerityInfo,
  } as ScsiRequest;
  return wanted(attachScsi(state, request, HOLDER));
}

function addVsmb(attachments: VmAttachments, settings: Settings): Answer {
  const options = settings.Options as Settings;
  const files = (settings.AllowedFiles as string[] | undefined) ?? [];
  const file = files.at(-1);
  const isAgain = files.indexOf(file ?? '') < files.length - 1;
  const request = {
    hostPath: file ?? (settings.Path as string),
    isFile: file !== undefined,
    readOnly: options.ReadOnly === true,
    takeBackupPrivilege: options.TakeBackupPrivilege === true,
  };
  return wanted(attachVsmb(attachments, request, isAgain ? SECOND_MOUNT : HOLDER));
}

function addPlan9(attachments: VmAttachments, settings: Settings, guest: Settings): Answer {
  const [file] = (settings.AllowedFiles as string[] | undefined) ?? [];
  const request = {
    hostPath: `${settings.Path}${file ?? ''}`,
    isFile: file !== undefined,
    readOnly: guest.ReadOnly === true,
    mountPath: guest.MountPath as string,
  };
  return wanted(attachPlan9(attachments, request, HOLDER));
}

function addLinuxNic(attachments: VmAttachments, host: Settings, guest: Settings): Answer {
  const namespace = guest.NamespaceID as string;
  const { attachments: state } = attachNamespace(attachments, { id: namespace, settings: {} }, HOLDER);
  const endpoint = { ...guest, ID: host.EndpointId, GatewayAddressV6: guest.IPv6GatewayAddress } as HnsEndpoint;
  return wanted(attachNic(state, { namespace, nicId: guest.ID as string, endpoint }, HOLDER));
}

function addInGuestAlone(one: VmCase, attachments: VmAttachments, { GuestRequest }: ModifySettingRequest): Answer {
  const guest = GuestRequest?.Settings as Settings;
  if (GuestRequest?.ResourceType === 'NetworkNamespace') {
    return attachNamespace(attachments, { id: guest.ID as string, settings: guest }, HOLDER);
  }
  if (GuestRequest?.ResourceType === 'Network') {
    const endpoint = guest.Settings as HnsEndpoint & { readonly Namespace: { readonly ID: string } };
    const request = { namespace: endpoint.Namespace.ID, nicId: guest.AdapterId as string, endpoint };
    return wanted(attachNic(attachments, request, HOLDER));
  }
  const request = {
    rootPath: guest.ContainerRootPath,
    layers: guest.Layers,
    containerId: guest.ContainerID,
    scratchPath: guest.ScratchPath,
  } as Parameters<typeof attachCombinedLayers>[1];
  return wanted(attachCombinedLayers(holdSharedThings(one, attachments), request, HOLDER));
}

/** Attaches what the recorded request attached. */
export function replayAdd(one: VmCase, attachments: VmAttachments, recorded: ModifySettingRequest): Answer {
  const settings = (recorded.Settings ?? {}) as Settings;
  const guest = (recorded.GuestRequest?.Settings ?? {}) as Settings;
  const [, , kind, id = ''] = recorded.ResourcePath?.split('/') ?? [];
  switch (kind) {
    case undefined:
      return addInGuestAlone(one, attachments, recorded);
    case 'Scsi':
      return addDisk(attachments, settings, guest);
    case 'VirtualSmb':
      return addVsmb(attachments, settings);
    case 'Plan9':
      return addPlan9(attachments, settings, guest);
    case 'VirtualPMem': {
      const folder = (settings.HostPath as string).slice(0, -'\\layer.vhd'.length);
      return attachLayer(one, attachments, folder, HOLDER, guest);
    }
    case 'VirtualPci': {
      const [wantedFunction] = settings.Functions as Settings[];
      const device = { deviceInstancePath: wantedFunction?.DeviceInstancePath as string, vmBusGuid: id };
      const virtualFunction = (wantedFunction?.VirtualFunction as number | undefined) ?? 0;
      return attachVpci(attachments, { ...device, virtualFunction }, HOLDER);
    }
    case 'NetworkAdapters':
      return addLinuxNic(attachments, settings, guest);
    case 'MappedPipes':
      return attachPipe(attachments, { hostPath: recorded.ResourcePath?.split('MappedPipes/')[1] ?? '' }, HOLDER);
    case 'HvSocket': {
      const request = {
        serviceId: recorded.ResourcePath?.split('/').at(-1) ?? '',
        bindSecurityDescriptor: settings.BindSecurityDescriptor as string,
        connectSecurityDescriptor: settings.ConnectSecurityDescriptor as string,
        allowWildcardBinds: settings.AllowWildcardBinds === true,
      };
      return wanted(attachHvSocket(attachments, request, HOLDER));
    }
    default:
      throw new Error(`nobody replays ${recorded.ResourcePath}`);
  }
}

function removeInGuestAlone(attachments: VmAttachments, { GuestRequest }: ModifySettingRequest): Answer {
  const guest = GuestRequest?.Settings as Settings;
  return GuestRequest?.ResourceType === 'NetworkNamespace'
    ? detachNamespace(attachments, { id: guest.ID as string }, HOLDER)
    : detachCombinedLayers(attachments, { rootPath: guest.ContainerRootPath as string }, HOLDER);
}

function removeNic(attachments: VmAttachments, settings: Settings): Answer {
  const endpointId = settings.EndpointId as string;
  const namespace = attachments.network.namespaces.find(({ nics }) =>
    nics.some(({ endpoint }) => endpoint.ID === endpointId),
  );
  return detachNic(attachments, { namespace: namespace?.id ?? '', endpointId }, HOLDER);
}

/** Detaches what the recorded request detached. */
export function replayRemove(attachments: VmAttachments, recorded: ModifySettingRequest): Answer {
  const settings = (recorded.Settings ?? {}) as Settings;
  const path = recorded.ResourcePath?.split('/') ?? [];
  const [, , kind, id = ''] = path;
  switch (kind) {
    case undefined:
      return removeInGuestAlone(attachments, recorded);
    case 'Scsi': {
      const controller = SCSI_CONTROLLER_IDS.indexOf(id as (typeof SCSI_CONTROLLER_IDS)[number]);
      return detachScsi(attachments, { controller, lun: Number(path.at(-1)) }, HOLDER);
    }
    case 'VirtualSmb': {
      const name = settings.Name as string;
      const share = attachments.vsmb.shares.find((one) => one.name === name);
      const file = share?.kind === 'files' ? share.files[0]?.hostPath : undefined;
      return detachVsmb(attachments, file === undefined ? { name } : { name, file }, HOLDER);
    }
    case 'Plan9':
      return detachPlan9(attachments, { name: settings.Name as string }, HOLDER);
    case 'VirtualPMem': {
      const device = Number(path[4]);
      return detachVpmem(attachments, path.length < 6 ? { device } : { device, offset: Number(path[6]) }, HOLDER);
    }
    case 'VirtualPci':
      return detachVpci(attachments, { vmBusGuid: id }, HOLDER);
    case 'NetworkAdapters':
      return removeNic(attachments, settings);
    case 'MappedPipes':
      return detachPipe(attachments, { hostPath: recorded.ResourcePath?.split('MappedPipes/')[1] ?? '' }, HOLDER);
    default:
      throw new Error(`nobody replays ${recorded.ResourcePath}`);
  }
}
