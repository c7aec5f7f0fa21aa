import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { ROOT } from './slipway.ts';

/** For each test a folder of its own, with a simulated host that is as the examples need it. */
export function hostOfEachTest(): { readonly folder: string; readonly host: string } {
  const at = { folder: '', host: '' };
  beforeEach(() => {
    at.folder = mkdtempSync(join(tmpdir(), 'slipway-host-'));
    at.host = `simulated:${at.folder}`;
    copyFileSync(join(ROOT, 'examples/host.json'), join(at.folder, 'facts.json'));
  });
  afterEach(() => rmSync(at.folder, { recursive: true, force: true, maxRetries: 10 }));
  return at;
}
