import { type AdmissionClass, CLASS_OF_STEP, type LimitedStep } from '../domain/admission.ts';
import type { StepInput, TurnInput } from '../machines/run/contract.ts';
import { stoppedBefore } from './faults.ts';
import { inRun } from './inRun.ts';
import type { Run, Runs } from './run.ts';

/** Resolves to whether the run has got a slot; the machine is told when it has to wait, and when it has waited. */
async function slotTaken(
  { admission }: Runs,
  run: Run,
  kind: AdmissionClass,
  { parent }: TurnInput,
  signal: AbortSignal,
) {
  if (signal.aborted || run.isStopped) return false;
  if (admission.take(kind, run)) return true;
  const { ahead, come } = admission.wait(kind, run);
  signal.addEventListener('abort', () => admission.leave(run.id), { once: true });
  parent.send({ type: 'turn.awaited', class: kind, ahead });
  const came = await come;
  if (came && !signal.aborted) parent.send({ type: 'turn.came', class: kind });
  return came;
}

/**
 * An actor that does its work in a run when it is its turn. Its slot is given back when the work has ended, whatever
 * became of the machine, and no sooner: a call that hangs holds it.
 */
export function inTurn<Input extends StepInput & TurnInput, Output>(
  runs: Runs,
  step: LimitedStep,
  work: (run: Run, input: Input) => Promise<Output>,
) {
  const kind = CLASS_OF_STEP[step];
  return inRun(runs, step, async (run, input: Input, signal) => {
    if (!(await slotTaken(runs, run, kind, input, signal))) throw stoppedBefore(step, 'its turn');
    try {
      if (signal.aborted) throw stoppedBefore(step, 'its work');
      return await work(run, input);
    } finally {
      runs.admission.giveBack(kind, run);
    }
  });
}
