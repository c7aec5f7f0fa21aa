import type { Fault } from '../domain/fault.ts';
import type { FaultCode } from '../domain/faultCodes.ts';
import { describeResource, type Resource } from '../domain/resource.ts';
import type { Phase } from '../domain/step.ts';
import { meaningOf } from '../hcs/codes.ts';
import { HostError, isServiceLost, isVmGone } from '../hcs/hostError.ts';
import { JournalUnwritable } from '../journal/unwritable.ts';

/** A fault raised on purpose, on its way out of an actor. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Of a step that was not to go on. */
export function stoppedBefore(phase: Phase, what: string): Failure {
  return new Failure({
    code: 'stopped',
    message: `${phase} was asked to stop before ${what}`,
    hint: 'Nothing to do: the run was cancelled or had passed its deadline.',
    step: phase,
    transient: false,
  });
}

/** Codes of the host that have a name of their own for a caller. */
const OWN_CODES: Readonly<Record<string, FaultCode>> = {
  HCN_E_ENDPOINT_NOT_FOUND: 'endpoint-not-found',
  HCN_E_ENDPOINT_ALREADY_ATTACHED: 'endpoint-in-use',
  HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS: 'endpoint-in-use',
  HCS_E_SYSTEM_ALREADY_EXISTS: 'container-id-taken',
  HCS_E_INVALID_JSON: 'document-refused',
  HCS_E_ACCESS_DENIED: 'access-denied',
  ERROR_ACCESS_DENIED: 'access-denied',
};

function resourceField(resource: Resource | undefined): Pick<Fault, 'resource'> {
  return resource === undefined ? {} : { resource: { description: describeResource(resource) } };
}

/** What is said of a call to a VM that has ended. */
const VM_GONE: Pick<Fault, 'code' | 'hint'> = {
  code: 'vm-gone',
  hint: 'The VM has ended, and all that was in it with it: make another one, and create the container in that one.',
};

/** What is said of a call that the Host Compute Service did not live to answer, or was not there to take. */
const SERVICE_LOST: Pick<Fault, 'code' | 'hint' | 'transient'> = {
  code: 'service-disconnected',
  hint: 'See whether the service vmcompute runs; what was acquired is released when it does.',
  transient: true,
};

function faultOfHostError(error: HostError, step: Phase, resource: Resource | undefined): Fault {
  const { failure } = error;
  const about = resource === undefined ? '' : ` for ${describeResource(resource)}`;
  return {
    code: OWN_CODES[failure.name] ?? 'host-call-failed',
    message: `${step}${about}: ${error.message}`,
    hint: meaningOf(Number(failure.hresult)).advice,
    step,
    transient: failure.class === 'transient',
    host: failure,
    ...resourceField(resource),
    ...(isVmGone(error) ? VM_GONE : {}),
    ...(isServiceLost(error) ? SERVICE_LOST : {}),
  };
}

function faultOfJournal({ code, message, hint }: JournalUnwritable, step: Phase): Fault {
  return { code, message: `${step}: ${message}`, hint, step, transient: true };
}

/** Anything that was thrown, as a fault of `step`. */
export function toFault(error: unknown, step: Phase, resource?: Resource): Fault {
  if (error instanceof Failure) return error.fault;
  if (error instanceof HostError) return faultOfHostError(error, step, resource);
  if (error instanceof JournalUnwritable) return faultOfJournal(error, step);
  return {
    code: 'internal-error',
    message: `${step} failed in a way that was not foreseen: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'This is a defect of slipway, not of your request: please report it with the events of this provision.',
    step,
    transient: false,
    ...resourceField(resource),
  };
}
