import { pointer } from '../../domain/finding.ts';
import type { Validation } from '../validate.ts';
import { bootFileFindings } from './checks/bootFiles.ts';
import { commonFindings, commonWarnings } from './checks/common.ts';
import type { VmCheckInput, VmOptionName } from './checks/input.ts';
import { linuxFindings } from './checks/linux.ts';
import { rangeFindings } from './checks/ranges.ts';
import { windowsFindings } from './checks/windows.ts';

/** Where an option stands in a request that is made of options: at its own name. */
export function atOption(option: VmOptionName): string {
  return pointer(option);
}

function guestFindings(input: VmCheckInput) {
  const { options, ...rest } = input;
  if (options.guest === 'windows') return windowsFindings({ options, ...rest });
  return [...linuxFindings({ options, ...rest }), ...bootFileFindings({ options, ...rest })];
}

/** All that is wrong with the options of a VM, at once, and all that is remarkable. Reads nothing but its input. */
export function validateVm(input: VmCheckInput): Validation {
  return {
    findings: [...rangeFindings(input), ...commonFindings(input), ...guestFindings(input)],
    warnings: commonWarnings(input),
  };
}
