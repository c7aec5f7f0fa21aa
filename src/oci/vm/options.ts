import type { HostEvidence, HostFacts } from '../../domain/host.ts';
import {
  LINUX_VM_DEFAULTS,
  type LinuxVmOptions,
  type LinuxVmRequest,
  type UtilityVmOptions,
  type UtilityVmRequest,
  WINDOWS_VM_DEFAULTS,
  type WindowsVmOptions,
  type WindowsVmRequest,
} from '../../domain/utilityVm.ts';
import type { VmDefaults } from '../../domain/vmRequest.ts';
import { chooseBootFiles } from './bootFiles.ts';

/** What the defaults of a VM depend on. */
export interface VmContext extends VmDefaults {
  readonly facts: HostFacts;
  /** Of `bootEvidenceNeeded`, for a Linux VM. */
  readonly evidence: HostEvidence;
  /** The owner when none is given. */
  readonly owner: string;
  readonly newId: () => string;
}

/** `defaults` with what `request` says; a field that is undefined says nothing. */
function filled<T extends object>(defaults: object, request: object, identity: object): T {
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  return { ...defaults, ...given, ...identity } as T;
}

function identityOf(request: UtilityVmRequest, { owner, newId }: VmContext): { id: string; owner: string } {
  return { id: request.id || newId(), owner: request.owner || owner };
}

export function windowsVmOptions(request: WindowsVmRequest, context: VmContext): WindowsVmOptions {
  return filled(WINDOWS_VM_DEFAULTS, request, identityOf(request, context));
}

export function linuxVmOptions(request: LinuxVmRequest, context: VmContext): LinuxVmOptions {
  const defaults = {
    ...LINUX_VM_DEFAULTS,
    ...chooseBootFiles(context.bootFolders, context.facts, context.evidence),
    execCommandLine: `/bin/gcs -v4 -log-format json -loglevel ${context.logLevel}`,
    scrubLogs: context.scrubLogs,
  };
  return filled(defaults, request, identityOf(request, context));
}

/** Every option with its value. What is not valid in the request is not judged here. */
export function vmOptionsOf(request: UtilityVmRequest, context: VmContext): UtilityVmOptions {
  return request.guest === 'windows' ? windowsVmOptions(request, context) : linuxVmOptions(request, context);
}
