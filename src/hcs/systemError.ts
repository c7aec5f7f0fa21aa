import { isNativeError } from 'node:util/types';

/** The code of an error of Node's own libraries: `ENOENT`, `EACCES`, ... */
export function systemCodeOf(error: unknown): string | undefined {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
