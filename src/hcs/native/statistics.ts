/** What HCS says of a running system (schema types Statistics and ProcessDetails). */
import { z } from 'zod';
import type { ProcessDetails, SystemStatistics } from '../../domain/process.ts';
import type { SystemHandle } from '../port.ts';
import type { NativeSystems } from './systems.ts';

const number = z.number().exactOptional();
const text = z.string().exactOptional();

const statisticsOf = z.object({
  Statistics: z.object({
    Timestamp: text,
    ContainerStartTime: text,
    Uptime100ns: number,
    Processor: z
      .object({ TotalRuntime100ns: number, RuntimeUser100ns: number, RuntimeKernel100ns: number })
      .exactOptional(),
    Memory: z
      .object({
        MemoryUsageCommitBytes: number,
        MemoryUsageCommitPeakBytes: number,
        MemoryUsagePrivateWorkingSetBytes: number,
      })
      .exactOptional(),
    Storage: z
      .object({
        ReadCountNormalized: number,
        ReadSizeBytes: number,
        WriteCountNormalized: number,
        WriteSizeBytes: number,
      })
      .exactOptional(),
  }),
});

const processListOf = z.object({
  ProcessList: z
    .array(
      z.object({
        ProcessId: z.number(),
        ImageName: text,
        CreateTimestamp: text,
        UserTime100ns: number,
        KernelTime100ns: number,
        MemoryWorkingSetPrivateBytes: number,
      }),
    )
    .default([]),
});

/** @throws {HostError} also when the answer has none */
export async function statistics(systems: NativeSystems, handle: SystemHandle): Promise<SystemStatistics> {
  const query = { PropertyTypes: ['Statistics'] };
  return (await systems.properties('compute.statistics', handle, statisticsOf, query)).Statistics;
}

export async function processList(systems: NativeSystems, handle: SystemHandle): Promise<readonly ProcessDetails[]> {
  const query = { PropertyTypes: ['ProcessList'] };
  return (await systems.properties('compute.processes', handle, processListOf, query)).ProcessList;
}
