const REDACTED = '[redacted]';

/** The fields of HCS documents that hold secrets, wherever they stand. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'Cookie',
  'CredentialSpec',
  'Credentials',
  'StringValue',
  'BinaryValue',
  'DWordValue',
  'QWordValue',
]);

function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, SECRET_FIELDS.has(key) ? REDACTED : redact(field)]),
  );
}

/** A copy of an HCS document without its secrets: credential guard, credentials, registry values. */
export function redactDocument(document: object): object {
  return redact(document) as object;
}
