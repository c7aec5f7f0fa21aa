/** What is looked up in each library, and since when it is there. */
import { COMPUTECORE } from '../bindings/computecore.ts';
import { COMPUTENETWORK } from '../bindings/computenetwork.ts';
import { COMPUTESTORAGE } from '../bindings/computestorage.ts';
import { KERNEL32 } from '../bindings/kernel32.ts';
import { NTDLL } from '../bindings/ntdll.ts';
import { OLE32 } from '../bindings/ole32.ts';
import { CANCELLING, TRANSFERS } from '../bindings/pipes.ts';
import { VMCOMPUTE } from '../bindings/vmcompute.ts';
import type { Declarations, LibraryName } from '../ffi/declaring.ts';

export const EXPORTS: { readonly [L in LibraryName]: Declarations } = {
  computecore: COMPUTECORE,
  computenetwork: COMPUTENETWORK,
  vmcompute: VMCOMPUTE,
  computestorage: COMPUTESTORAGE,
  kernel32: { ...KERNEL32, ...CANCELLING },
  ole32: OLE32,
  ntdll: { ...NTDLL, ...TRANSFERS },
};

/** Builds of Windows from which a function is there, where that is later than the first with schema 2. */
const SINCE: Readonly<Record<string, number>> = {
  HcsGrantVmGroupAccess: 19041,
  HcsRevokeVmGroupAccess: 19041,
  HcsSetupBaseOSVolume: 20348,
};

/** `HcsGrantVmGroupAccess (from build 19041 on)`. */
export function exportInWords(name: string): string {
  const since = SINCE[name];
  return since === undefined ? name : `${name} (from build ${since} on)`;
}
