import { type AdmissionClass, CLASS_OF_STEP, type LimitedStep } from '../domain/admission.ts';
import type { ProvisionId } from '../domain/ids.ts';
import type { TurnInput } from '../machines/run/contract.ts';
import { stoppedBefore } from './faults.ts';
import { inRun } from './inRun.ts';
import type { Run, Runs } from './run.ts';

/** Resolves to whether the run has got a slot; the machine is told of the wait, if there is one. */
async function waited({ admission }: Runs, run: Run, kind: AdmissionClass, { parent }: TurnInput, signal: AbortSignal) {
  const { ahead, come } = admission.wait(kind, run);
  signal.addEventListener('abort', () => admission.leave(run.id));
  parent.send({ type: 'turn.awaited', class: kind, ahead });
  if (!(await come)) return false;
  if (!signal.aborted) parent.send({ type: 'turn.came', class: kind });
  return true;
}

/** An actor that does its work in a run when it is its turn; its slot is free again when the work is over, and no sooner. */
export function inTurn<Input extends TurnInput & { readonly provisionId: ProvisionId }, Output>(
  runs: Runs,
  step: LimitedStep,
  work: (run: Run, input: Input) => Promise<Output>,
) {
  return inRun(runs, step, async (run, input: Input, signal) => {
    const kind = CLASS_OF_STEP[step];
    const mayGoOn = () => !signal.aborted && !run.isStopped;
    if (!mayGoOn()) throw stoppedBefore(step, 'its turn');
    if (!runs.admission.take(kind, run) && !(await waited(runs, run, kind, input, signal))) {
      throw stoppedBefore(step, 'its turn');
    }
    try {
      if (!mayGoOn()) throw stoppedBefore(step, 'its work');
      return await work(run, input);
    } finally {
      runs.admission.giveBack(kind, run);
    }
  });
}
