import type { LifeStatus } from '../../domain/containerLife.ts';
import { type ReleaseReport, RunEnded, RunInProgress } from '../../engine/faults.ts';
import { LifeRefusal } from '../../engine/life/refusal.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import { isContainerRun, isOpen, summarize } from '../../journal/runSummary.ts';
import { Refusal } from '../input.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { outliveInterrupts, refuseRunning, refuseUsed, releaseOne, showReport } from '../release.ts';
import { type Found, find, type LifeArguments, runNamed, takeOver, visit } from './open.ts';
import { pause } from './untilInterrupted.ts';

export interface DeleteArguments extends LifeArguments {
  readonly force?: boolean | undefined;
}

const NOTHING: ReleaseReport = { released: [], residue: [] };
const HAS_ENDED: readonly LifeStatus[] = ['stopped', 'deleting', 'deleted'];

/** How long whoever looks after a container that has stopped may take to let go of it. */
const LOOK_AGAIN_MS = 50;
const LOOKS = 600;

/** Whether another process looks after the run, or was first to give it back. */
const isTaken = (error: unknown): boolean =>
  error instanceof RunInProgress ||
  error instanceof RunEnded ||
  (error instanceof Refusal && error.code === 'run-in-progress');

/** @throws {LifeRefusal} when it runs, and is not to be ended by force @throws {RunInProgress} when it never ran */
async function endForItsOwner(found: Found, options: DeleteArguments, why: unknown): Promise<void> {
  const container = await visit(found, options);
  const { status } = container.life;
  if (HAS_ENDED.includes(status)) return;
  if (status === 'created') throw why;
  if (options.force !== true) throw new LifeRefusal(container.id, 'delete', status);
  await container.shutdown({ timeoutMs: 0 });
}

/** Whoever looks after it gives it back, or lets go of it: then this process does. */
async function afterItsOwner(found: Found, options: DeleteArguments): Promise<ReleaseReport> {
  for (let left = LOOKS; ; left -= 1) {
    const run = await runNamed(found.chosen, found.run.provisionId);
    if (!isOpen(run)) return { ...NOTHING, released: run.resources.filter(({ state }) => state === 'released') };
    try {
      return await deleteOwn({ ...found, run }, options);
    } catch (error) {
      if (!isTaken(error) || left === 0) throw error;
    }
    await pause(LOOK_AGAIN_MS);
  }
}

async function deleteOwn(found: Found, options: DeleteArguments): Promise<ReleaseReport> {
  const { run, chosen } = found;
  if (run.status !== 'provisioned') return releaseOne(await createProvisioner(chosen), run, () => {});
  return (await takeOver(found, options)).delete({ force: options.force === true });
}

async function deleteOne(found: Found, options: DeleteArguments): Promise<ReleaseReport> {
  try {
    return await deleteOwn(found, options);
  } catch (error) {
    if (!isTaken(error)) throw error;
    if (found.run.status === 'provisioned') await endForItsOwner(found, options, error);
    return await afterItsOwner(found, options);
  }
}

/** `slipway delete ID...`: gives back containers that have stopped, or never ran. Exit code 1: something is left. */
export async function deleteContainers(
  ids: readonly string[],
  options: DeleteArguments,
  streams: Streams,
): Promise<number> {
  const restore = outliveInterrupts(streams);
  let left = 0;
  try {
    for (const id of ids) {
      const found = await find(id, options);
      const { runs } = await summarize(found.chosen.journal);
      refuseUsed([found.run], runs.filter(isContainerRun));
      const report = isOpen(found.run) ? await deleteOne(found, options).catch(refuseRunning) : NOTHING;
      left += report.residue.length;
      if (options.json !== true) showReport(found.run, report, `slipway delete ${id}`, streams);
      else
        streams.out(`${JSON.stringify({ ok: report.residue.length === 0, id: found.run.containerId, ...report })}\n`);
    }
  } finally {
    restore();
  }
  return left === 0 ? EXIT.done : EXIT.failed;
}
