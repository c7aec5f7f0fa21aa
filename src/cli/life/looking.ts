/** What runs in a container, and what it uses. */
import { fromEvent, lastValueFrom, takeUntil, tap } from 'rxjs';
import type { ProcessDetails, SystemStatistics } from '../../domain/process.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { table } from '../table.ts';
import { find, type LifeArguments, visit } from './open.ts';
import { untilInterrupted } from './untilInterrupted.ts';

const MIB = 1024 * 1024;
const TICKS_PER_SECOND = 10_000_000;

const seconds = (ticks: number | undefined): string =>
  ticks === undefined ? '-' : `${(ticks / TICKS_PER_SECOND).toFixed(1)}s`;
const mebibytes = (bytes: number | undefined): string => (bytes === undefined ? '-' : `${(bytes / MIB).toFixed(1)}MiB`);

function processorTime({ UserTime100ns, KernelTime100ns }: ProcessDetails): number | undefined {
  if (UserTime100ns === undefined && KernelTime100ns === undefined) return undefined;
  return (UserTime100ns ?? 0) + (KernelTime100ns ?? 0);
}

function cellsOf(process: ProcessDetails): readonly string[] {
  const { ProcessId, ImageName, CreateTimestamp, MemoryWorkingSetPrivateBytes } = process;
  return [
    String(ProcessId),
    ImageName ?? '-',
    CreateTimestamp ?? '-',
    seconds(processorTime(process)),
    mebibytes(MemoryWorkingSetPrivateBytes),
  ];
}

/** `slipway ps ID`: the processes in the container. */
export async function ps(id: string, options: LifeArguments, { out }: Streams): Promise<number> {
  const container = await visit(await find(id, options), options);
  const processes = await container.processes();
  const headings = ['PID', 'IMAGE', 'STARTED', 'CPU', 'MEMORY'];
  out(options.json === true ? `${JSON.stringify(processes)}\n` : table(headings, processes.map(cellsOf)));
  return EXIT.done;
}

const STATS_HEADINGS = ['UPTIME', 'CPU', 'MEMORY', 'PEAK', 'READ', 'WRITTEN'];

function statsCells({ Uptime100ns, Processor, Memory, Storage }: SystemStatistics): readonly string[] {
  return [
    seconds(Uptime100ns),
    seconds(Processor?.TotalRuntime100ns),
    mebibytes(Memory?.MemoryUsageCommitBytes),
    mebibytes(Memory?.MemoryUsageCommitPeakBytes),
    mebibytes(Storage?.ReadSizeBytes),
    mebibytes(Storage?.WriteSizeBytes),
  ];
}

export interface StatsArguments extends LifeArguments {
  /** Milliseconds. */
  readonly interval?: number | undefined;
}

/** `slipway stats ID`: what it uses; with an interval, again and again until it stops. */
export async function stats(id: string, options: StatsArguments, { out }: Streams): Promise<number> {
  const container = await visit(await find(id, options), options);
  const show = (statistics: SystemStatistics): void =>
    out(
      options.json === true
        ? `${JSON.stringify({ id: container.id, ...statistics })}\n`
        : table(STATS_HEADINGS, [statsCells(statistics)]),
    );
  if (options.interval === undefined) {
    show(await container.stats());
    return EXIT.done;
  }
  const all = container.stats$(options.interval);
  return untilInterrupted((signal) => {
    const shown = all.pipe(tap(show), takeUntil(fromEvent(signal, 'abort')));
    return lastValueFrom(shown, { defaultValue: undefined });
  });
}
