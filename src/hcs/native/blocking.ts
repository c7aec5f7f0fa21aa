/**
 * Turns for native calls that block a thread. They go on in libuv's pool, which Node's own `fs` uses too: one thread is
 * always left to it, and long calls leave one more to the short ones that begin operations.
 */
import pLimit from 'p-limit';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { ExportMissing } from './ffi/declaring.ts';
import { FfiMissing, LibraryMissing } from './ffi/errors.ts';

/**
 * Makes a native call that blocks, in its turn.
 * @param call the method in the words of the port, `layers.activate`
 * @param make begins it on a thread of the library (`later`), and gives what it answered
 * @throws {HostError} ERROR_MOD_NOT_FOUND, ERROR_PROC_NOT_FOUND where the library or the function is missing
 */
export type Blocking = <T>(call: string, make: () => Promise<T>) => Promise<T>;

export interface Turns {
  /** For calls that wait for a disk or a service: layers, network, rights to files, opening and closing. */
  readonly long: Blocking;
  /** For calls that answer at once, or nearly: those that begin an operation. */
  readonly short: Blocking;
}

/** Whether an HRESULT says that the call failed. */
export function isFailure(hresult: number): boolean {
  return hresult < 0 || hresult > 0x7fffffff;
}

/** What was thrown as the port promises it: by a library that is not there, or by a defect. */
export function hostErrorOf(call: string, error: unknown): unknown {
  if (error instanceof LibraryMissing || error instanceof FfiMissing) {
    return new HostError(call, HRESULT.moduleNotFound, `${error.message}. ${error.hint}`);
  }
  if (error instanceof ExportMissing) return new HostError(call, HRESULT.procedureNotFound, error.message);
  return error;
}

function within(threads: number): Blocking {
  const turn = pLimit(threads);
  return async (call, make) => {
    try {
      return await turn(make);
    } catch (error) {
      throw hostErrorOf(call, error);
    }
  };
}

/** Threads of libuv's pool, as it reads them from the environment. */
function poolSize(): number {
  const asked = Number.parseInt(process.env.UV_THREADPOOL_SIZE ?? '', 10);
  return Number.isNaN(asked) ? 4 : Math.min(Math.max(asked, 1), 1024);
}

/** `threads`: of libuv's pool. Default: UV_THREADPOOL_SIZE, or 4. */
export function turnsWithin(threads: number = poolSize()): Turns {
  return { long: within(Math.max(1, threads - 2)), short: within(1) };
}
