/** ntdll.dll. */
import { type Declarations, native } from '../ffi/declaring.ts';

export const NTDLL = {
  /** The address of an OSVERSIONINFOW; an NTSTATUS. Unlike GetVersionEx it tells a program without manifest the truth. */
  RtlGetVersion: native('i32', 'bytes'),
} as const satisfies Declarations;
