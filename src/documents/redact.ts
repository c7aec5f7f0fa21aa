import { redactSpec } from '../oci/redact.ts';

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

/** The document of a container in a Linux VM holds an OCI spec, with the environment of its process. */
function redactField(key: string, field: unknown): unknown {
  if (SECRET_FIELDS.has(key)) return REDACTED;
  return key === 'OciSpecification' ? redactSpec(field) : redact(field);
}

function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, redactField(key, field)]));
}

/** A copy of an HCS document without its secrets: credential guard, credentials, registry values, environment. */
export function redactDocument(document: object): object {
  return redact(document) as object;
}
