import type { LifeMethod, LifeStatus } from '../../domain/containerLife.ts';
import type { Fault } from '../../domain/fault.ts';
import type { Finding } from '../../domain/finding.ts';
import type { SystemId } from '../../domain/ids.ts';
import { REMEDIES } from './answers.ts';

/** A method of a container does not fit where the container stands: nothing was done. */
export class LifeRefusal extends Error {
  override readonly name = 'LifeRefusal';
  readonly code = 'wrong-state';
  readonly containerId: SystemId;
  readonly method: LifeMethod;
  readonly status: LifeStatus;
  /** What to do. */
  readonly hint: string;

  constructor(containerId: SystemId, method: LifeMethod, status: LifeStatus) {
    super(`${method} is refused: the container ${containerId} is ${status}`);
    this.containerId = containerId;
    this.method = method;
    this.status = status;
    this.hint = REMEDIES[status];
  }
}

/** Something that was done with a container went wrong. */
export class LifeFault extends Error {
  override readonly name = 'LifeFault';
  readonly fault: Fault;
  readonly code: Fault['code'];
  readonly hint: string;
  readonly containerId: SystemId;
  readonly method: LifeMethod;
  /** All that is wrong with what was asked for; for `invalid-request`. */
  readonly findings: readonly Finding[];

  constructor(containerId: SystemId, method: LifeMethod, fault: Fault) {
    super(fault.message);
    this.containerId = containerId;
    this.method = method;
    this.fault = fault;
    this.code = fault.code;
    this.hint = fault.hint;
    this.findings = fault.findings ?? [];
  }
}

/** What was asked for cannot be. */
export function invalid(containerId: SystemId, method: LifeMethod, findings: readonly Finding[]): LifeFault {
  const [first] = findings;
  return new LifeFault(containerId, method, {
    code: 'invalid-request',
    message: `${method} is refused: ${findings.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ')}`,
    hint: first?.hint ?? 'See the findings.',
    step: 'executing',
    transient: false,
    findings,
  });
}
