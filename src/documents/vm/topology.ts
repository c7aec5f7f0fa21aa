import type { HostFacts } from '../../domain/host.ts';
import { present } from '../../domain/present.ts';
import type { UtilityVmOptions } from '../../domain/utilityVm.ts';
import { assignedProcessors } from '../../oci/vm/traits.ts';
import type { ComputeTopologyDocument, VmMemoryDocument, VmProcessorDocument } from './schema.ts';

function memoryOf(options: UtilityVmOptions): VmMemoryDocument {
  const { memorySizeInMb, memoryOvercommit, guest } = options;
  return present({
    SizeInMB: memorySizeInMb + (memorySizeInMb % 2),
    AllowOvercommit: memoryOvercommit,
    // Only a Windows guest hints at pages that it uses often, and physical memory has no use for that.
    EnableHotHint: guest === 'windows' && memoryOvercommit,
    EnableDeferredCommit: options.deferredCommit,
    EnableColdDiscardHint: guest === 'linux' && options.coldDiscardHint,
    LowMmioGapInMB: options.lowMmioGapInMb,
    HighMmioBaseInMB: options.highMmioBaseInMb,
    HighMmioGapInMB: options.highMmioGapInMb,
  });
}

function processorOf(options: UtilityVmOptions, facts: HostFacts): VmProcessorDocument {
  return present({
    Count: assignedProcessors(options, facts),
    Limit: options.processorLimit,
    Weight: options.processorWeight,
    CpuGroup: options.cpuGroupId === '' ? undefined : { Id: options.cpuGroupId },
  });
}

export function topologyOf(options: UtilityVmOptions, facts: HostFacts): ComputeTopologyDocument {
  return { Memory: memoryOf(options), Processor: processorOf(options, facts) };
}
