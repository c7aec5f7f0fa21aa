import { win32 } from 'node:path';
import type { LibraryFiles } from './ffi/declaring.ts';

/** The libraries of Windows by their whole paths: one of the same name in another folder is not taken for them. */
export function windowsLibraries(systemRoot: string = process.env.SystemRoot ?? 'C:\\Windows'): LibraryFiles {
  const file = (name: string): string => win32.join(systemRoot, 'System32', `${name}.dll`);
  return {
    computecore: file('computecore'),
    computenetwork: file('computenetwork'),
    computestorage: file('computestorage'),
    vmcompute: file('vmcompute'),
    kernel32: file('kernel32'),
    ole32: file('ole32'),
    ntdll: file('ntdll'),
  };
}
