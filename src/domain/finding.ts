/** One thing that is wrong with, or remarkable about, a request. */
export interface Finding {
  /** Stable, kebab-case, for programs: `mount-type-unsupported`. */
  readonly code: string;
  /** RFC 6901 JSON pointer into the request, e.g. `/spec/mounts/0/type`. */
  readonly pointer: string;
  /** What is wrong, in one sentence, with the value at fault (never a secret). */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Builds an RFC 6901 pointer from its parts; `~` and `/` inside a part are escaped. */
export function pointer(...parts: ReadonlyArray<string | number>): string {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
