/** Reading what callers send: any JSON, of which nothing is known. */

/** Where in a document something is wrong, and what about it. */
export interface Objection {
  readonly path: string;
  readonly reason: string;
  /** What the host answers. Default: INVALID_JSON. */
  readonly hresult?: number;
}

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((each) => typeof each === 'string');
}

/** A number of the document; 0 where it is left out. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
