import { DEFAULT_DEADLINES, DEFAULT_PATIENCE, type Deadlines } from '../../domain/deadlines.ts';
import type { StepName } from '../../domain/step.ts';
import type { RunContext, RunInput, RunOutput } from './contract.ts';

/** What is no deadline is a finding of the validation, which must live to say so. */
function usable(deadlines: Partial<Deadlines> = {}): Partial<Deadlines> {
  return Object.fromEntries(Object.entries(deadlines).filter(([, ms]) => Number.isFinite(ms) && ms > 0));
}

/** @param last the step that a run has behind it whose create had come to its end */
export function runContextOf(input: RunInput, last: StepName, own: Partial<Deadlines> | undefined): RunContext {
  const { provisionId, deadlines, patience, takenUp } = input;
  return {
    provisionId,
    deadlines: { ...DEFAULT_DEADLINES, ...usable(deadlines), ...usable(own) },
    patience: { ...DEFAULT_PATIENCE, ...patience },
    step: takenUp?.at === 'provisioned' ? last : 'initializing',
    plan: [],
    takenUpAt: takenUp?.at ?? null,
    fault: takenUp !== undefined && 'fault' in takenUp ? takenUp.fault : null,
    isGivenBack: false,
    exited: null,
    service: { isLost: false, attempts: 0, rested: null },
  };
}

export function runOutputOf({ fault, exited: reason }: RunContext): RunOutput {
  if (fault !== null) return { kind: 'failed', fault };
  return reason === null ? { kind: 'released' } : { kind: 'exited', reason };
}
