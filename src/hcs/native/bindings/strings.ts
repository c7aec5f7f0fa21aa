/** kernel32.dll and ole32.dll: what functions hand out is read, and given back. */
import { native } from '../ffi/declaring.ts';

export const STRINGS = {
  /** (PCWSTR) → units before the NUL. */
  lstrlenW: native('i32', 'u64'),
  /** (to, from, bytes) */
  RtlMoveMemory: native('void', 'bytes', 'u64', 'u64'),
  /** (memory) → NULL, or the memory where it could not be freed. */
  LocalFree: native('u64', 'u64'),
} as const;

export const COM_MEMORY = {
  /** (memory) */
  CoTaskMemFree: native('void', 'u64'),
} as const;
