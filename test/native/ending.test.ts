import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { FfiName } from '../../src/hcs/native/ffi/seam.ts';
import { type StandInControl, startStandIn } from '../standin/control.ts';
import { PORT_VARIABLE } from '../standin/libraries.ts';
import { until } from '../standin/until.ts';
import { CONTAINER_HOST } from '../support/runningSystems.ts';

const CHILD = new URL('endingChild.ts', import.meta.url).pathname;
const ENDINGS: ReadonlyArray<readonly [ending: string, code: number]> = [
  ['naturally', 0],
  ['exits', 7],
  ['throws', 1],
  ['inWorker', 0],
  ['endingWorker', 0],
];

let control: StandInControl;

beforeAll(async () => {
  control = await startStandIn();
});
afterAll(() => control.stop());
beforeEach(() => control.reset({ latencies: { 'compute.start': 100 }, volumes: [...(CONTAINER_HOST.volumes ?? [])] }));

async function codeOfChild(ffi: FfiName, ending: string): Promise<string> {
  const env = { ...process.env, SLIPWAY_FFI: ffi, [PORT_VARIABLE]: String(control.port) };
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, ending], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const [code, signal] = await once(child, 'exit');
  return `${ending}: ${signal ?? code}${code === 0 || said.includes('on purpose') ? '' : said}`;
}

const saidOf = (codes: typeof ENDINGS) => codes.map(([ending, code]) => `${ending}: ${code}`);

test('called by koffi, a process ends in every order, and its systems end with it', async () => {
  const codes = await Promise.all(ENDINGS.map(([ending]) => codeOfChild('koffi', ending)));
  expect(codes).toEqual(saidOf(ENDINGS));
  await until(async () => (await control.snapshot()).length === 0);
});

test('called by ffi-napi, the same; in a worker thread it is refused', async () => {
  const inMain = ENDINGS.filter(([ending]) => !ending.includes('Worker'));
  const codes = await Promise.all(inMain.map(([ending]) => codeOfChild('ffi-napi', ending)));
  expect(codes).toEqual(saidOf(inMain));
  expect(await codeOfChild('ffi-napi', 'inWorker')).toContain('it does not work in worker threads');
  await until(async () => (await control.snapshot()).length === 0);
});
