import type { ContainerState } from '../domain/containerLife.ts';
import type { ProvisionEvent } from '../domain/events.ts';
import type { Fault } from '../domain/fault.ts';
import type { ProvisionId, SystemId } from '../domain/ids.ts';
import type { ProvisionStatus } from '../domain/provisionStatus.ts';
import type { StepName } from '../domain/step.ts';

/** Where one step of a create stands. Times are milliseconds from the start of the run. */
export interface StepState {
  readonly step: StepName;
  readonly status: 'pending' | 'queued' | 'running' | 'done' | 'skipped' | 'failed' | 'unknown';
  /** Why it was skipped, or what went wrong. */
  readonly reason?: string;
  /** How often it was tried again. */
  readonly retries: number;
  readonly startedMs?: number;
  readonly endedMs?: number;
}

export interface ProvisionState {
  readonly provisionId: ProvisionId;
  /** What is made: a container or a utility VM. */
  readonly containerId: SystemId;
  readonly status: ProvisionStatus;
  /** The active state of the statechart, dots between the levels: `allocating.mountingLayers.activating.inTime`. */
  readonly path: string;
  /** The step that runs, or ran last. */
  readonly step: StepName;
  readonly steps: readonly StepState[];
  /** Milliseconds since the start of the run. */
  readonly elapsedMs: number;
  /** What went wrong, from the moment it did. */
  readonly fault?: Fault;
  /** What the container does, from the first time that something is done with it. */
  readonly life?: ContainerState;
}

/** The steps of a run that has not begun. */
export function pendingSteps(steps: readonly StepName[]): readonly StepState[] {
  return steps.map((step) => ({ step, status: 'pending', retries: 0 }));
}

function changeOf(event: ProvisionEvent): { step: StepName; change: Partial<StepState> } | undefined {
  switch (event.type) {
    case 'step.started':
      return { step: event.step, change: { status: 'running', startedMs: event.atMs } };
    case 'step.queued':
      return { step: event.step, change: { status: 'queued' } };
    case 'step.admitted':
      return { step: event.step, change: { status: 'running' } };
    case 'step.finished':
      return { step: event.step, change: { status: 'done', endedMs: event.atMs } };
    case 'step.skipped':
      return { step: event.step, change: { status: 'skipped', reason: event.reason } };
    case 'step.failed':
      return { step: event.step, change: { status: 'failed', reason: event.fault.message, endedMs: event.atMs } };
    case 'step.outcomeUnknown':
      return { step: event.step, change: { status: 'unknown', reason: event.fault.message } };
    case 'step.retrying':
      return { step: event.step, change: { retries: event.attempt - 1 } };
    default:
      return undefined;
  }
}

/** The steps after an event. */
export function stepsAfter(steps: readonly StepState[], event: ProvisionEvent): readonly StepState[] {
  const changed = changeOf(event);
  if (changed === undefined) return steps;
  return steps.map((state) => (state.step === changed.step ? { ...state, ...changed.change } : state));
}
