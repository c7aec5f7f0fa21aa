import { type ProcessorSettings, processorSettings } from '../oci/resources.ts';
import type { DocumentInput } from './input.ts';

const LIMIT = { least: 1, most: 10_000 } as const;

/** What is computed for the processors of the host, for those of its VM. */
function limitIn(limit: number, { settings, facts }: DocumentInput): number {
  const { vm, scaleCpuLimitsToVm } = settings;
  if (vm === undefined || !scaleCpuLimitsToVm || limit === 0) return limit;
  const scaled = Math.floor((limit * facts.processorCount) / vm.processorCount);
  return Math.min(Math.max(scaled, LIMIT.least), LIMIT.most);
}

/** A count above what the host (in a VM: the VM) has becomes what it has; the weight goes as it is. */
export function processorOf(input: DocumentInput): ProcessorSettings {
  const { count, limit, weight } = processorSettings(input.spec);
  const available = input.settings.vm?.processorCount ?? input.facts.processorCount;
  return { count: Math.min(count, available), limit: limitIn(limit, input), weight };
}
