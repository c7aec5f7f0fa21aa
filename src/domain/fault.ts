import type { FaultCode } from './faultCodes.ts';
import type { Finding } from './finding.ts';
import type { ResourceId } from './ids.ts';
import type { Phase } from './step.ts';

/**
 * What a caller can expect of a host call that failed:
 * `transient` may work when tried again, `gone` means that the thing is not there (any more), `conflict` that it
 * is somebody else's or already there, `unknown` that the call may yet have happened, `permanent` all the rest.
 */
export type CodeClass = 'transient' | 'gone' | 'conflict' | 'permanent' | 'unknown';

/** One event that the host recorded on the way to a failure (HCS: ErrorEvent). Documents in it are left out. */
export interface HostErrorEvent {
  readonly message: string;
  /** The provider of the event log that has it: a GUID. */
  readonly provider?: string;
  readonly eventId?: number;
  readonly source?: string;
  /** What the event was recorded with, in words. */
  readonly data?: readonly string[];
}

/** A host call that failed, decoded. */
export interface HostFailure {
  /** The call in the words of the port: `layers.activate`. */
  readonly call: string;
  /** The HRESULT as eight hex digits: `0x80070015`. */
  readonly hresult: string;
  /** The name of the code: `ERROR_NOT_READY`. */
  readonly name: string;
  readonly meaning: string;
  readonly class: CodeClass;
  /** The host's own words, where it gave some (HCS ResultError, HCN ErrorRecord). */
  readonly detail?: string;
  /** What the host recorded on the way to it, first to last. */
  readonly events?: readonly HostErrorEvent[];
  /** Who or what ended it, in words: `the system ended: Terminate, by Client`. */
  readonly attribution?: readonly string[];
}

/** Why a run did not get where it was asked to go: plain data, fit for a journal. */
export interface Fault {
  /** Stable: {@link FAULT_CODES} has what each means. Actors of a statechart of one's own may bring others. */
  readonly code: FaultCode | (string & NonNullable<unknown>);
  readonly message: string;
  /** What to do. */
  readonly hint: string;
  readonly step: Phase;
  /** Whether the same call may work when it is tried again. */
  readonly transient: boolean;
  readonly resource?: { readonly id?: ResourceId; readonly description: string };
  readonly host?: HostFailure;
  /** All that is wrong with the request; only for `invalid-request`. */
  readonly findings?: readonly Finding[];
}
