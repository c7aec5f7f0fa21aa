/** kernel32.dll: reading from the pipes of a process, which are opened for overlapped use. */
import { native } from '../ffi/declaring.ts';

export const PIPES = {
  /** (handle, buffer, length, read out, OVERLAPPED) → not 0 when it was done at once */
  ReadFile: native('i32', 'u64', 'bytes', 'u32', 'bytes', 'bytes'),
  /** (pipe, buffer, length, read out, available out, left out) → 0 when the other end is closed */
  PeekNamedPipe: native('i32', 'u64', 'bytes', 'u32', 'bytes', 'bytes', 'bytes'),
  /** (handle, OVERLAPPED) */
  CancelIoEx: native('i32', 'u64', 'bytes'),
} as const;

const STATUS_PENDING = 0x103;

/** OVERLAPPED: the status of the read in Internal at 0, the bytes that were read in InternalHigh at 8. */
export class Overlapped {
  readonly bytes: Buffer = Buffer.alloc(32);

  constructor() {
    this.bytes.writeBigUInt64LE(BigInt(STATUS_PENDING));
  }

  get isPending(): boolean {
    return this.bytes.readUInt32LE() === STATUS_PENDING;
  }

  get isDone(): boolean {
    return this.bytes.readUInt32LE() === 0;
  }

  get transferred(): number {
    return this.bytes.readUInt32LE(8);
  }
}
