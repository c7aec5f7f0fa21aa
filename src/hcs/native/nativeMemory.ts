/** Memory that native functions hand out: copied, and given back once, with the function that its maker asks for. */
import { KERNEL32 } from './bindings/kernel32.ts';
import { OLE32 } from './bindings/ole32.ts';
import type { Bound, Libraries } from './ffi/declaring.ts';
import type { Out } from './ffi/memory.ts';

/** Who made a string: HCS wants its own back by LocalFree, HCN and vmcompute by CoTaskMemFree. */
export type Allocator = 'local' | 'com';

export class NativeMemory {
  readonly #kernel32: Bound<typeof KERNEL32>;
  readonly #ole32: Bound<typeof OLE32>;

  constructor(libraries: Libraries) {
    this.#kernel32 = libraries.bind('kernel32', KERNEL32);
    this.#ole32 = libraries.bind('ole32', OLE32);
  }

  /** A copy of `length` bytes. The memory stays its owner's. */
  copy(address: bigint, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    if (length > 0) this.#kernel32.RtlMoveMemory.now(bytes, address, BigInt(length));
    return bytes;
  }

  /** A copy of a NUL-terminated UTF-16 string; undefined for NULL. The memory stays its owner's. */
  text(address: bigint): string | undefined {
    if (address === 0n) return undefined;
    return this.copy(address, this.#kernel32.lstrlenW.now(address) * 2).toString('utf16le');
  }

  /** The string that was handed out, if one was; it is given back, and cannot be taken twice. */
  take(out: Out, allocator: Allocator): string | undefined {
    const address = out.address;
    if (address === 0n) return undefined;
    out.bytes.fill(0);
    try {
      return this.text(address);
    } finally {
      if (allocator === 'local') this.#kernel32.LocalFree.now(address);
      else this.#ole32.CoTaskMemFree.now(address);
    }
  }
}
