/** The utility VM of a recorded case, running, with nothing in it. */
import { BUILD } from '../../src/domain/host.ts';
import { vmId } from '../../src/domain/ids.ts';
import type { VmTraits } from '../../src/domain/utilityVm.ts';
import { SCSI_CONTROLLER_IDS } from '../../src/domain/utilityVm.ts';
import type { HostPort } from '../../src/hcs/port.ts';
import { linuxVm, windowsVm } from '../../src/vm/attachments.ts';
import type { VmRecord } from '../../src/vm/claims.ts';
import { intend } from '../support/intents.ts';
import type { CaseVm } from './case.ts';

function traitsOf(uvm: CaseVm): VmTraits {
  return {
    id: uvm.id,
    owner: uvm.owner,
    guest: uvm.type === 'wcow' ? 'windows' : 'linux',
    processorCount: uvm.processorCount,
    physicallyBacked: uvm.fullyPhysicallyBacked === true,
    devicesPhysicallyBacked: uvm.fullyPhysicallyBacked === true,
    directMap: uvm.noDirectMap !== true && uvm.fullyPhysicallyBacked !== true,
    writableFileShares: uvm.noWritableFileShares !== true,
    scratchEncryption: uvm.enableScratchEncryption === true,
    processDumpFolder: uvm.processDumpLocation ?? '',
  };
}

/** `build`: before 17763, a VM without VPMem does not get all controllers. */
function recordOf(uvm: CaseVm, build: number): VmRecord {
  const takesAsked = uvm.vpmemDeviceCount !== 0 || build < BUILD.rs5;
  const controllers = takesAsked ? { scsiControllers: uvm.scsiControllerCount ?? 1 } : {};
  const traits = traitsOf(uvm);
  const noWritableShares = !traits.writableFileShares;
  const attachments =
    traits.guest === 'windows'
      ? windowsVm({ scratch: scratchOf(uvm), noDirectMap: !traits.directMap, noWritableShares })
      : linuxVm({
          noWritableShares,
          hasLayersOnVpmem: !traits.devicesPhysicallyBacked,
          isVpmemMultiMapped: uvm.vpmemNoMultiMapping !== true,
          ...controllers,
          ...(uvm.vpmemDeviceCount === undefined ? {} : { vpmemDevices: uvm.vpmemDeviceCount }),
          ...(uvm.vpmemSizeBytes === undefined ? {} : { vpmemDeviceSizeInBytes: uvm.vpmemSizeBytes }),
        });
  return { traits, attachments, unsettled: [] };
}

const scratchOf = ({ layerFolders = [] }: CaseVm): string => `${layerFolders.at(-1)}\\sandbox.vhdx`;

function documentOf(uvm: CaseVm, { attachments }: VmRecord): object {
  const disks = uvm.type === 'wcow' ? { Attachments: { 0: { Type: 'VirtualDisk', Path: scratchOf(uvm) } } } : {};
  const controllers = SCSI_CONTROLLER_IDS.slice(0, attachments.scsi.controllers);
  const Scsi = Object.fromEntries(controllers.map((id, index) => [id, index === 0 ? disks : {}]));
  const vpmem =
    attachments.vpmem.devices === 0
      ? {}
      : {
          VirtualPMem: {
            MaximumCount: attachments.vpmem.devices,
            MaximumSizeBytes: attachments.vpmem.deviceSizeInBytes,
          },
        };
  return {
    Owner: uvm.owner,
    SchemaVersion: { Major: 2, Minor: 1 },
    VirtualMachine: {
      Chipset: uvm.type === 'wcow' ? { Uefi: { BootThis: { DeviceType: 'VmbFs' } } } : { LinuxKernelDirect: {} },
      ComputeTopology: { Memory: { SizeInMB: 1024 }, Processor: { Count: uvm.processorCount } },
      Devices: { Scsi, ...vpmem, ...(uvm.type === 'wcow' ? { VirtualSmb: {} } : { Plan9: {} }) },
    },
    ShouldTerminateOnLastHandleClosed: true,
  };
}

/** Starts the VM on the host and gives what a store of VMs has to know of it. It gets no more processors than there are. */
export async function startVm(host: HostPort, asked: CaseVm): Promise<VmRecord> {
  const { processorCount, build } = await host.facts();
  const uvm = { ...asked, processorCount: Math.min(asked.processorCount, processorCount) };
  const record = recordOf(uvm, build);
  const id = vmId(uvm.id);
  if (uvm.type === 'wcow') {
    await host.vmAccess.grant(intend({ kind: 'vmAccess', vm: id, path: scratchOf(uvm), part: 'rest' }));
  }
  const handle = await host.compute.create(intend({ kind: 'utilityVm', id }), documentOf(uvm, record));
  await host.compute.start(handle);
  return record;
}
