import type { StepState } from '../../observe/provisionState.ts';
import { Mark } from './parts/mark.tsx';
import { duration, type Tone } from './words.ts';

const STEP_TONE: { readonly [S in StepState['status']]: Tone | null } = {
  pending: null,
  queued: 'waiting',
  running: 'going',
  done: 'good',
  skipped: 'quiet',
  failed: 'bad',
  unknown: 'warning',
};

function timeOf({ startedMs, endedMs, status }: StepState): string {
  if (status === 'skipped') return 'skipped';
  if (startedMs === undefined || endedMs === undefined) return status;
  return status === 'failed' ? 'failed' : duration(endedMs - startedMs);
}

/** All steps of a create in one line, each with its mark. */
export function StepStrip({ steps }: { readonly steps: readonly StepState[] }) {
  return (
    <ol class="steps" aria-label="Steps">
      {steps.map((step) => {
        const tone = STEP_TONE[step.status];
        return (
          <li key={step.step} class={`step ${step.status}`} data-step={step.step} title={step.reason}>
            <span class="step-mark">{tone === null ? <span class="todo" /> : <Mark tone={tone} />}</span>
            <span class="step-name">{step.step}</span>
            <span class="step-time">
              {timeOf(step)}
              {step.retries > 0 && ` · tried ${step.retries + 1} times`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
