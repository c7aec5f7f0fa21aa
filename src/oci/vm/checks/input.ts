import type { HostEvidence, HostFacts } from '../../../domain/host.ts';
import type { LinuxVmOptions, UtilityVmOptions, WindowsVmOptions } from '../../../domain/utilityVm.ts';

export type VmOptionName = keyof WindowsVmOptions | keyof LinuxVmOptions;

/** All that a check of a VM may look at. */
export interface VmCheckInput<O extends UtilityVmOptions = UtilityVmOptions> {
  readonly options: O;
  readonly facts: HostFacts;
  /** Of `vmEvidenceNeeded`. */
  readonly evidence: HostEvidence;
  /** Where in the request an option was given: a JSON pointer. */
  readonly at: (option: VmOptionName) => string;
}
