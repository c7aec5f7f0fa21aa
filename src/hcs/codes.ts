import { CODES, type CodeMeaning } from './codeTable.ts';

/** Unsigned 32 bits, whatever the sign that it came with. */
function unsigned(hresult: number): number {
  return hresult >>> 0;
}

/** `0x80370110`. */
export function formatHresult(hresult: number): string {
  return `0x${unsigned(hresult).toString(16).padStart(8, '0').toUpperCase()}`;
}

/** The code under which the table has it: V1 codes of HCS fold into the V2 ones, an NTSTATUS loses its HRESULT bit. */
function canonical(hresult: number): number {
  const code = unsigned(hresult);
  if (CODES.has(code)) return code;
  if (code >>> 16 === 0xc037) return unsigned(0x80370000 | (code & 0xffff));
  return code >>> 28 === 0xd ? unsigned(code & ~0x10000000) : code;
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

/** Whether the table has the code, in any of its families. */
export function isKnown(hresult: number): boolean {
  return CODES.has(canonical(hresult));
}
