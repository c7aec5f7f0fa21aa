import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = new URL('../..', import.meta.url).pathname;
const SWITCHED_OFF = /@ts-(?:ignore|expect-error|nocheck)|biome-ignore|jscpd:ignore|dependency-cruiser-disable/;

/** The lines of a folder that tell a check to look away, each with its place. */
function linesSwitchedOff(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) =>
      readFileSync(join(ROOT, folder, file), 'utf8')
        .split('\n')
        .map((line, index) => `${folder}/${file}:${index + 1} ${line.trim()}`)
        .filter((line) => SWITCHED_OFF.test(line)),
    );
}

test('nothing in src, types and scripts tells a check to look away', () => {
  expect(['src', 'types', 'scripts'].flatMap(linesSwitchedOff)).toEqual([]);
});
