/** An OCI spec as OCI tools write it down: a field that says nothing is left out. */

/** What a spec says even when it is empty: the tools write these fields always. */
const SAID_ALWAYS: ReadonlySet<string> = new Set(['path', 'destination', 'cwd', 'names', 'hard', 'soft', 'allow']);
/** Maps whose keys are the caller's: an empty value is a value there. */
const MAPS: ReadonlySet<string> = new Set(['annotations', 'sysctl', 'unified']);
/** Fields that can be there with false in them, which is not the same as not being there. */
const TRISTATES: ReadonlySet<string> = new Set(['disableOOMKiller', 'useHierarchy', 'checkBeforeUpdate']);

/** Numbers for which 0 is the same as none; elsewhere 0 is a number like any other. */
const NONE_WHEN_ZERO: ReadonlySet<string> = new Set(['valueTwo']);

function saysNothing(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (SAID_ALWAYS.has(name)) return false;
  if (value === false) return !TRISTATES.has(name);
  if (value === 0) return NONE_WHEN_ZERO.has(name);
  return value === '' || (Array.isArray(value) && value.length === 0);
}

function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  return typeof value === 'object' && value !== null ? saidSpec(value) : value;
}

/** A copy of a section without its fields that say nothing: '', false, [], null; numbers and objects stay. */
export function saidSpec(section: object): object {
  const fields = Object.entries(section)
    .filter(([name, value]) => !saysNothing(name, value))
    .map(([name, value]) => [name, MAPS.has(name) ? value : said(value)]);
  return Object.fromEntries(fields);
}
