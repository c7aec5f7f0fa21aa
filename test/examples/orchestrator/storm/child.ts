/** An orchestrator that is there to be killed: `FOLDER SEED storm|calm`. Says on its output where it listens, and what it met. */
import type { Deadlines, StepName } from 'slipway';
import { STEPS } from 'slipway';
import type { FaultMoment } from 'slipway/testing';
import { startService } from '../../../../examples/orchestrator/http/server.ts';
import { openOrchestrator } from '../../../../examples/orchestrator/orchestrator.ts';
import { armedFaults, hostIn, type Said } from './ground.ts';

const [folder = '', seed = '0', weather = 'calm'] = process.argv.slice(2);

/** In a storm nobody waits for long. */
const STEP_MS = 1_000;
const LATE_ANSWERS_MS = 1_500;
const TELL_MS = 100;

const deadlines = Object.fromEntries(STEPS.map((step: StepName) => [step, STEP_MS])) as Partial<Deadlines>;
const HASTE = {
  deadlines,
  patience: { stopGraceMs: 200, releaseDeadlineMs: STEP_MS, releaseRetryMs: 20, reconcileDeadlineMs: STEP_MS },
  lifePatience: { startMs: STEP_MS, changeMs: STEP_MS, shutdownMs: 500, terminateMs: STEP_MS },
};

const host = hostIn(folder);
const faults = weather === 'storm' ? armedFaults(host, Number(seed)) : [];
const orchestrator = await openOrchestrator({
  host,
  folder,
  backOff: { baseMs: 20, ceilingMs: 500, steadyMs: 5_000 },
  atOnce: 4,
  graceMs: 200,
  ...(weather === 'storm' ? HASTE : {}),
});
const { url } = await startService(orchestrator, { port: 0 });

function tell(): void {
  const counts: Record<FaultMoment, number> = { before: 0, after: 0, never: 0, neverAfterEffect: 0 };
  const met = host.calls.filter(({ injected }) => injected).length;
  for (const { when } of faults.slice(0, met)) counts[when] += 1;
  const said: Said = { url, calls: host.calls.length, faults: counts };
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

tell();
setInterval(tell, TELL_MS);
setInterval(() => host.answerPending(), LATE_ANSWERS_MS);
