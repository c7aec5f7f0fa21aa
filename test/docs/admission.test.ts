import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ADMISSION_CLASSES, CLASS_OF_STEP, DEFAULT_ADMISSION } from '../../src/index.ts';

const PAGE = readFileSync(new URL('../../docs/guides/admission.md', import.meta.url), 'utf8');

test('docs/guides/admission.md has every class with its steps and its default', () => {
  const rows = [...PAGE.matchAll(/^\| `(\w+)` +\| (\S+) +\| +(\d+) \|$/gm)].map(([, ...row]) => row);
  const stepsOf = (name: string) =>
    Object.entries(CLASS_OF_STEP).flatMap(([step, one]) => (one === name ? `\`${step}\`` : []));
  expect(rows).toEqual(ADMISSION_CLASSES.map((name) => [name, stepsOf(name).join(), String(DEFAULT_ADMISSION[name])]));
});
