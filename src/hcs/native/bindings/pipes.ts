/**
 * The pipes of a process, which are opened for overlapped use: ntdll.dll reads and writes them, since its functions
 * return what ReadFile and WriteFile leave in GetLastError, which belongs to a thread that has gone on by then.
 */
import { type Declarations, native } from '../ffi/declaring.ts';

/** (handle, event, APC, its context, IO_STATUS_BLOCK, buffer, length, byte offset, key) → NTSTATUS */
const TRANSFER = native('i32', 'u64', 'u64', 'u64', 'u64', 'bytes', 'bytes', 'u32', 'bytes', 'u64');

export const TRANSFERS = { NtReadFile: TRANSFER, NtWriteFile: TRANSFER } as const satisfies Declarations;

/** kernel32.dll: (handle, OVERLAPPED, which begins with its IO_STATUS_BLOCK) */
export const CANCELLING = { CancelIoEx: native('i32', 'u64', 'bytes') } as const satisfies Declarations;

export const STATUS = {
  pending: 0x103,
  endOfFile: 0xc0000011,
  pipeDisconnected: 0xc00000b0,
  pipeClosing: 0xc00000b1,
  cancelled: 0xc0000120,
  pipeBroken: 0xc000014b,
} as const;

/** NT_ERROR */
export function isError(status: number): boolean {
  return status >>> 30 === 3;
}

/** IO_STATUS_BLOCK: Status at 0, Information at 8. It is written to until the transfer is over. */
export class IoStatus {
  readonly bytes: Buffer = Buffer.alloc(32);

  constructor() {
    this.bytes.writeUInt32LE(STATUS.pending);
  }

  get status(): number {
    return this.bytes.readUInt32LE();
  }

  /** Bytes. */
  get transferred(): number {
    return this.bytes.readUInt32LE(8);
  }
}
