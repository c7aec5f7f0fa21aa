import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keptSimulatedHost } from 'slipway/testing';
import type { PodState } from '../../../examples/orchestrator/pods/pod.ts';
import { removeFolder } from '../../support/removeFolder.ts';
import { manifestOf } from './scene.ts';
import { eventually } from './storm/running.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
const MAIN = join(ROOT, 'examples/orchestrator/main.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-orchestrator-'));
});
afterEach(() => removeFolder(folder));

function start(args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], { cwd: ROOT });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'exit');
  return { child, said: () => said, ended };
}

test('the process keeps pods until it is told to end, and then leaves nothing running', async () => {
  const { child, said, ended } = start(['--host', `simulated:${folder}/host`, '--folder', folder, '--port', '0']);
  const url = await eventually(async () => /http:\S+/.exec(said())?.[0], 'it listens');
  const headers = { 'content-type': 'application/json' };
  await eventually(async () => {
    const { status } = await fetch(`${url}/pods`, { method: 'POST', headers, body: JSON.stringify(manifestOf('web')) });
    return status === 201 || undefined;
  }, 'the pod is taken on');
  await eventually(async () => {
    const pods = (await (await fetch(`${url}/pods`)).json()) as readonly PodState[];
    return pods[0]?.phase === 'running' || undefined;
  }, 'the pod runs');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(said()).toContain('1 pods stopped, 0 left');
  const left = keptSimulatedHost(join(folder, 'host')).snapshot();
  expect(left.filter((line) => !line.startsWith('disk.'))).toEqual([]);
}, 120_000);

test.each([
  [[]],
  [['--host', 'elsewhere', '--folder', '/tmp/x']],
  [['--host', 'windows', '--folder', '/tmp/x', '--port', 'none']],
  [['--colour', 'red']],
])('what it is told wrongly it answers with how to tell it (%j)', async (args) => {
  const { said, ended } = start(args);
  expect(await ended).toEqual([2, null]);
  expect(said()).toContain('usage: orchestrator');
});
