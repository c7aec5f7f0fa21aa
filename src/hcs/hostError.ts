import type { HostFailure } from '../domain/fault.ts';
import { formatHresult, meaningOf } from './codes.ts';
import { HRESULT } from './codeTable.ts';

/** What a host says about a failure besides its code. */
export type HostReport = Pick<HostFailure, 'detail' | 'events' | 'attribution'>;

/** A host call that failed: the only thing that a port method may reject with. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly failure: HostFailure;

  /**
   * @param call the method in the words of the port, `layers.activate`
   * @param hresult the code, signed or not
   * @param said the host's own words, where it gave some
   */
  constructor(call: string, hresult: number, said: string | HostReport = {}) {
    const report: HostReport = typeof said === 'string' ? { detail: said } : said;
    const { detail } = report;
    const { name, meaning, class: codeClass } = meaningOf(hresult);
    super(`${call}: ${meaning} (${name}, ${formatHresult(hresult)})${detail === undefined ? '' : `: ${detail}`}`);
    this.failure = {
      call,
      hresult: formatHresult(hresult),
      name,
      meaning,
      class: codeClass,
      ...report,
    };
  }
}

/** Whether `error` says that the thing is not there (any more): its release is done. */
export function isGone(error: unknown): boolean {
  return error instanceof HostError && error.failure.class === 'gone';
}

/** Whether `error` says that the VM whose guest was asked is not there (any more). */
export function isVmGone(error: unknown): boolean {
  return (
    error instanceof HostError &&
    error.failure.call.startsWith('guest.') &&
    Number(error.failure.hresult) === HRESULT.systemNotFound
  );
}

/** Whether `error` says that something lies in a folder. */
export function isNotEmpty(error: unknown): boolean {
  return error instanceof HostError && Number(error.failure.hresult) === HRESULT.directoryNotEmpty;
}

/** Whether `error` says that a handle is closed, or was never one. */
export function isInvalidHandle(error: unknown): boolean {
  return error instanceof HostError && Number(error.failure.hresult) === HRESULT.invalidHandle;
}

const SERVICE_LOST: readonly string[] = [
  'HCS_E_SERVICE_DISCONNECT',
  'RPC_S_SERVER_UNAVAILABLE',
  'RPC_S_CALL_FAILED',
  'RPC_S_CALL_FAILED_DNE',
];

/** Whether `error` says that the Host Compute Service went away, or is not there to be asked. */
export function isServiceLost(error: unknown): boolean {
  if (!(error instanceof HostError)) return false;
  const { call, name } = error.failure;
  // HNS is reached over RPC too, and is another service.
  return SERVICE_LOST.includes(name) && /^(compute|processes|guest|credentials)\./.test(call);
}
