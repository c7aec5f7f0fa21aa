import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { eventually, HELLO, jsonLines, lifeHost, NOTHING_KEPT } from '../../support/lifeOfCommands.ts';
import { slipway } from '../../support/slipway.ts';
import { slipwayInTerminal } from '../../support/terminal.ts';

const at = lifeHost();

/** Runs on, says that it does, and says something to each signal. */
const SERVER = {
  match: 'hello.exe',
  stdout: 'up\n',
  forever: true,
  on: { CtrlC: { exitCode: 7, stdout: 'bye\n' }, CtrlShutdown: { exitCode: 8 } },
} as const;
const STUBBORN = { match: 'hello.exe', stdout: 'up\n', forever: true, ignores: ['CtrlC', 'CtrlShutdown'] } as const;

describe('slipway run', () => {
  test('shows the output as it was written, ends with the exit code, and leaves nothing', async () => {
    at.processes({ match: 'hello.exe', stdout: 'one\ntwo', stderr: 'oh\n', exitCode: 3 });
    const { code, out, err } = await at.on('run', ...HELLO);
    expect({ code, out }).toEqual({ code: 3, out: 'one\ntwo' });
    expect(err).toMatch(/✓ creatingComputeSystem/);
    expect(err.split('\n')).toContain('oh');
    expect(err).toContain('hello ended with 3\n');
    expect(at.kept()).toEqual(NOTHING_KEPT);
    expect(await at.on('list', '--quiet')).toMatchObject({ out: '' });
  });

  test('--quiet: nothing but the output', async () => {
    at.processes({ match: 'hello.exe', stdout: 'one\n', stderr: 'oh\n' });
    expect(await at.on('run', '--quiet', ...HELLO)).toEqual({ code: 0, out: 'one\n', err: 'oh\n' });
  });

  test('--json: one object a line, with the bytes of what is no text', async () => {
    at.processes({ match: 'hello.exe', stdout: 'one\n', exitCode: 300 });
    const { code, out } = await at.on('run', '--json', ...HELLO);
    expect(code).toBe(255);
    const lines = jsonLines(out);
    expect(lines).toContainEqual({ type: 'output', stream: 'stdout', text: 'one\n' });
    expect(lines).toContainEqual(expect.objectContaining({ type: 'container.started', containerId: 'hello' }));
    expect(lines.at(-1)).toMatchObject({
      type: 'container.stopped',
      ok: true,
      containerId: 'hello',
      exit: { how: 'graceful', exitCode: 300 },
      status: 255,
      residue: [],
    });
  });

  test('a code that a shell cannot be told is told in words', async () => {
    at.processes({ match: 'hello.exe', crash: true });
    const { code, err } = await at.on('run', ...HELLO);
    expect({ code, said: err.includes('hello ended with 3221225477 (0xC0000005)') }).toEqual({ code: 255, said: true });
  });

  test('-i passes on what is piped in, to its end', async () => {
    at.processes({ match: 'hello.exe', echo: true, exitCode: 4 });
    const run = at.start('run', '-i', '--quiet', ...HELLO);
    run.input.write('first\n');
    await run.says('first\n');
    run.input.end('second\n');
    expect(await run.ended).toMatchObject({ code: 4, out: 'first\nsecond\n' });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('-it gives it the terminal: what is typed, Ctrl-C too, goes to it', async () => {
    at.processes({ match: 'hello.exe', stdout: 'ready\r\n', echo: true });
    let [hasTyped, hasKilled] = [false, false];
    const { code, screen, bytes } = await slipwayInTerminal(['run', '-it', '-q', ...HELLO, '--host', at.host], {
      onScreen: ({ text }, press) => {
        if (!hasTyped && text.includes('ready')) {
          hasTyped = true;
          press('typed\u0003');
        } else if (!hasKilled && text.includes('typed')) {
          hasKilled = true;
          void at.on('stop', 'hello');
        }
      },
    });
    // STATUS_CONTROL_C_EXIT, which is what a Windows program ends with that is asked to end.
    expect(code).toBe(130);
    expect(screen.text).toContain('ready\ntyped');
    expect(bytes).toContain('\u0003');
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('Ctrl-C is passed on, and the container ends as it likes', async () => {
    at.processes(SERVER);
    const run = at.start('run', ...HELLO);
    await run.says('up\n');
    run.signal('SIGINT');
    expect(await run.ended).toMatchObject({ code: 7, out: 'up\nbye\n', err: expect.stringContaining('ended with 7') });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('so is SIGTERM', async () => {
    at.processes(SERVER);
    const run = at.start('run', ...HELLO);
    await run.says('up\n');
    run.signal('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 8 });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('a second Ctrl-C ends by force what does not listen', async () => {
    at.processes(STUBBORN);
    const run = at.start('run', ...HELLO, '--timeout', '600');
    await run.says('up\n');
    run.signal('SIGINT');
    await run.says('again ends it by force');
    run.signal('SIGINT');
    expect(await run.ended).toMatchObject({ code: 137, err: expect.stringContaining('hello was ended by force') });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('so does the time', async () => {
    at.processes(STUBBORN);
    const run = at.start('run', ...HELLO, '--timeout', '0.1');
    await run.says('up\n');
    run.signal('SIGINT');
    expect(await run.ended).toMatchObject({ code: 137 });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('Ctrl-C during the create undoes that', async () => {
    const run = at.start('run', ...HELLO, '--latency', '200');
    await run.says('✓ creatingScratch');
    run.signal('SIGINT');
    expect(await run.ended).toMatchObject({ code: 130, out: '' });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('ends when nobody reads its output any more', async () => {
    at.processes({ match: 'hello.exe', stdout: 'up\n', forever: true, on: { CtrlShutdown: { exitCode: 9 } } });
    const run = at.start('run', ...HELLO);
    run.child.stdout.destroy();
    expect(await run.ended).toMatchObject({ code: 9 });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('that is killed leaves a run that recover finishes; its container is gone with it', async () => {
    at.processes(SERVER);
    const run = at.start('run', ...HELLO);
    await run.says('up\n');
    run.signal('SIGKILL');
    await run.ended;
    const { code, out } = await at.on('recover');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('✓ hello released') });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('--keep: it stays, stopped, until it is deleted', async () => {
    at.processes({ match: 'hello.exe', exitCode: 3 });
    expect(await at.on('run', '--keep', ...HELLO)).toMatchObject({
      code: 3,
      err: expect.stringContaining('slipway delete hello gives it back'),
    });
    expect((await at.on('list')).out).toMatch(/^hello +stopped \(3\) +- /m);
    expect(JSON.parse((await at.on('state', 'hello')).out)).toMatchObject({
      status: 'stopped',
      life: { status: 'stopped', how: 'graceful', exitCode: 3 },
    });
    expect(await at.on('wait', 'hello')).toMatchObject({ code: 3, out: 'hello ended with 3\n' });
    expect(await at.on('delete', 'hello')).toMatchObject({ code: 0, err: '' });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('in a VM of its own: that is gone too', async () => {
    at.processes({ match: 'hello.exe', stdout: 'in a VM\n' });
    const run = ['run', ...HELLO, '--vm', 'windows', '--quiet'];
    expect(await at.on(...run)).toMatchObject({ code: 0, out: 'in a VM\n' });
    expect(at.kept()).toEqual(NOTHING_KEPT);
    expect(await at.on('vm', 'list', '--quiet')).toMatchObject({ out: '' });
  });
});

describe('slipway run refuses, and leaves nothing:', () => {
  test('a program that is not there', async () => {
    at.processes({ match: 'hello.exe', missing: true });
    const { code, out, err } = await at.on('run', ...HELLO);
    expect({ code, out }).toEqual({ code: 127, out: '' });
    expect(err).toContain('ERROR_FILE_NOT_FOUND');
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('a spec without a process', async () => {
    const spec = join(at.folder, 'config.json');
    const layerFolders = ['C:\\layers\\hello', 'C:\\scratch\\x'];
    writeFileSync(spec, JSON.stringify({ root: { path: '' }, windows: { layerFolders } }));
    const { code, err } = await at.on('run', 'idle', '--spec', spec);
    expect({ code, says: err.includes('there is nothing to run') }).toEqual({ code: 125, says: true });
    expect(at.kept()).toEqual(NOTHING_KEPT);
  });

  test('a bundle that is none, a terminal that is none, and one for nobody', async () => {
    expect(await at.on('run', '--bundle', at.folder)).toMatchObject({
      code: 125,
      err: expect.stringMatching(/bundle-invalid/),
    });
    expect(await at.on('run', '-it', ...HELLO)).toMatchObject({
      code: 125,
      err: expect.stringMatching(/terminal-missing/),
    });
    expect(await at.on('run', '-d', '-i', ...HELLO)).toMatchObject({
      code: 125,
      err: expect.stringMatching(/detached-terminal/),
    });
  });

  test('one in the background of a host that ends with the command', async () => {
    expect(await slipway(['run', '-d', ...HELLO])).toMatchObject({
      code: 125,
      out: '',
      err: expect.stringMatching(/detached-in-memory/),
    });
  });

  test('an id that is in use', async () => {
    at.processes(SERVER);
    const run = at.start('run', ...HELLO);
    await run.says('up\n');
    expect(await at.on('run', ...HELLO)).toMatchObject({ code: 125, err: expect.stringMatching(/id-in-use/) });
    run.signal('SIGINT');
    expect(await run.ended).toMatchObject({ code: 7 });
    await eventually(() => at.kept().systems.length === 0);
  });
});
