import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { specOf, visit } from '../../../src/cli/life/open.ts';
import { createProvisioner } from '../../../src/index.ts';
import { isContainerRun, summarize } from '../../../src/journal/runSummary.ts';
import { memoryLedgerStore } from '../../../src/journal/store.ts';
import { memoryVmStore } from '../../../src/journal/vmStore.ts';
import { simulatedHost } from '../../../src/testing/index.ts';
import { eventually, HELLO, jsonLines, lifeHost, NOTHING_KEPT, type Processes } from '../../support/lifeOfCommands.ts';
import { ROOT } from '../../support/slipway.ts';
import { slipwayInTerminal } from '../../support/terminal.ts';

const at = lifeHost();

const INIT = { match: 'hello.exe', stdout: 'up\n', forever: true } as const;

/** Runs the container in the foreground, where nothing is left of it when the test is over. */
async function foreground(...processes: Processes) {
  at.processes(INIT, ...processes);
  const run = at.start('run', ...HELLO);
  await run.says('up\n');
  return {
    end: async () => {
      run.signal('SIGINT');
      await run.ended;
      expect(at.kept()).toEqual(NOTHING_KEPT);
    },
  };
}

describe('slipway exec, in a container that another command runs,', () => {
  test('passes on both outputs and the exit code', async () => {
    const run = await foreground({ match: 'dir C:\\app', stdout: 'a\nb', stderr: 'oh\n', exitCode: 5 });
    expect(await at.on('exec', 'hello', '--', 'cmd', '/c', 'dir', 'C:\\app')).toEqual({
      code: 5,
      out: 'a\nb',
      err: 'oh\n',
    });
    const { out, code } = await at.on('exec', '--json', 'hello', '--', 'cmd', '/c', 'dir', 'C:\\app');
    expect(code).toBe(5);
    expect(jsonLines(out)).toEqual(
      expect.arrayContaining([
        { type: 'output', stream: 'stdout', text: 'a\nb' },
        { type: 'output', stream: 'stderr', text: 'oh\n' },
        expect.objectContaining({ type: 'process.exited', exitCode: 5, status: 5 }),
      ]),
    );
    await run.end();
  });

  test('-i passes on what is piped in', async () => {
    const run = await foreground({ match: 'cat', echo: true });
    const exec = at.start('exec', '-i', 'hello', '--', 'cat');
    exec.input.write('first\n');
    await exec.says('first\n');
    exec.input.end();
    expect(await exec.ended).toMatchObject({ code: 0, out: 'first\n' });
    await run.end();
  });

  test('passes on Ctrl-C, and ends by force what does not listen to the first', async () => {
    const run = await foreground(
      { match: 'polite', stdout: 'begun\n', forever: true, on: { CtrlC: { exitCode: 6 } } },
      { match: 'rude', stdout: 'begun\n', forever: true, ignores: ['CtrlC'] },
    );
    const polite = at.start('exec', 'hello', '--', 'polite');
    await polite.says('begun\n');
    polite.signal('SIGINT');
    expect(await polite.ended).toMatchObject({ code: 6 });
    const rude = at.start('exec', 'hello', '--', 'rude');
    await rude.says('begun\n');
    rude.signal('SIGINT');
    await rude.says('again ends it by force');
    rude.signal('SIGINT');
    // ERROR_PROCESS_ABORTED
    expect((await rude.ended).code).toBe(255);
    await run.end();
  });

  test('ends when the container does', async () => {
    const run = await foreground({ match: 'sleep', stdout: 'begun\n', forever: true });
    const exec = at.start('exec', 'hello', '--', 'sleep');
    await exec.says('begun\n');
    await run.end();
    expect((await exec.ended).code).not.toBe(0);
  });

  test('refuses what cannot be run', async () => {
    const run = await foreground({ match: 'nothing.exe', missing: true });
    expect(await at.on('exec', 'hello', '--', 'nothing.exe')).toMatchObject({
      code: 127,
      err: expect.stringContaining('ERROR_FILE_NOT_FOUND'),
    });
    expect(await at.on('exec', '-t', 'hello', '--', 'cmd')).toMatchObject({
      code: 125,
      err: expect.stringContaining('terminal-missing'),
    });
    expect(await at.on('exec', '-e', 'NOVALUE', 'hello', '--', 'cmd')).toMatchObject({ code: 2 });
    expect(await at.on('exec', 'hello')).toMatchObject({ code: 2, err: expect.stringContaining('command') });
    expect(await at.on('exec', 'nobody', '--', 'cmd')).toMatchObject({
      code: 125,
      err: expect.stringContaining('container-unknown'),
    });
    await run.end();
    expect(await at.on('exec', 'hello', '--', 'cmd')).toMatchObject({
      code: 125,
      err: expect.stringContaining('container-not-there'),
    });
  });

  test('-it has a real terminal, whose settings come back', async () => {
    const run = await foreground({ match: 'shell', stdout: 'shell ready\r\n', echo: true, exitCode: 2 });
    let step = 0;
    const { code, screen, bytes } = await slipwayInTerminal(
      ['exec', '-it', '--host', at.host, 'hello', '--', 'shell'],
      {
        onScreen: ({ text }, press) => {
          if (step === 0 && text.includes('shell ready')) {
            step = 1;
            // Not a signal: it goes to the shell as it is.
            press('typed\u0003');
          } else if (step === 1 && text.includes('typed')) {
            step = 2;
            void at.on('kill', 'hello', 'KILL');
          }
        },
      },
    );
    expect(step).toBe(2);
    expect(screen.text).toContain('shell ready\ntyped');
    expect(bytes).toContain('\u0003');
    expect(bytes).not.toContain('^C');
    expect(code).not.toBe(0);
    await run.end();
  });
});

test('exec has the variables of the first process from the bundle, and a guest writes nothing down', async () => {
  const host = simulatedHost();
  const [journal, vms] = [memoryLedgerStore(), memoryVmStore()];
  const spec = {
    process: { args: ['app.exe'], cwd: 'C:\\', env: ['PORT=8080'] },
    root: { path: '' },
    windows: { layerFolders: ['C:\\layers\\web', 'C:\\scratch\\web-1'] },
  };
  const owner = await createProvisioner({ host, journal, vms });
  const { container } = await owner.create({ id: 'web', spec, bundle: join(ROOT, 'examples/web') }).result;
  await container.start();
  await eventually(async () => (await summarize(journal)).runs[0]?.life !== undefined);
  const [run] = (await summarize(journal)).runs.filter(isContainerRun);
  if (run === undefined) throw new RangeError('there is no run');
  const before = await journal.read(run.provisionId);

  const chosen = { host, journal, vms, folder: undefined };
  const options = { host: 'simulated:memory' };
  expect(specOf(run, options)).toMatchObject({ spec: { process: { env: ['PORT=8080'] } } });
  const guest = await visit({ chosen, run }, options);
  expect(guest.life).toMatchObject({ status: 'running', pid: container.life.pid });
  await (await guest.exec({ args: ['tool.exe'] })).wait();
  expect(host.effects.filter(({ effect }) => effect === 'process.create').at(-1)).toMatchObject({
    parameters: { CommandLine: 'tool.exe', Environment: { PORT: '8080' } },
  });
  await guest.shutdown();
  expect(await container.wait()).toMatchObject({ how: 'graceful' });
  expect((await journal.read(run.provisionId)).slice(0, before.length)).toEqual(before);
  expect((await summarize(journal)).runs[0]?.process).toBe(run.process);
  expect((await container.delete()).residue).toEqual([]);
});
