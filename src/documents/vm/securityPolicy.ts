import { win32 } from 'node:path';
import { present } from '../../domain/present.ts';
import type { LinuxVmOptions, UtilityVmOptions } from '../../domain/utilityVm.ts';
import type { ModifySettingRequest } from './schema.ts';

/** The signed information about the boot files, to be read when it is there; undefined when none is asked for. */
export function referenceInfoPath({ referenceInfoFile }: LinuxVmOptions, bootFolder: string): string | undefined {
  return referenceInfoFile === '' ? undefined : win32.join(bootFolder, referenceInfoFile);
}

/**
 * What is sent to the VM right after its start, in order: a Linux guest hears its security policy before anything else,
 * also when there is none. `referenceInfo`: the content of `referenceInfoPath`, in base64.
 */
export function vmFollowUps(options: UtilityVmOptions, referenceInfo?: string): readonly ModifySettingRequest[] {
  if (options.guest === 'windows') return [];
  const settings = present({
    EnforcerType: options.securityPolicyEnforcer,
    EncodedSecurityPolicy: options.securityPolicy,
    EncodedUVMReference: referenceInfo,
  });
  return [
    {
      RequestType: 'Add',
      GuestRequest: { RequestType: 'Add', ResourceType: 'SecurityPolicy', Settings: settings },
    },
  ];
}
