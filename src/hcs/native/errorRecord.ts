/** What HCN and HNS say of a failure: `{"Success": false, "Error": TEXT, "ErrorCode": HRESULT}`. */
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { isFailure } from './blocking.ts';
import { numberField, objectIn, textField } from './fields.ts';

/** The words of the record, or the whole of it where they are not found. */
function wordsOf(record: string): string | undefined {
  const words = (textField(objectIn(record), 'Error') ?? record).trim();
  return words === '' ? undefined : words;
}

/** The HRESULT that a record tells; undefined where it tells none, or one of success. */
export function codeIn(record: unknown): number | undefined {
  const code = numberField(record, 'ErrorCode');
  return code !== undefined && isFailure(code) ? code : undefined;
}

/** A record may come with a code of success: then too the call has failed. @throws {HostError} */
export function checkRecord(call: string, hresult: number, record: string): void {
  if (!isFailure(hresult) && record.trim() === '') return;
  const code = isFailure(hresult) ? hresult : (codeIn(objectIn(record)) ?? HRESULT.unexpected);
  throw new HostError(call, code, wordsOf(record));
}
