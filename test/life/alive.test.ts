import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { ROOT } from '../support/slipway.ts';

const WAITS = `
import { createProvisioner } from './src/index.ts';
import { simulatedHost } from './src/testing/index.ts';
const host = simulatedHost({ processes: [{ match: 'app', forever: true }] });
const provisioner = await createProvisioner({ host });
const spec = {
  root: { path: '' },
  windows: { layerFolders: ['C:\\\\layers\\\\base', 'C:\\\\scratch\\\\web-1'] },
  process: { args: ['app.exe'], cwd: 'C:\\\\' },
};
const { container } = await provisioner.create({ id: 'web-1', spec }).result;
const init = await container.start();
setTimeout(() => void container.shutdown(), 200).unref();
const [exit, { how }] = await Promise.all([init.wait(), container.wait()]);
console.log(how, typeof exit.exitCode);
`;

test('who waits for an exit alone is kept alive until it comes', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', WAITS],
    { cwd: ROOT },
  );
  expect(stdout).toBe('graceful number\n');
});
