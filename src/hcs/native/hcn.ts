/** How the functions of computenetwork.dll are called: ids, records of errors, handles and strings handed out. */
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { COMPUTENETWORK } from './bindings/computenetwork.ts';
import type { Blocking } from './blocking.ts';
import { checkRecord } from './errorRecord.ts';
import type { Bound, Libraries } from './ffi/declaring.ts';
import { guidBytes, Out } from './ffi/memory.ts';
import { NativeMemory } from './nativeMemory.ts';

/** A call whose ErrorRecord goes where its parameter says. */
export type RecordedCall = (record: Buffer) => Promise<number>;

/** A REFGUID. @throws {HostError} for an id that is none: its bytes would not be there to be read. */
export function guidOf(call: string, id: string): Uint8Array {
  const isGuid = /^\{?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?$/i.test(id);
  if (!isGuid) throw new HostError(call, HRESULT.guidConversionFailure, id);
  return guidBytes(id);
}

export class HcnCalls {
  readonly functions: Bound<typeof COMPUTENETWORK>;
  readonly #blocking: Blocking;
  readonly #memory: NativeMemory;

  constructor(libraries: Libraries, blocking: Blocking) {
    this.functions = libraries.bind('computenetwork', COMPUTENETWORK);
    this.#blocking = blocking;
    this.#memory = new NativeMemory(libraries);
  }

  #take(out: Out): string {
    return this.#memory.take(out, 'com') ?? '';
  }

  async recorded(call: string, make: RecordedCall): Promise<void> {
    const record = new Out();
    const hresult = await this.#blocking(call, () => make(record.bytes));
    checkRecord(call, hresult, this.#take(record));
  }

  /** A call that hands out a string, which is freed also when the call has failed. */
  async text(call: string, make: (out: Buffer, record: Buffer) => Promise<number>): Promise<string> {
    const out = new Out();
    try {
      await this.recorded(call, (record) => make(out.bytes, record));
    } catch (error) {
      this.#take(out);
      throw error;
    }
    return this.#take(out);
  }

  /** Opens a handle, uses it and closes it, whatever happens; a failure of the use counts more than one of the close. */
  async withHandle<T>(
    call: string,
    open: (handle: Buffer, record: Buffer) => Promise<number>,
    close: (handle: bigint) => Promise<number>,
    use: (handle: bigint) => Promise<T>,
  ): Promise<T> {
    const handle = new Out();
    const using = this.recorded(call, (record) => open(handle.bytes, record)).then(() => use(handle.address));
    const [used] = await Promise.allSettled([using]);
    const closed = handle.address === 0n ? 0 : await this.#blocking(call, () => close(handle.address));
    if (used.status === 'rejected') throw used.reason;
    checkRecord(call, closed, '');
    return used.value;
  }
}
