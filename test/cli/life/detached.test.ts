import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { eventually, HELLO, json, jsonLines, lifeHost, NOTHING_KEPT } from '../../support/lifeOfCommands.ts';
import { ROOT } from '../../support/slipway.ts';

const at = lifeHost();

const SERVER = {
  match: 'hello.exe',
  stdout: 'up\n',
  stderr: 'oh\n',
  forever: true,
  on: { CtrlShutdown: { exitCode: 8, stdout: 'bye' } },
} as const;
const detach = (...more: readonly string[]) => at.on('run', '--detach', '--quiet', ...HELLO, ...more);
const isReleased = async () => (await at.on('list', '--quiet')).out === '';

/** The pid of the process that looks after the container. */
async function keeperOf(id: string): Promise<number> {
  const lines = jsonLines((await at.on('recover', '--dry-run', '--json')).out) as Array<{
    id: string;
    because: string;
  }>;
  const because = lines.find((line) => line.id === id)?.because ?? '';
  return Number(/process (\d+) drives it/.exec(because)?.[1]);
}

describe('slipway run --detach', () => {
  test('leaves the container running, with its output in a file for its owner alone', async () => {
    at.processes(SERVER);
    expect(await detach()).toEqual({ code: 0, out: 'hello\n', err: '' });
    expect((await at.on('list')).out).toMatch(/^hello +running +\d+ +/m);
    await eventually(async () => (await at.on('logs', 'hello')).out === 'up\n');
    expect(await at.on('logs', 'hello')).toMatchObject({ code: 0, out: 'up\n', err: 'oh\n' });
    const [file = ''] = readdirSync(join(at.folder, 'logs'));
    expect(statSync(join(at.folder, 'logs', file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(at.folder, 'logs', file), 'utf8')).toMatch(/^\S+Z std(out|err) F \w+\n/);

    expect(await at.on('stop', 'hello')).toMatchObject({ code: 0, out: 'hello ended with 8\n' });
    await eventually(isReleased);
    expect(at.kept()).toEqual(NOTHING_KEPT);
    // What is known of it stays: the exit code, and all of its output.
    expect(await at.on('wait', 'hello')).toMatchObject({ code: 8 });
    expect((await at.on('logs', 'hello')).out).toBe('up\nbye');
    expect(jsonLines((await at.on('logs', 'hello', '--json')).out)).toContainEqual(
      expect.objectContaining({ stream: 'stdout', text: 'bye' }),
    );
  });

  test('--json tells a program', async () => {
    const { out } = await at.on('run', '-d', '--json', ...HELLO);
    expect(jsonLines(out).at(-1)).toMatchObject({ type: 'container.started', containerId: 'hello' });
    await eventually(isReleased);
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('logs --follow and wait go on until it has stopped', async () => {
    at.processes(SERVER);
    await detach();
    const logs = at.start('logs', '--follow', 'hello');
    const wait = at.start('wait', 'hello', '--json');
    await logs.says('up\n');
    await at.on('kill', 'hello', 'TERM');
    expect(await logs.ended).toMatchObject({ code: 0, out: 'up\nbye' });
    const waited = await wait.ended;
    expect({ ...waited, out: json(waited.out) }).toMatchObject({ code: 8, out: { exit: { exitCode: 8 }, status: 8 } });
    await eventually(isReleased);
  });

  test('logs --follow ends with Ctrl-C, and the container runs on', async () => {
    at.processes(SERVER);
    await detach();
    const logs = at.start('logs', '-f', 'hello');
    await logs.says('up\n');
    logs.signal('SIGINT');
    expect(await logs.ended).toMatchObject({ code: 130 });
    expect((await at.on('list')).out).toMatch(/^hello +running/m);
    await at.on('delete', '--force', 'hello');
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('--keep: it stays, stopped', async () => {
    at.processes({ match: 'hello.exe', exitCode: 3 });
    await detach('--keep');
    expect(await at.on('wait', 'hello')).toMatchObject({ code: 3 });
    await eventually(async () => (await at.on('delete', 'hello')).code === 0);
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('whose keeper is killed runs on, without its output, and every command works on it', async () => {
    at.processes(SERVER, { match: 'echo', stdout: 'echoed\n' });
    await detach();
    process.kill(await keeperOf('hello'), 'SIGKILL');
    await eventually(async () => (await at.on('recover')).out.includes('hello stays: hello is running'));
    expect(await at.on('exec', 'hello', '--', 'echo')).toMatchObject({ code: 0, out: 'echoed\n' });
    expect(await at.on('delete', 'hello')).toMatchObject({ code: 1, err: expect.stringContaining('wrong-state') });
    expect(await at.on('stop', 'hello')).toMatchObject({ code: 0, out: 'hello ended with 8\n' });
    expect(await at.on('wait', 'hello')).toMatchObject({ code: 8 });
    expect(await at.on('delete', 'hello')).toMatchObject({ code: 0 });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('a keeper that is asked to end stops the container and gives it back', async () => {
    at.processes(SERVER);
    await detach();
    process.kill(await keeperOf('hello'), 'SIGTERM');
    await eventually(isReleased);
    expect(at.kept()).toEqual(NOTHING_KEPT);
    expect(await at.on('wait', 'hello')).toMatchObject({ code: 8 });
  });

  test('in a VM of its own: that is gone with it', async () => {
    await detach('--vm', 'windows');
    await eventually(async () => (await at.on('vm', 'list', '--quiet')).out === '');
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('of what cannot be started leaves nothing', async () => {
    at.processes({ match: 'hello.exe', missing: true });
    expect(await detach()).toMatchObject({ code: 127, out: '', err: expect.stringContaining('ERROR_FILE_NOT_FOUND') });
    await eventually(isReleased);
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });
});

describe('slipway start', () => {
  test('starts what another command has created; again, it says so', async () => {
    at.processes({ ...SERVER, match: 'server.exe' });
    await at.on('create', '--bundle', join(ROOT, 'examples/web'));
    expect(await at.on('exec', 'web', '--', 'dir')).toMatchObject({
      code: 125,
      err: expect.stringContaining('exec is refused: the container web is created'),
    });
    expect(await at.on('start', 'web')).toMatchObject({ code: 0, out: expect.stringMatching(/^web runs, .* \d+\n$/) });
    expect(await at.on('start', 'web')).toMatchObject({ code: 0, out: 'web runs already\n' });
    await eventually(async () => (await at.on('logs', 'web')).out === 'up\n');
    await at.on('stop', 'web');
    const again = await at.on('start', 'web');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('is not started again') });
    expect(await at.on('delete', 'web')).toMatchObject({ code: 0 });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('needs the spec where its bundle is gone, because the journal keeps no secrets', async () => {
    const spec = join(at.folder, 'config.json');
    const other = join(at.folder, 'other.json');
    const written = readFileSync(join(ROOT, 'examples/web/config.json'), 'utf8');
    writeFileSync(spec, written);
    writeFileSync(other, written.replace('PORT=8080', 'DOOR=1'));
    await at.on('create', 'web', '--spec', spec);
    const refused = await at.on('start', 'web');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('invalid-request') });
    expect(refused.err).toMatch(/does not keep the values of variables.*PORT/);
    expect(refused.err).toContain('--spec');
    expect(await at.on('start', 'web', '--spec', other)).toMatchObject({
      code: 1,
      err: expect.stringContaining('spec-differs'),
    });
    expect(await at.on('start', 'web', '--spec', spec)).toMatchObject({ code: 0 });
    rmSync(spec);
    await at.on('delete', '--force', 'web');
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('of nobody is refused', async () => {
    expect(await at.on('start', 'nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('container-unknown'),
    });
  });
});
