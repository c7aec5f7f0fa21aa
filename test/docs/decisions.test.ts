import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const FOLDER = new URL('../../docs/decisions', import.meta.url).pathname;

test('decisions are numbered from 1, each with its number in its name and in its title', () => {
  const pages = readdirSync(FOLDER).sort();
  expect(pages.length).toBeGreaterThan(0);
  const titles = pages.map((page) => readFileSync(join(FOLDER, page), 'utf8').split('.', 1)[0]);
  expect(pages.map((page) => page.slice(0, 5))).toEqual(pages.map((_, at) => `${String(at + 1).padStart(4, '0')}-`));
  expect(titles).toEqual(pages.map((_, at) => `# ${at + 1}`));
});
