/** The functions of kernel32.dll that final paths come from, over the files of the platform that the test runs on. */
import { realpathSync } from 'node:fs';
import { Libraries } from '../../src/hcs/native/ffi/declaring.ts';
import type { Ffi, NativeFunction } from '../../src/hcs/native/ffi/seam.ts';

const INVALID_HANDLE = 0xffff_ffff_ffff_ffffn;
const VOLUME = '\\\\?\\Volume{8a25748f-cf34-4ac6-9ee2-c89400e886db}';
const VOLUME_NAME_GUID = 1;

interface Peculiarities {
  /** Everything lies on a share, which has no volume. */
  readonly share?: string;
  /** Windows knows no name at all. */
  readonly nameless?: boolean;
}

type Value = number | bigint | Uint8Array | null;
type Native = (...parameters: readonly Value[]) => number | bigint;

function pathIn(text: unknown): string {
  return Buffer.from(text as Uint8Array)
    .toString('utf16le')
    .replace(/\0.*$/s, '');
}

function nameOf(path: string, kind: unknown, { share, nameless }: Peculiarities): string {
  if (nameless === true || (share !== undefined && kind === VOLUME_NAME_GUID)) return '';
  return `${kind === VOLUME_NAME_GUID ? VOLUME : (share ?? 'C:')}${path.replaceAll('/', '\\')}`;
}

function kernel(open: Map<bigint, string>, peculiarities: Peculiarities): Readonly<Record<string, Native>> {
  return {
    CreateFileW: (path) => {
      try {
        const handle = BigInt(open.size + 4);
        open.set(handle, realpathSync(pathIn(path)));
        return handle;
      } catch {
        return INVALID_HANDLE;
      }
    },
    GetFinalPathNameByHandleW: (handle, characters, _length, kind) => {
      const name = nameOf(open.get(handle as bigint) ?? '', kind, peculiarities);
      return Buffer.from((characters as Uint8Array).buffer).write(`${name}\0`, 'utf16le') / 2 - 1;
    },
    CloseHandle: (handle) => (open.delete(handle as bigint) ? 1 : 0),
  };
}

/** A host whose libraries are carried out here. */
export function kernelOfThisPlatform(peculiarities: Peculiarities = {}) {
  const open = new Map<bigint, string>();
  const functions = kernel(open, peculiarities);
  const find = (name: string): NativeFunction | undefined => {
    const fn = functions[name];
    if (fn === undefined) return undefined;
    const call = { now: fn, later: async (...parameters: Value[]) => fn(...parameters) };
    return call as unknown as NativeFunction;
  };
  const ffi = { name: 'koffi', version: '0', open: () => ({ find }) } as unknown as Ffi;
  const file = 'kernel32.dll';
  const libraries = new Libraries(ffi, {
    computecore: file,
    computenetwork: file,
    computestorage: file,
    vmcompute: file,
    kernel32: file,
    ole32: file,
    ntdll: file,
  });
  return { libraries, volume: VOLUME, openHandles: () => open.size };
}
