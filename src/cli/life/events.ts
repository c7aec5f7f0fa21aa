import pc from 'picocolors';
import { type ContainerRunSummary, isContainerRun, isOpen, summarize } from '../../journal/runSummary.ts';
import { type ChosenHost, openHost } from '../hosts.ts';
import type { Streams } from '../outcome.ts';
import { lifeFields, pidOf, type RunStatus, statusOf } from '../runState.ts';
import { runOf } from '../runs.ts';
import { exitInWords } from './exitStatus.ts';
import type { LifeArguments } from './open.ts';
import { pause, untilInterrupted } from './untilInterrupted.ts';

/** How often the host is looked at: what is shorter than that may not be seen. */
const LOOK_AGAIN_MS = 100;
const ENDS: readonly RunStatus[] = ['released', 'failed'];

interface Seen {
  readonly run: ContainerRunSummary;
  readonly status: RunStatus;
}

type ByRun = ReadonlyMap<string, Seen>;

function detailOf({ run, status }: Seen): string {
  const pid = pidOf(run, status);
  if (pid !== undefined) return ` (pid ${pid})`;
  const { life, fault } = run;
  if (status === 'failed' && fault !== undefined) return `: ${fault.message}`;
  return life?.status === 'stopped' ? `: it ${exitInWords({ ...life, how: life.how ?? 'unexpected' })}` : '';
}

function show(seen: Seen, was: RunStatus | undefined, { json }: LifeArguments, { out }: Streams): void {
  const { run, status } = seen;
  const at = new Date().toISOString();
  if (json !== true) {
    out(`${pc.dim(at)} ${pc.bold(run.containerId)} ${status}${detailOf(seen)}\n`);
    return;
  }
  const fields = { at, id: run.containerId, provisionId: run.provisionId, status, was: was ?? null };
  out(`${JSON.stringify({ type: 'container.status', ...fields, life: lifeFields(run) })}\n`);
}

/** A run that was over before anybody looked is no news. */
async function look({ host, journal }: ChosenHost, named: string | undefined, before: ByRun): Promise<ByRun> {
  const runs = (await summarize(journal)).runs.filter(isContainerRun);
  const chosen = named === undefined ? runs : [runOf(runs, named)];
  const seen = new Map<string, Seen>();
  for (const run of chosen) {
    const isNews = named !== undefined || before.has(run.provisionId) || isOpen(run);
    if (isNews) seen.set(run.provisionId, { run, status: await statusOf(host, run) });
  }
  return seen;
}

async function watch(
  chosen: ChosenHost,
  named: string | undefined,
  tell: (seen: Seen, was: RunStatus | undefined) => void,
  signal: AbortSignal,
): Promise<void> {
  let before: ByRun = new Map();
  while (!signal.aborted) {
    const now = await look(chosen, named, before);
    for (const [run, seen] of now) {
      const was = before.get(run)?.status;
      if (was !== seen.status) tell(seen, was);
    }
    if (named !== undefined && [...now.values()].every(({ status }) => ENDS.includes(status))) return;
    before = now;
    await pause(LOOK_AGAIN_MS, signal);
  }
}

/** `slipway events [ID]`: where containers stand, and whenever that changes; of one container, until it is gone. */
export function events(id: string | undefined, options: LifeArguments, streams: Streams): Promise<number> {
  const chosen = openHost(options);
  const tell = (seen: Seen, was: RunStatus | undefined): void => show(seen, was, options, streams);
  return untilInterrupted((signal) => watch(chosen, id, tell, signal));
}
