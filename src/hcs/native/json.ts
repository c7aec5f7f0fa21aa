/** Documents that HCS answers with: what they hold is unknown until it has been looked at. */
import type { z } from 'zod';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { objectIn } from './fields.ts';

/** The value in the shape that is asked for. @throws {HostError} ERROR_INVALID_DATA, without its content */
export function valueAs<T>(call: string, schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const where = read.error.issues.map(({ path }) => path.join('.') || 'the document').join(', ');
  throw new HostError(call, HRESULT.invalidData, `the answer of HCS is not as documented: ${where}`);
}

/** The document in the shape that is asked for. @throws {HostError} as `valueAs` */
export function documentOf<T>(call: string, schema: z.ZodType<T>, document: string | undefined): T {
  return valueAs(call, schema, objectIn(document ?? ''));
}
