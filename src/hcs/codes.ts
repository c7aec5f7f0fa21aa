import type { CodeClass } from '../domain/fault.ts';
import { CODES } from './codeTable.ts';

/** What one code of the host means. */
export interface CodeMeaning {
  /** `ERROR_NOT_READY`, `HCS_E_SYSTEM_NOT_FOUND`, `HCN_E_ENDPOINT_NOT_FOUND`, ... */
  readonly name: string;
  readonly meaning: string;
  readonly class: CodeClass;
  /** What a person can do about it. */
  readonly advice: string;
}

/** Unsigned 32 bits, whatever the sign that it came with. */
export function unsigned(hresult: number): number {
  return hresult >>> 0;
}

/** `0x80370110`. */
export function formatHresult(hresult: number): string {
  return `0x${unsigned(hresult).toString(16).padStart(8, '0').toUpperCase()}`;
}

/** The code under which the table knows it: the V1 family of HCS is folded into the V2 one, NTSTATUS loses its NT bit. */
function canonical(hresult: number): number {
  const code = unsigned(hresult);
  const facility = code & 0x7fff0000;
  if (facility === 0x40370000) return unsigned(0x80370000 | (code & 0xffff));
  if (code >= 0xd0000000 && code < 0xe0000000) return code - 0x10000000;
  return code;
}

/** Decodes an HRESULT of HCS (both families), HCN, Win32 or NTSTATUS; an unknown one is `permanent`. */
export function meaningOf(hresult: number): CodeMeaning {
  return (
    CODES.get(canonical(hresult)) ?? {
      name: formatHresult(hresult),
      meaning: 'a code that is not in the table',
      class: 'permanent',
      advice: 'Look for it in the event logs Microsoft-Windows-Hyper-V-Compute-Admin and Host-Network-Service.',
    }
  );
}
