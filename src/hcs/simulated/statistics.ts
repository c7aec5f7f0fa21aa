/** What a running system uses: made up, but such that it grows with time and with what runs. */
import type { ProcessDetails, SystemStatistics } from '../../domain/process.ts';
import type { ProcessRecord } from './processes/record.ts';
import type { HostState } from './state.ts';
import type { SimulatedSystem } from './systemState.ts';

const HUNDREDS_OF_NANOSECONDS_IN_MS = 10_000;
const MB = 1024 * 1024;

/** The part of a processor that a process keeps busy for its own sake, and the kernel for it. */
const USER = 0.05;
const KERNEL = 0.02;

const SYSTEM_BYTES = 24 * MB;
const PROCESS_BYTES = 6 * MB;
const IO_PER_PROCESS = 32;
const BYTES_PER_IO = 4096;

const ticks = (ms: number): number => Math.floor(ms * HUNDREDS_OF_NANOSECONDS_IN_MS);

function runningIn(state: HostState, { pids }: SimulatedSystem): readonly ProcessRecord[] {
  return pids.flatMap((pid) => state.processes.get(pid) ?? []);
}

function memoryOf({ pids, usage }: SimulatedSystem): NonNullable<SystemStatistics['Memory']> {
  const bytes = SYSTEM_BYTES + pids.length * PROCESS_BYTES;
  return {
    MemoryUsageCommitBytes: bytes,
    MemoryUsageCommitPeakBytes: SYSTEM_BYTES + usage.most * PROCESS_BYTES,
    MemoryUsagePrivateWorkingSetBytes: Math.floor(bytes / 2),
  };
}

/** Statistics of a system that was started. */
export function statisticsOf(state: HostState, system: SimulatedSystem): SystemStatistics {
  const now = state.now();
  const { startedAt = now, usage } = system;
  const livedMs = runningIn(state, system).reduce((sum, { startedAt: begun }) => sum + now - begun, usage.endedMs);
  const [user, kernel] = [ticks(livedMs * USER), ticks(livedMs * KERNEL)];
  const io = (usage.made + 1) * IO_PER_PROCESS;
  return {
    Timestamp: new Date(now).toISOString(),
    ContainerStartTime: new Date(startedAt).toISOString(),
    Uptime100ns: ticks(now - startedAt),
    Processor: { TotalRuntime100ns: user + kernel, RuntimeUser100ns: user, RuntimeKernel100ns: kernel },
    Memory: memoryOf(system),
    Storage: {
      ReadCountNormalized: io,
      ReadSizeBytes: io * BYTES_PER_IO,
      WriteCountNormalized: io / 2,
      WriteSizeBytes: (io / 2) * BYTES_PER_IO,
    },
  };
}

/** The processes that were made in a system; what Windows itself runs there is left out. */
export function processListOf(state: HostState, system: SimulatedSystem): readonly ProcessDetails[] {
  return runningIn(state, system).map(({ pid, imageName, startedAt }) => ({
    ProcessId: pid,
    ImageName: imageName,
    CreateTimestamp: new Date(startedAt).toISOString(),
    UserTime100ns: ticks((state.now() - startedAt) * USER),
    KernelTime100ns: ticks((state.now() - startedAt) * KERNEL),
    MemoryWorkingSetPrivateBytes: PROCESS_BYTES / 2,
  }));
}
