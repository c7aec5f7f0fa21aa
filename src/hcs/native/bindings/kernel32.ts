/** kernel32.dll: what is asked of the host itself; strings.ts has what reads its strings. */
import { type Declarations, native } from '../ffi/declaring.ts';

export const KERNEL32 = {
  CloseHandle: native('i32', 'u64'),
  /** path, access, sharing, NULL, disposition, flags, 0: a handle, or INVALID_HANDLE_VALUE */
  CreateFileW: native('u64', 'bytes', 'u32', 'u32', 'bytes', 'u32', 'u32', 'u64'),
  /** handle, buffer, its characters, flags: the characters written, or needed with the NUL; 0 on failure */
  GetFinalPathNameByHandleW: native('u32', 'u64', 'bytes', 'u32', 'u32'),
  /** 0xFFFF for all groups of processors */
  GetActiveProcessorCount: native('u32', 'u32'),
} as const satisfies Declarations;
