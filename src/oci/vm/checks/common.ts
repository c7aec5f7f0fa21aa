import type { Finding } from '../../../domain/finding.ts';
import { BUILD, type HostFacts } from '../../../domain/host.ts';
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

interface Remark {
  readonly code: string;
  readonly option: 'processorCount' | 'processorLimit' | 'processorWeight' | 'memorySizeInMb';
  readonly applies: (value: number, facts: HostFacts) => boolean;
  readonly message: (value: number, facts: HostFacts) => string;
  readonly hint: string;
}

const REMARKS: readonly Remark[] = [
  {
    code: 'processor-count-clamped',
    option: 'processorCount',
    applies: (count, facts) => count > facts.processorCount,
    message: (count, facts) =>
      `${count} processors are asked for and the host has ${facts.processorCount}: the VM gets those`,
    hint: 'Ask for no more than the host has.',
  },
  {
    code: 'processor-limit-out-of-range',
    option: 'processorLimit',
    applies: (limit) => limit > PROCESSOR_LIMIT_MAX,
    message: (limit) =>
      `the processor limit ${limit} lies above ${PROCESSOR_LIMIT_MAX}, which is all of each processor: HCS may refuse it`,
    hint: 'The limit of a VM counts hundred-thousandths of each of its processors.',
  },
  {
    code: 'processor-weight-out-of-range',
    option: 'processorWeight',
    applies: (weight) => weight > PROCESSOR_WEIGHT_MAX,
    message: (weight) => `the processor weight ${weight} lies above ${PROCESSOR_WEIGHT_MAX}: HCS may refuse it`,
    hint: 'Weights go up to 10000; a VM that asks for none has 100.',
  },
  {
    code: 'memory-size-rounded',
    option: 'memorySizeInMb',
    applies: (size) => size % 2 === 1,
    message: (size) => `a VM has memory in pairs of megabytes: it gets one more than ${size}`,
    hint: 'Ask for an even number of megabytes.',
  },
];

export function commonWarnings({ options, facts, at }: VmCheckInput): readonly Finding[] {
  return REMARKS.filter(({ option, applies }) => applies(options[option], facts)).map(
    ({ code, option, message, hint }) => ({
      code,
      pointer: at(option),
      message: message(options[option], facts),
      hint,
    }),
  );
}
