import type { Fault } from '../domain/fault.ts';
import type { LifePhase, Phase, StepName } from '../domain/step.ts';

function isFault(error: unknown): error is Fault {
  return typeof error === 'object' && error !== null && 'code' in error && 'step' in error && 'hint' in error;
}

/** What an actor rejected with, as a fault: actors reject with faults, anything else is a defect of ours. */
export function asFault(error: unknown, step: Phase): Fault {
  if (isFault(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal-error',
    message: `${step} failed in a way that was not foreseen: ${message}`,
    hint: 'This is a defect of slipway, not of your request: please report it with the events of this provision.',
    step,
    transient: false,
  };
}

export function deadlineExceeded(step: StepName, deadlineMs: number): Fault {
  return {
    code: 'deadline-exceeded',
    message: `${step} was not done after ${deadlineMs} ms, and its outcome is unknown`,
    hint: 'Look at what the host is doing (hcsdiag list, hnsdiag list all); the run goes on by itself when the call answers.',
    step,
    transient: true,
  };
}

/** The fault of a run whose call has not answered, with that call in its sentence. */
export function unanswered(fault: Fault, call: string): Fault {
  return { ...fault, message: `${fault.message}: ${call} has not answered` };
}

/** The fault of a run whose process ended in the middle of it. */
export function interrupted(): Fault {
  return {
    code: 'interrupted',
    message: 'the process that ran this create ended before the create did',
    hint: 'What it had acquired is released; create it again.',
    step: 'initializing',
    transient: true,
  };
}

export function cancelled(step: StepName, reason: string): Fault {
  return {
    code: 'cancelled',
    message: `cancelled while ${step}: ${reason}`,
    hint: 'Create it again when the reason is gone.',
    step,
    transient: false,
  };
}

export function serviceDisconnected(step: StepName): Fault {
  return {
    code: 'service-disconnected',
    message: `the Host Compute Service went away while ${step}`,
    hint: 'What was acquired is released when the service is back; create it again then.',
    step,
    transient: true,
  };
}

/** The fault of a process that was not there in time. */
export function notInTime(deadlineMs: number): Fault {
  return {
    code: 'deadline-exceeded',
    message: `the process was not there after ${deadlineMs} ms, and the outcome of its call is unknown`,
    hint: 'Nothing to do for it: when it comes after all, it is ended. Look at what the container is doing (hcsdiag list).',
    step: 'executing',
    transient: true,
  };
}

/** The fault of a process whose system ended while it was made. */
export function systemEndedFirst(): Fault {
  return {
    code: 'container-stopped',
    message: 'the container ended while the process was made',
    hint: 'See how the container ended; create it again to run something in it.',
    step: 'executing',
    transient: false,
  };
}

/** The fault of a container of which the host does not say whether it is there. */
export function whereUnknown(deadlineMs: number): Fault {
  return {
    code: 'service-disconnected',
    message: `the compute service has not said after ${deadlineMs} ms where the container stands`,
    hint: 'See whether the service vmcompute runs; shut the container down or delete it then.',
    step: 'running',
    transient: true,
  };
}

/** The fault of a start in the middle of which the compute service went away. */
export function startLost(): Fault {
  return {
    code: 'service-disconnected',
    message: 'the Host Compute Service went away while the container was started',
    hint: 'Where the container is as it was created, start it again; where it is not, delete it and create it anew.',
    step: 'startingContainer',
    transient: true,
  };
}

/** The fault of what is asked of a container whose first process is not known. */
export function initUnknown(phase: LifePhase): Fault {
  return {
    code: 'container-moved-on',
    message: `${phase} is not possible: it is not known which process was the first of the container`,
    hint: 'Shut the container down, or delete it with force: its system can be ended.',
    step: phase,
    transient: false,
  };
}

/** The fault of something that was done with a container, and did not come to an end in time. */
export function lifeOverdue(phase: LifePhase, deadlineMs: number): Fault {
  return {
    code: 'deadline-exceeded',
    message: `${phase} was not done after ${deadlineMs} ms, and its outcome is unknown`,
    hint: 'Look at what the host is doing (hcsdiag list); end the container with force when it does not go on.',
    step: phase,
    transient: true,
  };
}
