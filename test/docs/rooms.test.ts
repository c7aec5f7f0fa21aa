import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = new URL('../..', import.meta.url).pathname;

function roomsIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, 'src', folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
}

const page = readFileSync(join(ROOT, 'docs/rooms.md'), 'utf8');
const listed = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, room = '']) => room);
const isOfTests = (room: string): boolean => room.startsWith('test/');

test('docs/rooms.md has every room of src and those within them, and no other', () => {
  const rooms = roomsIn('').flatMap((room) => [room, ...roomsIn(room)]);
  expect(listed.filter((room) => !isOfTests(room)).sort()).toEqual(rooms.sort());
});

test('the rooms of the tests that it names are there', () => {
  expect(listed.filter(isOfTests).filter((room) => !existsSync(join(ROOT, room)))).toEqual([]);
});
