import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadCases } from '../conformance/case.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The first column of the table under a header. */
function column(header: string): readonly string[] {
  const [, table = ''] = read('docs/conformance.md').split(new RegExp(`^\\| ${header} .*\\n`, 'm'));
  return [...(table.split('\n\n', 1)[0] ?? '').matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
}

test('docs/conformance.md has every rule, and no other', () => {
  const rules = [...read('test/conformance/rules.ts').matchAll(/\| '([a-z0-9.-]+)'/g)].map(([, rule = '']) => rule);
  expect(rules).toContain('owned');
  expect(column('rule')).toEqual(rules);
});

test('it has every kind of case', () => {
  const cases = ['cases', 'vm-cases'].flatMap((folder) => loadCases(join(ROOT, 'test/conformance', folder)));
  expect([...column('kind')].sort()).toEqual([...new Set(cases.map(({ kind }) => kind))].sort());
});
