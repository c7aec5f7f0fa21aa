import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { type Container, createProvisioner, fileLedgerStore, type Lifetime } from '../../src/index.ts';
import { keptSimulatedHost } from '../../src/testing/index.ts';
import { outputOf } from '../support/lives.ts';
import { removeFolder } from '../support/removeFolder.ts';
import { ROOT } from '../support/slipway.ts';

const COUNT = 50;
/** Their first processes end when they are told to, whether anybody of ours lives or not. */
const ENDING: ReadonlySet<string> = new Set(['c7', 'c23', 'c41']);

const PROCESSES = [
  { match: 'serve', forever: true },
  { match: 'hello', stdout: 'hello\n', exitCode: 3 },
];
const OPTIONS = { files: [{ path: 'C:\\layers\\base', dir: true }], processes: PROCESSES };

/** Makes and starts the containers, says so, and goes on until it is killed. */
const ORCHESTRATOR = `
import { join } from 'node:path';
import { createProvisioner, fileLedgerStore } from 'slipway';
import { keptSimulatedHost } from 'slipway/testing';
const [folder, lifetime, count] = process.argv.slice(1);
const host = keptSimulatedHost(join(folder, 'host'), ${JSON.stringify(OPTIONS)});
const provisioner = await createProvisioner({ host, journal: fileLedgerStore(join(folder, 'runs')) });
const windows = (id) => ({ layerFolders: ['C:\\\\layers\\\\base', 'C:\\\\scratch\\\\' + id] });
for (let n = 0; n < Number(count); n += 1) {
  const id = 'c' + n;
  const spec = { root: { path: '' }, process: { args: ['serve.exe'], cwd: 'C:\\\\' }, windows: windows(id) };
  const { container } = await provisioner.create({ id, spec, lifetime }).result;
  await container.start();
}
console.log('all of them run');
setInterval(() => {}, 1_000);
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-lives-'));
});
afterEach(() => removeFolder(folder));

async function killedOrchestrator(lifetime: Lifetime): Promise<void> {
  const args = ['--input-type=module', '--eval', ORCHESTRATOR, folder, lifetime, String(COUNT)];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  expect(child.exitCode).toBeNull();
  child.kill('SIGKILL');
  if (child.signalCode === null) await once(child, 'exit');
}

const hostIn = () => keptSimulatedHost(join(folder, 'host'), OPTIONS);

/** What ends them is nobody of ours. */
async function endSome(): Promise<void> {
  const { compute, processes } = hostIn();
  for (const id of ENDING) {
    const { runs } = await (await provisionerHere()).runs();
    const run = runs.find(({ containerId }) => containerId === id);
    if (run?.kind !== 'container' || run.life?.pid === undefined) throw new Error(`${id} was not started`);
    const system = await compute.open(run.containerId as Container['id']);
    const init = await processes.open(system, run.life.pid);
    await processes.terminate(init);
    await processes.close(init);
    await compute.close(system);
  }
}

const provisionerHere = () => createProvisioner({ host: hostIn(), journal: fileLedgerStore(join(folder, 'runs')) });

const isScratch = (line: string): boolean => line.startsWith('disk.scratchLayer ');

test('what an orchestrator ran that was killed runs on, is found, and can be worked with', async () => {
  await killedOrchestrator('host');
  await endSome();
  const provisioner = await provisionerHere();
  const { runs } = await provisioner.recover();
  expect(runs.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(Array(COUNT).fill('adopt done'));
  const provisions = await firstValueFrom(provisioner.provisions$);
  const containers = await Promise.all(provisions.map(async ({ result }) => (await result).container));
  const ended = containers.filter(({ id }) => ENDING.has(id));
  const living = containers.filter(({ id }) => !ENDING.has(id));
  expect([ended.length, living.length]).toEqual([ENDING.size, COUNT - ENDING.size]);
  expect(living.map(({ life }) => life.status)).toEqual(living.map(() => 'running'));
  for (const container of living) {
    const hello = await container.exec({ args: ['hello'] });
    expect([await outputOf(hello), (await hello.wait()).exitCode]).toEqual(['hello\n', 3]);
  }
  // The host has forgotten the code of a process that nobody had a handle to.
  for (const container of ended) expect(await container.wait()).toMatchObject({ how: 'graceful' });
  for (const container of containers) expect((await container.delete({ force: true })).residue).toEqual([]);
  expect(
    hostIn()
      .snapshot()
      .filter((line) => !isScratch(line)),
  ).toEqual([]);
}, 300_000);

test('what lived as long as the orchestrator is gone with it, and recovery leaves nothing of it', async () => {
  await killedOrchestrator('process');
  const { runs } = await (await provisionerHere()).recover();
  expect(runs.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(Array(COUNT).fill('release done'));
  expect(
    hostIn()
      .snapshot()
      .filter((line) => !isScratch(line)),
  ).toEqual([]);
}, 300_000);
