/** What comes from outside is `unknown` until it has been looked at: the library's own declarations say `any`. */
interface JSON {
  parse(text: string, reviver?: (this: unknown, key: string, value: unknown) => unknown): unknown;
}

interface ArrayConstructor {
  isArray(value: unknown): value is readonly unknown[];
}
