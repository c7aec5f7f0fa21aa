import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FAULT_CODES } from '../../src/domain/faultCodes.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const sourcesOf = (...rooms: readonly string[]): readonly string[] =>
  rooms.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(join(room, file))),
  );

const unique = (codes: ReadonlyArray<string | undefined>): readonly string[] =>
  [...new Set(codes.flatMap((code) => code ?? []))].sort();

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, code]) => code);

/** The codes of the error classes in a file. */
const thrownIn = (file: string) => found(read(file), /readonly code = '([a-z-]+)'/g);

/** What stands under a heading, up to the next one. */
function section(heading: string): string {
  const [, text = ''] = read('docs/guides/states-and-failures.md').split(`\n## ${heading}\n`);
  return text.split('\n## ', 1)[0] ?? '';
}

const documented = (heading: string, column = 1): readonly string[] =>
  found(section(heading), new RegExp(`^${'\\|[^|]*'.repeat(column - 1)}\\| \`([a-z]+(?:-[a-z]+)*)\` +\\|`, 'gm'))
    .map(String)
    .sort();

test('every code that a fault can carry has a meaning, and no other code has', () => {
  const raised = sourcesOf('src/actors', 'src/machines', 'src/engine').flatMap((text) => [
    ...found(text, /code: '([a-z-]+)'/g),
    ...found(text, /_[A-Z]+: '([a-z-]+)'/g),
    ...found(text, /const [A-Z]+(?:: FaultCode)? = '([a-z]+-[a-z-]+)'/g),
    ...found(text, /fail\(\s*'([a-z-]+)'/g),
    ...found(text, /\?\? '([a-z]+-[a-z-]+)'/g),
  ]);
  // The journal has a code of its own, which a fault takes over.
  const codes = unique([...raised, ...thrownIn('src/journal/unwritable.ts')]);
  expect(Object.keys(FAULT_CODES).sort()).toEqual(codes);
  expect(documented('Codes')).toEqual(codes);
});

test('it has every error that is thrown besides', () => {
  expect(documented('What is thrown besides', 2)).toEqual(
    unique(
      [
        'src/engine/faults.ts',
        'src/engine/life/refusal.ts',
        'src/journal/runFile.ts',
        'src/journal/unwritable.ts',
      ].flatMap(thrownIn),
    ),
  );
});

test('it has every code that a finding or a warning can carry, and no other', () => {
  const lines = sourcesOf('src/oci').flatMap((text) => text.split('\n').filter((line) => /\bcode\b/.test(line)));
  const given = lines.flatMap((line) => found(line, /'([a-z]+(?:-[a-z]+)+)'/g));
  expect(documented('Findings')).toEqual(unique(given));
});
