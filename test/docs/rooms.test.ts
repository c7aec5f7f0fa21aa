import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = new URL('../..', import.meta.url).pathname;

function roomsIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, 'src', folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
}

test('docs/rooms.md has every room of src and those within them, and no other', () => {
  const page = readFileSync(join(ROOT, 'docs/rooms.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, room = '']) => room);
  const rooms = roomsIn('').flatMap((room) => [room, ...roomsIn(room)]);
  expect([...listed].sort()).toEqual(rooms.sort());
});
