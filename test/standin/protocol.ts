/** What a test and the stand-in service say to each other: a line of JSON each way. */
import { HostError } from '../../src/hcs/hostError.ts';
import type { Latencies } from '../../src/hcs/simulated/faults.ts';
import type { CutOff } from '../../src/hcs/simulated/service.ts';
import type { HostDescription } from '../../src/hcs/simulated/state.ts';

/** The host that the service is to hold from now on. */
export interface StandInHost extends HostDescription {
  /** Milliseconds that calls take: all of them, or by name. Default: none. */
  readonly latencies?: Latencies;
}

/** `ServiceDeath` as far as it can be written down. */
export interface StandInDeath {
  readonly systemsSurvive?: boolean;
  readonly inFlight?: CutOff;
}

export interface ControlRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** How a call failed: as the host's answer, or as a mistake of whoever asked. */
export type Failure =
  | { readonly kind: 'host'; readonly call: string; readonly hresult: string; readonly detail?: string }
  | { readonly kind: 'mistake'; readonly message: string };

export type ControlReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure };

export function failureOf(error: unknown): Failure {
  if (!(error instanceof HostError)) return { kind: 'mistake', message: String(error) };
  const { call, hresult, detail } = error.failure;
  return { kind: 'host', call, hresult, ...(detail === undefined ? {} : { detail }) };
}

export function errorOf(failure: Failure): Error {
  if (failure.kind === 'mistake') return new Error(`the stand-in service: ${failure.message}`);
  return new HostError(failure.call, Number(failure.hresult), failure.detail);
}
