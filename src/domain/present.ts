type Empty = '' | 0 | false | null | undefined;

function saysNothing(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : !value;
}

/** The object without its empty fields, as HCS documents leave out what says nothing: '', 0, false, [], absent. */
export function present<T extends Readonly<Record<string, unknown>>>(
  fields: T,
): { readonly [K in keyof T]?: Exclude<T[K], Empty> } {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) if (!saysNothing(fields[name])) kept[name] = fields[name];
  return kept as { [K in keyof T]?: Exclude<T[K], Empty> };
}
