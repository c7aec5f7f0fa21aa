import { describe, expect, test } from '@jest/globals';
import type { Program, ProgramContext } from '../../src/testing/index.ts';
import { lifeFaultOf, outputOf, startedLife, until } from '../support/lives.ts';

/** Says what it was made with, and what happens to it. */
const tell: Program = async ({ parameters, env, stdout, onSignal, ended }: ProgramContext) => {
  const { CommandLine, WorkingDirectory, User } = parameters;
  await stdout.write(`${JSON.stringify({ CommandLine, WorkingDirectory, User, env })}\n`);
  onSignal((signal) => void stdout.write(`${signal}\n`));
  await new Promise((resolve) => ended.addEventListener('abort', resolve));
  return 0;
};

const telling = { host: { programs: [{ match: 'tell', run: tell }] } };

describe('an exec', () => {
  test('has its output and its exit code, whatever the first process does', async () => {
    const { container, nothingIsLeft } = await startedLife();
    const process = await container.exec({ args: ['short.exe'] });
    expect(process.stdin).toBeUndefined();
    expect(await outputOf(process)).toBe('hello\n');
    expect(await process.wait()).toEqual({ exitCode: 3 });
    expect(container.life.status).toBe('running');
    await container.delete({ force: true });
    await nothingIsLeft();
  });

  test('reads what it is given until its input is closed', async () => {
    const { container, nothingIsLeft } = await startedLife();
    const process = await container.exec({ args: ['echo'], stdio: { stdin: 'pipe' } });
    process.stdin?.write('one ');
    process.stdin?.end('two');
    expect(await outputOf(process)).toBe('one two');
    expect(await process.wait()).toEqual({ exitCode: 0 });
    await Promise.all([process.closeStdin(), process.closeStdin()]);
    await container.delete({ force: true });
    await nothingIsLeft();
  });

  test('has for the rest what the first process has', async () => {
    const { container, nothingIsLeft } = await startedLife(telling);
    const likeInit = await container.exec({ args: ['tell', 'a b'] });
    const other = await container.exec({ args: ['tell'], env: ['B=2'], cwd: 'D:\\', user: 'ContainerAdministrator' });
    await container.shutdown();
    const said = await Promise.all(
      [likeInit, other].map(async (one) => JSON.parse((await outputOf(one)).split('\n')[0] ?? '') as unknown),
    );
    expect(said).toEqual([
      { CommandLine: 'tell "a b"', WorkingDirectory: 'C:\\', User: 'ContainerUser', env: { A: '1' } },
      { CommandLine: 'tell', WorkingDirectory: 'D:\\', User: 'ContainerAdministrator', env: { B: '2' } },
    ]);
    await container.delete();
    await nothingIsLeft();
  });

  test('in a terminal has one output, and the size that it is given', async () => {
    const { host, container, nothingIsLeft } = await startedLife();
    const process = await container.exec({ args: ['sleep'], tty: true, consoleSize: { rows: 24, columns: 80 } });
    expect(process.stderr).toBeUndefined();
    expect(host.consoleSize(process.pid)).toEqual([24, 80]);
    await process.resize({ rows: 50, columns: 132 });
    expect(host.consoleSize(process.pid)).toEqual([50, 132]);
    const plain = await container.exec({ args: ['sleep'] });
    expect(await lifeFaultOf(plain.resize({ rows: 1, columns: 1 }))).toMatchObject({ code: 'no-terminal' });
    await container.delete({ force: true });
    await process.resize({ rows: 1, columns: 1 });
    await nothingIsLeft();
  });

  test.each([
    ['SIGINT', 'CtrlC'],
    ['INT', 'CtrlC'],
    ['CtrlBreak', 'CtrlBreak'],
    [1, 'CtrlBreak'],
    [15, 'CtrlShutdown'],
  ] as const)('is sent %s as %s', async (signal, told) => {
    const { container, nothingIsLeft } = await startedLife(telling);
    const process = await container.exec({ args: ['tell'] });
    expect(await process.signal(signal)).toBe(true);
    expect(await process.signal('KILL')).toBe(true);
    expect((await outputOf(process)).split('\n')[1]).toBe(told);
    expect(await process.signal('KILL')).toBe(false);
    await container.delete({ force: true });
    await nothingIsLeft();
  });

  test('that cannot be is refused with all that is wrong with it', async () => {
    const { host, container, nothingIsLeft } = await startedLife();
    const calls = host.calls.length;
    const fault = await lifeFaultOf(container.exec({ args: ['a\0'], env: ['b\0'] }));
    expect(fault).toMatchObject({ code: 'invalid-request', method: 'exec' });
    expect('findings' in fault && fault.findings.length).toBeGreaterThan(1);
    expect(host.calls).toHaveLength(calls);
    await container.delete({ force: true });
    await nothingIsLeft();
  });

  test('of a program that there is not is told', async () => {
    const { container, nothingIsLeft } = await startedLife();
    expect((await lifeFaultOf(container.exec({ args: ['missing'] }))).message).toContain('ERROR_FILE_NOT_FOUND');
    await container.delete({ force: true });
    await nothingIsLeft();
  });

  test('that never answers is given up, and ended when it is there after all', async () => {
    const { host, container, nothingIsLeft } = await startedLife();
    host.inject({ call: 'processes.create', when: 'never' });
    expect(await lifeFaultOf(container.exec({ args: ['sleep'] }))).toMatchObject({ code: 'deadline-exceeded' });
    const before = host.snapshot();
    host.answerPending();
    await until(() => host.calls.at(-1)?.call === 'processes.close' && host.calls.at(-1)?.outcome === 'succeeded');
    expect(host.snapshot()).toEqual(before);
    await container.delete({ force: true });
    await nothingIsLeft();
  });

  test('whose host does not answer a signal or a resize is told', async () => {
    const { host, container, nothingIsLeft } = await startedLife();
    const process = await container.exec({ args: ['sleep'], tty: true });
    host.inject({ call: 'processes.signal', when: 'never' });
    host.inject({ call: 'processes.resize', when: 'never' });
    expect(await lifeFaultOf(process.signal('INT'))).toMatchObject({ code: 'deadline-exceeded' });
    expect(await lifeFaultOf(process.resize({ rows: 1, columns: 1 }))).toMatchObject({ code: 'deadline-exceeded' });
    host.answerPending();
    await container.delete({ force: true });
    await nothingIsLeft();
  });
});

test('a container tells what it uses and what runs in it', async () => {
  const { container, init, nothingIsLeft } = await startedLife();
  await container.exec({ args: ['sleep'] });
  expect((await container.processes()).map(({ ProcessId }) => ProcessId)).toContain(init.pid);
  expect(await container.processes()).toHaveLength(2);
  expect(await container.stats()).toMatchObject({ Processor: expect.anything() });
  await container.update({ memory: { limit: 512 * 1024 * 1024 } });
  const seen: unknown[] = [];
  const told = new Promise<void>((resolve) => {
    container.stats$(1_000).subscribe({ next: (stats) => void seen.push(stats), complete: resolve });
  });
  await until(() => seen.length === 3);
  await container.delete({ force: true });
  await told;
  await nothingIsLeft();
});
