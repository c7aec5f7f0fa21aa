/** kernel32.dll. */
import { type Declarations, native } from '../ffi/declaring.ts';

export const KERNEL32 = {
  /** Frees what the functions of HCS hand out; NULL when it did. */
  LocalFree: native('u64', 'u64'),
  /** Characters up to the NUL of the PCWSTR at an address. */
  lstrlenW: native('i32', 'u64'),
  /** to, from an address, bytes */
  RtlMoveMemory: native('void', 'bytes', 'u64', 'u64'),
  CloseHandle: native('i32', 'u64'),
  /** path, access, sharing, NULL, disposition, flags, 0: a handle, or INVALID_HANDLE_VALUE */
  CreateFileW: native('u64', 'bytes', 'u32', 'u32', 'bytes', 'u32', 'u32', 'u64'),
  /** handle, buffer, its characters, flags: the characters written, or needed with the NUL; 0 on failure */
  GetFinalPathNameByHandleW: native('u32', 'u64', 'bytes', 'u32', 'u32'),
  /** 0xFFFF for all groups of processors */
  GetActiveProcessorCount: native('u32', 'u32'),
} as const satisfies Declarations;
