import type { CodeMeaning } from './codes/row.ts';
import { ALIASES, CODES } from './codeTable.ts';

/** Unsigned 32 bits, whatever the sign that it came with. */
function unsigned(hresult: number): number {
  return hresult >>> 0;
}

/** `0x80370110`. */
export function formatHresult(hresult: number): string {
  return `0x${unsigned(hresult).toString(16).padStart(8, '0').toUpperCase()}`;
}

/**
 * The codes under which the table may have it: as it is, an NTSTATUS without its HRESULT bit, and a code of HCS
 * (low words 0x01xx) in the other of its two families.
 */
function spellings(hresult: number): readonly number[] {
  const code = unsigned(hresult);
  const bare = code >>> 28 === 0xd ? unsigned(code & ~0x10000000) : code;
  const otherFamily = [0x803701, 0xc03701].includes(bare >>> 8) ? [unsigned(bare ^ 0x40000000)] : [];
  return [code, bare, ...otherFamily];
}

function found(hresult: number): CodeMeaning | undefined {
  const code = spellings(hresult).find((spelling) => CODES.has(spelling));
  return code === undefined ? undefined : CODES.get(code);
}

/** Decodes an HRESULT of HCS (both families), HCN, Win32 or NTSTATUS; an unknown one is `permanent`. */
export function meaningOf(hresult: number): CodeMeaning {
  return (
    found(hresult) ?? {
      name: formatHresult(hresult),
      meaning: 'a code that is not in the table',
      class: 'permanent',
      advice: 'Look for it in the event logs Microsoft-Windows-Hyper-V-Compute-Admin and Host-Network-Service.',
    }
  );
}

/** Whether the table has the code, in any of its families. */
export function isKnown(hresult: number): boolean {
  return found(hresult) !== undefined;
}

/** Who gives such codes. */
export type CodeFamily = 'HCS' | 'HCN' | 'Win32' | 'NTSTATUS' | 'HRESULT';

/** The family of a code, known or not. */
export function familyOf(hresult: number): CodeFamily {
  const code = unsigned(hresult);
  const facility = (code >>> 16) & 0xfff;
  if (facility === 0x37) return 'HCS';
  if (code >>> 28 >= 0xc) return 'NTSTATUS';
  return facility === 0x3b ? 'HCN' : facility === 7 ? 'Win32' : 'HRESULT';
}

const BY_NAME: ReadonlyMap<string, number> = new Map([
  ...[...CODES].map(([code, { name }]) => [name, code] as const),
  ...ALIASES,
]);

/** The code of a name, in whatever case; codes of HCS have their V1 names too (`ERROR_VMCOMPUTE_UNEXPECTED_EXIT`). */
export function codeNamed(name: string): number | undefined {
  const wanted = name.toUpperCase();
  return BY_NAME.get(wanted) ?? BY_NAME.get(wanted.replace(/^ERROR_VMCOMPUTE_/, 'HCS_E_'));
}

/** Names that a text may have meant: those that contain it, or else those that have most of its words. */
export function namesLike(text: string): readonly string[] {
  const wanted = text.toUpperCase();
  if (wanted.length < 3) return [];
  const names = [...BY_NAME.keys()];
  const containing = names.filter((name) => name.includes(wanted));
  if (containing.length > 0) return containing;
  const words = new Set(wanted.split('_'));
  const shared = (name: string): number => name.split('_').filter((word) => words.has(word)).length;
  const most = Math.max(...names.map(shared));
  return most * 2 > words.size ? names.filter((name) => shared(name) === most) : [];
}
