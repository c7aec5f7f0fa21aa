import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { HELLO, json, jsonLines, lifeHost, NOTHING_KEPT, type Processes } from '../../support/lifeOfCommands.ts';
import { offeredAfter, ROOT } from '../../support/slipway.ts';

const at = lifeHost();

const INIT = { match: 'hello.exe', stdout: 'up\n', forever: true } as const;

/** A container that runs in the foreground of another command. */
async function foreground(init: Processes[number] = INIT, ...more: readonly string[]) {
  at.processes(init);
  const run = at.start('run', ...HELLO, ...more);
  await run.says('up\n');
  return run;
}

describe('beside a container that runs', () => {
  test('ps, stats, list and state tell of it', async () => {
    const run = await foreground();
    expect((await at.on('ps', 'hello')).out).toMatch(/^PID +IMAGE +STARTED +CPU +MEMORY\n\d+ +hello\.exe +\S+Z /);
    const [first] = json((await at.on('ps', 'hello', '--json')).out) as Array<{ ProcessId: number }>;
    const pid = first?.ProcessId;
    expect((await at.on('stats', 'hello')).out).toMatch(/^UPTIME +CPU +MEMORY +PEAK +READ +WRITTEN\n\d+\.\ds /);
    expect(json((await at.on('stats', 'hello', '--json')).out)).toMatchObject({
      id: 'hello',
      Memory: { MemoryUsageCommitBytes: expect.any(Number) },
    });
    expect(json((await at.on('state', 'hello')).out)).toMatchObject({ status: 'running', pid, life: { pid } });
    expect(json((await at.on('list', '--json')).out)).toMatchObject([{ status: 'running', pid, exit: null }]);
    run.signal('SIGINT');
    await run.ended;
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('stats --interval goes on until it stops', async () => {
    const run = await foreground();
    const stats = at.start('stats', 'hello', '--interval', '0.05', '--json');
    await stats.says('"id":"hello"');
    run.signal('SIGINT');
    await run.ended;
    expect(await stats.ended).toMatchObject({ code: 0, err: '' });
    expect(jsonLines(stats.out()).length).toBeGreaterThan(0);
  });

  test('kill sends a signal, by name or number, and refuses one that there is not', async () => {
    const run = await foreground({ ...INIT, on: { CtrlBreak: { stdout: 'heard\n' }, CtrlClose: { exitCode: 4 } } });
    expect(await at.on('kill', 'hello', 'NOSUCH')).toMatchObject({
      code: 1,
      err: expect.stringContaining('a windows container knows no signal NOSUCH'),
    });
    expect(json((await at.on('kill', 'hello', 'CtrlBreak', '--json')).out)).toMatchObject({ wasSent: true });
    await run.says('heard\n');
    expect(await at.on('kill', 'hello', 'HUP')).toMatchObject({ code: 0, out: 'hello was sent HUP\n' });
    expect(await run.ended).toMatchObject({ code: 4 });
    expect(await at.on('kill', 'hello')).toMatchObject({
      code: 1,
      err: expect.stringContaining('container-not-there'),
    });
  });

  test('stop asks, and ends by force what does not listen', async () => {
    const run = await foreground({ ...INIT, ignores: ['CtrlC', 'CtrlShutdown'] });
    expect(await at.on('stop', 'hello', '--timeout', '0.1')).toMatchObject({
      code: 0,
      out: 'hello was ended by force\n',
    });
    expect(await run.ended).toMatchObject({ code: 137 });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('update gives it other limits, and says all that is wrong with some', async () => {
    const run = await foreground();
    expect(await at.on('update', 'hello', '--memory', '512m')).toMatchObject({ code: 0, err: '' });
    expect(json((await at.on('update', 'hello', '--cpu-count', '2', '--json')).out)).toEqual({
      ok: true,
      id: 'hello',
      resources: { cpu: { count: 2 } },
    });
    const { code, err } = await at.on('update', 'hello', '--memory', '1', '--cpu-maximum', '20000');
    expect(code).toBe(1);
    expect(err).toMatch(/\/memory\/limit: .*\/cpu\/maximum: /);
    expect(await at.on('update', 'hello')).toMatchObject({ code: 2, err: expect.stringContaining('update-empty') });
    expect(await at.on('update', 'hello', '--memory', 'much')).toMatchObject({ code: 2 });
    run.signal('SIGINT');
    await run.ended;
  });

  test('pause is refused in words where its system has none', async () => {
    const run = await foreground();
    const { code, err } = await at.on('pause', 'hello');
    expect({ code, says: /hello|HCS_E_|INVALID/.test(err) }).toEqual({ code: 1, says: true });
    expect(await at.on('resume', 'hello')).toMatchObject({ code: 0 });
    expect((await at.on('list')).out).toMatch(/^hello +running/m);
    run.signal('SIGINT');
    await run.ended;
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('logs are not kept of what is shown where it runs', async () => {
    const run = await foreground();
    expect(await at.on('logs', 'hello')).toMatchObject({ code: 1, err: expect.stringContaining('logs-not-kept') });
    run.signal('SIGINT');
    await run.ended;
  });

  test('delete is refused; with --force the command that runs it ends, and gives it back', async () => {
    const run = await foreground();
    expect(await at.on('delete', 'hello')).toMatchObject({
      code: 1,
      err: expect.stringContaining('delete is refused: the container hello is running'),
    });
    expect(await at.on('delete', '--force', 'hello')).toMatchObject({ code: 0, err: '' });
    expect(await run.ended).toMatchObject({ code: 137 });
    expect(at.kept()).toEqual(NOTHING_KEPT);
    expect(await at.on('delete', 'hello')).toMatchObject({
      code: 0,
      out: expect.stringContaining('was released before'),
    });
  });

  test('wait ends with its exit code', async () => {
    const run = await foreground({ ...INIT, on: { CtrlC: { exitCode: 9 } } });
    const wait = at.start('wait', 'hello');
    const all = at.start('events', 'hello');
    await all.says('hello running');
    run.signal('SIGINT');
    expect(await wait.ended).toMatchObject({ code: 9, out: 'hello ended with 9\n' });
    expect(await all.ended).toMatchObject({
      code: 0,
      out: expect.stringMatching(/hello released: it ended with 9\n$/),
    });
  });
});

describe('slipway events', () => {
  test('tells of every container that another command makes and gives back', async () => {
    await at.on('create', 'first', ...HELLO);
    const events = at.start('events', '--json');
    await events.says('"first"');
    await at.on('create', 'second', '--bundle', join(ROOT, 'examples/web'));
    await events.says('"second"');
    await at.on('delete', 'first');
    await events.says('"released"');
    events.signal('SIGINT');
    expect(await events.ended).toMatchObject({ code: 130, err: '' });
    const told = jsonLines(events.out()) as Array<{ id: string; status: string; was: string | null }>;
    expect(told[0]).toMatchObject({ type: 'container.status', id: 'first', status: 'created', was: null, life: null });
    expect(told.filter(({ id }) => id === 'first').at(-1)).toMatchObject({ status: 'released' });
    await at.on('delete', 'second');
  });
});

describe('a container that never ran', () => {
  test.each(['ps', 'stats', 'pause', 'kill'])('%s is refused by the name of its state', async (command) => {
    await at.on('create', ...HELLO);
    expect(await at.on(command, 'hello')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is refused: the container hello is created'),
    });
  });

  test('is stopped and deleted', async () => {
    await at.on('create', ...HELLO);
    expect(await at.on('stop', 'hello')).toMatchObject({ code: 0, err: '' });
    expect(await at.on('delete', 'hello')).toMatchObject({ code: 0, err: '' });
    expect(at.kept()).toEqual(NOTHING_KEPT);
    expect(await at.on('wait', 'hello')).toMatchObject({ code: 125 });
  });

  test.each(['ps', 'stats', 'pause', 'resume', 'kill', 'stop', 'start'])(
    '%s of one that is gone is refused',
    async (command) => {
      await at.on('create', ...HELLO);
      await at.on('delete', 'hello');
      expect(await at.on(command, 'hello')).toMatchObject({
        code: 1,
        err: expect.stringContaining('there is no container hello to do this with: it is released'),
      });
    },
  );

  test('is not deleted under the workloads that live in its network', async () => {
    const pod = (name: string) => ['create', '--bundle', join(ROOT, 'examples', name)];
    await at.on(...pod('pod-sandbox'));
    await at.on(...pod('pod-workload'));
    expect(await at.on('delete', 'pod-sandbox')).toMatchObject({
      code: 1,
      err: expect.stringContaining('sandbox-in-use'),
    });
    expect(await at.on('delete', 'pod-workload', 'pod-sandbox')).toMatchObject({ code: 0 });
    expect(at.kept()).toMatchObject({ systems: [], layers: [] });
  });
});

test('completion offers the commands, and the ids of containers to them', async () => {
  await at.on('create', ...HELLO);
  const offered = (...words: readonly string[]) => offeredAfter(words, at.host);
  expect(await offered('run', '--')).toEqual(expect.arrayContaining(['--detach', '--bundle', '--keep']));
  for (const command of ['start', 'exec', 'stop', 'logs', 'wait', 'events', 'delete']) {
    expect([command, await offered(command, '')]).toEqual([command, expect.arrayContaining(['hello'])]);
  }
  await at.on('delete', 'hello');
});
