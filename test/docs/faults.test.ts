import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = new URL('../..', import.meta.url).pathname;
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The rooms that raise faults; findings have codes of their own. */
const ROOMS = ['src/actors', 'src/machines', 'src/engine'];

test('docs/faults.md has every code that a fault can carry, and no other', () => {
  const sources = ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(join(room, file))),
  );
  const raised = sources.flatMap((text) => [
    ...[...text.matchAll(/code[:=] '([a-z-]+)'/g)].map(([, code]) => code),
    ...[...text.matchAll(/_[A-Z]+: '([a-z-]+)'/g)].map(([, code]) => code),
    ...[...text.matchAll(/fail\(\s*'([a-z-]+)'/g)].map(([, code]) => code),
    ...[...text.matchAll(/\?\? '([a-z]+-[a-z-]+)'/g)].map(([, code]) => code),
  ]);
  const documented = [...read('docs/faults.md').matchAll(/^\| `([a-z]+(?:-[a-z]+)*)` +\|.*\|.*\|$/gm)].map(
    ([, code]) => code,
  );
  const states = ['provisioned', 'failed', 'held', 'released'];
  const expected = [...new Set([...raised, 'container-id-taken'])].filter((code) => code !== 'id-in-use').sort();
  expect(documented.filter((code) => code !== undefined && !states.includes(code)).sort()).toEqual(expected);
});
