type Empty = '' | 0 | false | null | undefined;

/** The object without its empty fields, as HCS documents leave out what says nothing: '', 0, false, [], absent. */
export function present<T extends Readonly<Record<string, unknown>>>(
  fields: T,
): { readonly [K in keyof T]?: Exclude<T[K], Empty> } {
  const kept = Object.entries(fields).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value)));
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], Empty> };
}
