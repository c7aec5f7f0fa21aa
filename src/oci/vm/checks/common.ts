import type { Finding } from '../../../domain/finding.ts';
import { BUILD } from '../../../domain/host.ts';
import { isUsableId } from '../../checks/request.ts';
import type { VmCheckInput } from './input.ts';

const PROCESSOR_LIMIT_MAX = 100_000;
const PROCESSOR_WEIGHT_MAX = 10_000;

function idFindings({ options: { id }, at }: VmCheckInput): Finding[] {
  if (isUsableId(id)) return [];
  return [
    {
      code: 'id-invalid',
      pointer: at('id'),
      message: `the VM id ${JSON.stringify(id)} cannot name a compute system`,
      hint: 'Use letters, digits, dots, dashes and underscores; no slashes, and not only blanks.',
    },
  ];
}

function memoryFindings({ options, at }: VmCheckInput): Finding[] {
  if (!options.deferredCommit || options.memoryOvercommit) return [];
  return [
    {
      code: 'vm-memory-settings-conflict',
      pointer: at('deferredCommit'),
      message: 'commit cannot be deferred for a VM that has physical memory set aside for it',
      hint: 'Leave deferred commit out, or allow overcommit and do not ask for full physical backing.',
    },
  ];
}

function cpuGroupFindings({ options, facts, at }: VmCheckInput): Finding[] {
  if (options.cpuGroupId === '' || facts.build >= BUILD.v21h1) return [];
  return [
    {
      code: 'cpu-group-unsupported',
      pointer: at('cpuGroupId'),
      message: `a VM can be created in a CPU group from build ${BUILD.v21h1} on, and this is ${facts.build}`,
      hint: 'Leave the CPU group out, or use a newer host.',
    },
  ];
}

/** What is wrong with options that both kinds of VM have. */
export function commonFindings(input: VmCheckInput): readonly Finding[] {
  return [...idFindings(input), ...memoryFindings(input), ...cpuGroupFindings(input)];
}

export function commonWarnings({ options, facts, at }: VmCheckInput): readonly Finding[] {
  const { processorCount, processorLimit, processorWeight } = options;
  const warnings: Finding[] = [];
  if (processorCount > facts.processorCount) {
    warnings.push({
      code: 'processor-count-clamped',
      pointer: at('processorCount'),
      message: `${processorCount} processors are asked for and the host has ${facts.processorCount}: the VM gets those`,
      hint: 'Ask for no more than the host has.',
    });
  }
  if (processorLimit > PROCESSOR_LIMIT_MAX) {
    warnings.push({
      code: 'processor-limit-out-of-range',
      pointer: at('processorLimit'),
      message: `the processor limit ${processorLimit} lies above ${PROCESSOR_LIMIT_MAX}, which is all of each processor`,
      hint: 'The limit of a VM counts hundred-thousandths of each of its processors.',
    });
  }
  if (processorWeight > PROCESSOR_WEIGHT_MAX) {
    warnings.push({
      code: 'processor-weight-out-of-range',
      pointer: at('processorWeight'),
      message: `the processor weight ${processorWeight} lies above ${PROCESSOR_WEIGHT_MAX}: HCS may refuse it`,
      hint: 'Weights go up to 10000; 100 is what a VM has that asks for none.',
    });
  }
  return warnings;
}
