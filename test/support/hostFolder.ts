import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { removeFolder } from './removeFolder.ts';
import { ROOT } from './slipway.ts';

/** For each test a folder of its own, with a simulated host that is as the examples need it. */
export function hostOfEachTest(): { readonly folder: string; readonly host: string } {
  const at = { folder: '', host: '' };
  beforeEach(() => {
    at.folder = mkdtempSync(join(tmpdir(), 'slipway-host-'));
    at.host = `simulated:${at.folder}`;
    copyFileSync(join(ROOT, 'examples/host.json'), join(at.folder, 'facts.json'));
  });
  afterEach(() => removeFolder(at.folder));
  return at;
}
