import type { HostFacts } from '../../domain/host.ts';
import type { LinuxVmOptions, WindowsVmOptions } from '../../domain/utilityVm.ts';

export interface WindowsVmInput {
  readonly options: WindowsVmOptions;
  readonly facts: HostFacts;
  /** The layer that the VM boots from: of `locateImageLayer`. */
  readonly imageLayer: string;
}

export interface LinuxVmInput {
  readonly options: LinuxVmOptions;
  readonly facts: HostFacts;
}

/** All that the document of a VM is made of. */
export type VmDocumentInput = WindowsVmInput | LinuxVmInput;
