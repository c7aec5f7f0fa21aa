/** What errors of Node's own `fs` are in the words of Windows. */
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { systemCodeOf } from '../systemError.ts';

const CODES: Readonly<Record<string, number>> = {
  ENOENT: HRESULT.fileNotFound,
  ENOTDIR: HRESULT.pathNotFound,
  EEXIST: HRESULT.fileExists,
  ENOTEMPTY: HRESULT.directoryNotEmpty,
  EACCES: HRESULT.accessDenied,
  EPERM: HRESULT.accessDenied,
  EISDIR: HRESULT.accessDenied,
  EBUSY: HRESULT.sharingViolation,
  ETXTBSY: HRESULT.sharingViolation,
  EMFILE: HRESULT.tooManyOpenFiles,
  ENFILE: HRESULT.tooManyOpenFiles,
  ENOMEM: HRESULT.outOfMemory,
  EROFS: HRESULT.writeProtect,
  ENOSPC: HRESULT.diskFull,
  EDQUOT: HRESULT.diskFull,
  ENAMETOOLONG: HRESULT.pathTooLong,
  EINVAL: HRESULT.invalidParameter,
  ENOTSUP: HRESULT.notSupported,
  EOPNOTSUPP: HRESULT.notSupported,
  ENOSYS: HRESULT.notSupported,
  EIO: HRESULT.ioDevice,
  ETIMEDOUT: HRESULT.semaphoreTimeout,
};

/**
 * The error of a call of the port.
 * @param instead what a code means for this call, where it is something else than usual
 */
export function fileError(call: string, error: unknown, instead: Readonly<Record<string, number>> = {}): HostError {
  const code = systemCodeOf(error) ?? '';
  const detail = error instanceof Error ? error.message : String(error);
  return new HostError(call, instead[code] ?? CODES[code] ?? HRESULT.unspecified, detail);
}

/** Whether `error` says that there is nothing at a path: neither it nor, perhaps, what it would lie in. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '');
}
