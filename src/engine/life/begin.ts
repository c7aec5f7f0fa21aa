import type { Finding } from '../../domain/finding.ts';
import type { ContainerId } from '../../domain/ids.ts';
import type { GuestOs } from '../../domain/process.ts';
import type { ToldLife } from '../../journal/runSummary.ts';
import type { ReleaseHandle } from '../faults.ts';
import type { ProvisionRun } from '../provisionRun.ts';
import { initProcess } from './execProcess.ts';
import type { Lives } from './lives.ts';
import { RunningLife } from './runningLife.ts';

/** What the life of a container needs besides its run. */
export interface Lived {
  readonly spec: unknown;
  readonly lives: Lives;
  /** Of a run that was taken up: what was told of the container; `nothing` when it was not started. */
  readonly told: ToldLife | 'nothing' | undefined;
}

function partOf(spec: unknown, name: 'linux' | 'process'): unknown {
  return typeof spec === 'object' && spec !== null ? (spec as Partial<Record<typeof name, unknown>>)[name] : undefined;
}

/** A spec with a linux section is one of a Linux container, also where a Windows section says in which VM. */
function osOf(spec: unknown): GuestOs {
  return partOf(spec, 'linux') ? 'linux' : 'windows';
}

/** What the start of a container of this spec is refused for. */
export function startFindings(spec: unknown): readonly Finding[] {
  const wanted = initProcess(partOf(spec, 'process'), osOf(spec), undefined);
  return 'findings' in wanted ? wanted.findings : [];
}

export function beginLife(
  run: ProvisionRun,
  containerId: ContainerId,
  handle: ReleaseHandle,
  { spec, lives, told }: Lived,
): RunningLife {
  const { provisionId } = run.recorder.state;
  const ref = { provisionId, containerId, os: osOf(spec) };
  return new RunningLife({ run, ref, handle, told, lives, process: partOf(spec, 'process') });
}
