/** GetFinalPathNameByHandle: where a path leads in the end. */
import { stat } from 'node:fs/promises';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { KERNEL32 } from './bindings/kernel32.ts';
import type { Blocking } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import { wide } from './ffi/memory.ts';

const CALL = 'files.resolve';
const INVALID_HANDLE = 0xffff_ffff_ffff_ffffn;
/** FILE_SHARE_READ, _WRITE and _DELETE: whoever has it open is not in the way. */
const SHARE_ALL = 7;
const OPEN_EXISTING = 3;
/** FILE_FLAG_BACKUP_SEMANTICS: folders are opened too. */
const BACKUP_SEMANTICS = 0x0200_0000;
/** `\\?\Volume{guid}\...`: also for volumes without a letter. */
const VOLUME_NAME_GUID = 1;
/** `\\?\UNC\server\share\...`: a share has no volume of its own. */
const VOLUME_NAME_DOS = 0;
/** Characters of the longest path. */
const LONGEST = 0x8000;

/** The last error of Windows belongs to a thread that is gone by now: a second look tells what is wrong with the path. */
async function whyNotOpened(path: string): Promise<HostError> {
  await stat(path);
  return new HostError(CALL, HRESULT.unspecified, `${path} cannot be opened`);
}

function withoutPrefixOfShare(path: string): string {
  return path.replace(/^\\\\\?\\UNC\\/i, '\\\\');
}

/** @throws {HostError} or an error of `fs`, when there is nothing at the path */
export async function finalPathOf(libraries: Libraries, blocking: Blocking, path: string): Promise<string> {
  const kernel32 = libraries.bind('kernel32', KERNEL32);
  const named = async (handle: bigint, kind: number): Promise<string> => {
    const characters = Buffer.alloc(LONGEST * 2);
    const written = await blocking(CALL, async () =>
      kernel32.GetFinalPathNameByHandleW.later(handle, characters, LONGEST, kind),
    );
    return characters.toString('utf16le', 0, Math.min(written, LONGEST) * 2);
  };
  const handle = await blocking(CALL, async () =>
    kernel32.CreateFileW.later(wide(path), 0, SHARE_ALL, null, OPEN_EXISTING, BACKUP_SEMANTICS, 0n),
  );
  if (handle === INVALID_HANDLE) throw await whyNotOpened(path);
  try {
    const final = (await named(handle, VOLUME_NAME_GUID)) || (await named(handle, VOLUME_NAME_DOS));
    if (final === '') throw new HostError(CALL, HRESULT.pathNotFound, `${path} has no final path`);
    return withoutPrefixOfShare(final);
  } finally {
    await blocking(CALL, async () => kernel32.CloseHandle.later(handle));
  }
}
