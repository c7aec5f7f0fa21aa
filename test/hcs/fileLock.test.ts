import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { underLock } from '../../src/hcs/fileLock.ts';

test('work under one lock is done one after the other, under several at the same time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-lock-'));
  const files = ['a', 'b', 'c'].map((name) => join(folder, name));
  const inside = new Map<string, number>();
  let together = 0;
  const work = (file: string) =>
    underLock(file, async (isOurs) => {
      inside.set(file, (inside.get(file) ?? 0) + 1);
      expect(inside.get(file)).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      together = Math.max(together, [...inside.values()].filter((count) => count > 0).length);
      inside.set(file, 0);
      return isOurs();
    });
  const done = await Promise.all([...files, ...files, ...files].map(work));
  expect(done.every((isOurs) => isOurs)).toBe(true);
  expect(together).toBeGreaterThan(1);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
