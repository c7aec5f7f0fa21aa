import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { removeFolder } from './removeFolder.ts';

/** A folder for all tests of a file, which is gone after them. */
export function folderOfTests(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `slipway-${name}-`));
  afterAll(() => removeFolder(folder));
  return folder;
}
