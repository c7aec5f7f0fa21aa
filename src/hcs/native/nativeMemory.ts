/** Memory that native functions hand out: copied, and given back once, with the function that its maker asks for. */
import { COM_MEMORY, STRINGS } from './bindings/strings.ts';
import type { Bound, Libraries } from './ffi/declaring.ts';
import type { Out } from './ffi/memory.ts';

/** Who made a string: HCS wants its own back by LocalFree, HCN and vmcompute by CoTaskMemFree. */
export type Allocator = 'local' | 'com';

export class NativeMemory {
  readonly #strings: Bound<typeof STRINGS>;
  readonly #com: Bound<typeof COM_MEMORY>;

  constructor(libraries: Libraries) {
    this.#strings = libraries.bind('kernel32', STRINGS);
    this.#com = libraries.bind('ole32', COM_MEMORY);
  }

  /** A copy of `length` bytes. The memory stays its owner's. */
  copy(address: bigint, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    if (length > 0) this.#strings.RtlMoveMemory.now(bytes, address, BigInt(length));
    return bytes;
  }

  /** A copy of a NUL-terminated UTF-16 string; undefined for NULL. The memory stays its owner's. */
  text(address: bigint): string | undefined {
    if (address === 0n) return undefined;
    return this.copy(address, this.#strings.lstrlenW.now(address) * 2).toString('utf16le');
  }

  /** The string that was handed out, if one was; it is given back, and cannot be taken twice. */
  take(out: Out, allocator: Allocator): string | undefined {
    const address = out.address;
    if (address === 0n) return undefined;
    out.bytes.fill(0);
    try {
      return this.text(address);
    } finally {
      if (allocator === 'local') this.#strings.LocalFree.now(address);
      else this.#com.CoTaskMemFree.now(address);
    }
  }
}
