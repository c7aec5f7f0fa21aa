import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';

interface OpenHandle {
  readonly native: bigint;
  /** Calls that are being made with it. */
  uses: number;
  /** Called when the last use ends; set by who closes it. */
  unused?: () => void;
}

/**
 * Open handles of one kind. The numbers that stand for them are never given twice, so that one that is closed cannot be
 * taken for another; a handle that a call is using is closed when that call has answered.
 */
export class Handles<H extends number> {
  readonly #open = new Map<H, OpenHandle>();
  #next = 1;

  add(native: bigint): H {
    const handle = this.#next as H;
    this.#next += 1;
    this.#open.set(handle, { native, uses: 0 });
    return handle;
  }

  /** Makes a call with an open handle. @throws {HostError} ERROR_INVALID_HANDLE for one that is closed */
  async use<T>(call: string, handle: H, make: (native: bigint) => Promise<T>): Promise<T> {
    const open = this.#open.get(handle);
    if (open === undefined) throw new HostError(call, HRESULT.invalidHandle);
    open.uses += 1;
    try {
      return await make(open.native);
    } finally {
      open.uses -= 1;
      if (open.uses === 0) open.unused?.();
    }
  }

  /**
   * Takes the handle away from everybody else and gives it when nobody uses it any more.
   * @throws {HostError} ERROR_INVALID_HANDLE for one that is closed
   */
  async take(call: string, handle: H): Promise<bigint> {
    const open = this.#open.get(handle);
    if (open === undefined) throw new HostError(call, HRESULT.invalidHandle);
    this.#open.delete(handle);
    if (open.uses > 0) {
      await new Promise<void>((resolve) => {
        open.unused = resolve;
      });
    }
    return open.native;
  }
}
