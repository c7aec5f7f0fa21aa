import { createHash } from 'node:crypto';
import { present } from '../../domain/present.ts';
import { guestStateCopy } from '../../oci/vm/paths.ts';
import { scsiControllers } from '../../oci/vm/traits.ts';
import { confidentialHvSocket } from './hvSocket.ts';
import type { LinuxVmInput } from './input.ts';
import type { VirtualMachineDocument } from './schema.ts';
import { scsiOf, storageQosOf } from './storage.ts';
import { topologyOf } from './topology.ts';

/** Secure boot with what is signed for Windows. */
const MICROSOFT_WINDOWS_TEMPLATE = '1734c6e8-3154-4dda-ba5f-a874cc483422';

/** SHA-256 of the policy, in base64: the processor vouches for it in the report of the guest. */
function policyDigest(securityPolicy: string): string {
  return createHash('sha256').update(Buffer.from(securityPolicy, 'base64')).digest('base64');
}

/** A Linux VM whose memory is encrypted: kernel and root file system come out of its guest state file. */
export function confidentialVm({ options, facts }: LinuxVmInput): VirtualMachineDocument {
  return {
    StopOnReset: true,
    Chipset: { Uefi: { ApplySecureBootTemplate: 'Apply', SecureBootTemplateId: MICROSOFT_WINDOWS_TEMPLATE } },
    ComputeTopology: topologyOf(options, facts),
    Devices: {
      ...present({ Scsi: scsiOf(scsiControllers(options, facts)) }),
      HvSocket: confidentialHvSocket(),
      Plan9: {},
    },
    GuestState: {
      GuestStateFilePath: guestStateCopy(options),
      GuestStateFileType: 'FileMode',
      ForceTransientState: true,
    },
    SecuritySettings: {
      Isolation: { IsolationType: 'SecureNestedPaging', LaunchData: policyDigest(options.securityPolicy) },
    },
    ...present({ StorageQoS: storageQosOf(options) }),
  };
}
