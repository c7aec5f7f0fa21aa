import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { eventsTable, TABLES } from './table.ts';

const GOLDEN = new URL('golden', import.meta.url).pathname;

const linesOf = (name: string) =>
  readFileSync(join(GOLDEN, `${name}.txt`), 'utf8')
    .trimEnd()
    .split('\n');

test('every event in every state is taken, noted or ignored as it is written', () => {
  expect(eventsTable()).toEqual(linesOf('events'));
});

test.each(Object.entries(TABLES))('what happens in each state leads where it is written: %s', async (name, table) => {
  expect(await table()).toEqual(linesOf(name));
});
