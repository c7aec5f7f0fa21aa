import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { type ContainerProcess, createProvisioner, LifeRefusal } from '../../src/index.ts';
import { type SimulatedHostOptions, simulatedHost } from '../../src/testing/index.ts';
import { fullRequest, hostOptions, SCRATCH_LEFT } from '../support/requests.ts';

function outputOf({ stdout }: ContainerProcess): Promise<string> {
  if (stdout === undefined) throw new RangeError('it has no output');
  return text(stdout);
}

async function created(processes: SimulatedHostOptions['processes'] = []) {
  const host = simulatedHost({ ...hostOptions(), processes });
  const provisioner = await createProvisioner({ host });
  const request = fullRequest();
  const spec = { ...(request.spec as object), process: { args: ['app.exe', 'serve'], cwd: 'C:\\' } };
  const { container } = await provisioner.create({ ...request, spec }).result;
  return { host, container };
}

test('a container runs to the end of its first process, and nothing stays', async () => {
  const { host, container } = await created([{ match: 'app.exe', stdout: 'hello\n', exitCode: 3 }]);
  expect(container.life.status).toBe('created');
  const init = await container.start();
  expect(await outputOf(init)).toBe('hello\n');
  expect(await init.wait()).toEqual({ exitCode: 3 });
  expect(await container.wait()).toMatchObject({ how: 'graceful', exitCode: 3 });
  expect((await container.delete()).residue).toEqual([]);
  expect(container.life.status).toBe('deleted');
  expect(host.snapshot()).toEqual(SCRATCH_LEFT);
});

test('one that runs on is shut down, and what is run beside it ends with it', async () => {
  const { host, container } = await created([
    { match: 'app.exe', forever: true },
    { match: 'sleep', forever: true },
  ]);
  await container.start();
  const sleeper = await container.exec({ args: ['sleep.exe'] });
  await expect(container.delete()).rejects.toThrow(LifeRefusal);
  expect(await container.shutdown()).toMatchObject({ how: 'graceful' });
  expect(await sleeper.wait()).toBeDefined();
  await container.delete();
  expect(host.snapshot()).toEqual(SCRATCH_LEFT);
});
