import { describe, expect, test } from '@jest/globals';
import { containerId } from '../../../src/domain/ids.ts';
import type { Signal } from '../../../src/testing/index.ts';
import { idle } from '../../support/requests.ts';
import {
  ALL_PIPES,
  codeOf,
  exitOf,
  linuxContainer,
  runs,
  textOf,
  windowsContainer,
} from '../../support/runningSystems.ts';

describe('a process that nothing is said about', () => {
  test('runs on when it is the first of its system, and else ends well and says nothing', async () => {
    const running = await windowsContainer();
    const { host, system, clock } = running;
    const init = await runs(running, 'init.exe');
    const exec = await runs(running, 'dir');
    expect([await exitOf(host, exec), await textOf(exec.stdout)]).toEqual([0, '']);
    clock.advance(3_600_000);
    expect(await host.processes.properties(init.handle)).toEqual({ ProcessId: init.pid, Exited: false });
    expect((await host.compute.processes(system)).map(({ ProcessId }) => ProcessId)).toEqual([init.pid]);
    expect(host.snapshot()).toContain(`process c1/${init.pid}`);
  });
});

describe('a process with a rule', () => {
  test('says what it is to say, and exits when and with what it is to', async () => {
    const rule = { match: 'greet', stdout: 'hello', stderr: 'oh', exitCode: 7, afterMs: 100 };
    const running = await windowsContainer({ processes: [rule] });
    const process = await runs(running, 'greet.exe');
    const texts = Promise.all([textOf(process.stdout), textOf(process.stderr)]);
    running.clock.advance(99);
    await idle();
    expect((await running.host.processes.properties(process.handle)).Exited).toBe(false);
    running.clock.advance(1);
    expect(await texts).toEqual(['hello', 'oh']);
    expect(await exitOf(running.host, process)).toBe(7);
  });

  test('writes what it reads, until there is no more', async () => {
    const running = await windowsContainer({ processes: [{ match: 'cat', echo: true, exitCode: 5 }] });
    const { host } = running;
    const [one, other] = [await runs(running, 'cat'), await runs(running, 'cat')];
    await one.stdin?.write(Buffer.from('to and '));
    await one.stdin?.write(Buffer.from('fro'));
    await idle();
    expect((await host.processes.properties(one.handle)).Exited).toBe(false);
    await one.stdin?.close();
    expect([await textOf(one.stdout), await exitOf(host, one)]).toEqual(['to and fro', 5]);
    await other.stdin?.write(Buffer.from('x'));
    await host.processes.closeStdin(other.handle);
    expect([await textOf(other.stdout), await exitOf(host, other)]).toEqual(['x', 5]);
  });

  test('may be for one system alone, may crash, and may name what is not there', async () => {
    const processes = [
      { match: 'app', system: 'other', exitCode: 1 },
      { match: 'app', crash: true },
      { match: 'none', missing: true },
    ];
    const windows = await windowsContainer({ processes });
    expect(await exitOf(windows.host, await runs(windows, 'app.exe'))).toBe(0xc0000005);
    expect(await codeOf(runs(windows, 'none.exe'))).toBe('ERROR_FILE_NOT_FOUND');
    const linux = await linuxContainer({ processes }, ['app']);
    expect(await exitOf(linux.host, await linux.host.processes.create(linux.system, {}))).toBe(139);
  });
});

describe('a terminal', () => {
  test('has one stream for both outputs, and a size', async () => {
    const running = await windowsContainer({
      processes: [{ match: 'cmd', stdout: 'out', stderr: 'err', forever: true }],
    });
    const { host } = running;
    const process = await runs(running, 'cmd', { ...ALL_PIPES, EmulateConsole: true, ConsoleSize: [24, 80] });
    expect([process.stderr, host.consoleSize(process.pid)]).toEqual([undefined, [24, 80]]);
    await host.processes.resize(process.handle, 50, 132);
    expect(host.consoleSize(process.pid)).toEqual([50, 132]);
    expect(await codeOf(host.processes.resize(process.handle, 0, 1))).toBe('ERROR_INVALID_PARAMETER');
    const plain = await runs(running, 'cmd');
    expect(await codeOf(host.processes.resize(plain.handle, 1, 1))).toBe('E_FAIL');
    await host.processes.terminate(process.handle);
    expect(await textOf(process.stdout)).toBe('outerr');
  });
});

describe('a signal', () => {
  const ends = async (signal: Signal, options = {}) => {
    const running = await (typeof signal === 'string' ? windowsContainer(options) : linuxContainer(options));
    const { host, system } = running;
    const process = await host.processes.create(system, typeof signal === 'string' ? { CommandLine: 'init' } : {});
    await host.processes.signal(process.handle, { Signal: signal });
    await idle();
    const { Exited, ExitCode } = await host.processes.properties(process.handle);
    return Exited ? ExitCode : 'lives';
  };
  const init = (more: object) => ({ processes: [{ match: '', forever: true, ...more }] });

  test.each<[Signal, object, number | string]>([
    ['CtrlC', {}, 0xc000013a],
    ['CtrlShutdown', {}, 0xc000013a],
    [15, {}, 143],
    [9, {}, 137],
    [0, {}, 137],
    [28, {}, 'lives'],
    ['CtrlC', init({ ignores: ['CtrlC'] }), 'lives'],
    [15, init({ ignores: [15, 9] }), 'lives'],
    [9, init({ ignores: [15, 9] }), 137],
    [10, init({ on: { 10: { exitCode: 3 } } }), 3],
    ['CtrlBreak', init({ on: { CtrlBreak: { stdout: 'here' } } }), 'lives'],
  ])('%s, with %j: %s', async (signal, options, end) => {
    expect(await ends(signal, options)).toBe(end);
  });

  test('that its system does not know is refused, and so is any to what has exited', async () => {
    const [windows, linux] = [await windowsContainer(), await linuxContainer()];
    const one = await runs(windows, 'init');
    const other = await linux.host.processes.create(linux.system, {});
    expect(await codeOf(windows.host.processes.signal(one.handle, { Signal: 15 }))).toBe('ERROR_INVALID_PARAMETER');
    expect(await codeOf(linux.host.processes.signal(other.handle, { Signal: 'CtrlC' }))).toBe(
      'ERROR_INVALID_PARAMETER',
    );
    expect(await codeOf(linux.host.processes.signal(other.handle, { Signal: 65 }))).toBe('ERROR_INVALID_PARAMETER');
    await windows.host.processes.terminate(one.handle);
    const { signal, terminate, resize, closeStdin } = windows.host.processes;
    for (const call of [
      signal(one.handle, { Signal: 'CtrlC' }),
      terminate(one.handle),
      resize(one.handle, 1, 1),
      closeStdin(one.handle),
    ]) {
      expect(await codeOf(call)).toBe('HCS_E_PROCESS_ALREADY_STOPPED');
    }
  });

  test('is answered before the process ends', async () => {
    const rule = { match: 'app', forever: true, on: { CtrlC: { exitCode: 2, afterMs: 50, stdout: 'bye' } } };
    const running = await windowsContainer({ processes: [rule] });
    const process = await runs(running, 'app');
    await running.host.processes.signal(process.handle, { Signal: 'CtrlC' });
    expect((await running.host.processes.properties(process.handle)).Exited).toBe(false);
    running.clock.advance(50);
    expect([await exitOf(running.host, process), await textOf(process.stdout)]).toEqual([2, 'bye']);
  });
});

describe('a Linux container', () => {
  test('is its init: it comes first, once, and with it all ends', async () => {
    const { host, system } = await linuxContainer({ processes: [{ match: 'sleep', forever: true }] });
    const exec = { OCIProcess: { args: ['sleep', '1'] } };
    expect(await codeOf(host.processes.create(system, exec))).toBe('E_FAIL');
    const init = await host.processes.create(system, {});
    expect(await codeOf(host.processes.create(system, {}))).toBe('E_FAIL');
    const sleep = await host.processes.create(system, exec);
    const exits: unknown[] = [];
    host.compute.onExit(system, (exit) => exits.push(exit));
    await host.processes.signal(init.handle, { Signal: 15 });
    expect([await exitOf(host, init), await exitOf(host, sleep)]).toEqual([143, 137]);
    expect([(await host.compute.properties(system)).State, exits]).toEqual([
      'Stopped',
      [{ Status: 0, ExitType: 'GracefulExit' }],
    ]);
  });

  test('whose init ends by itself is said to have exited unexpectedly', async () => {
    const { host, system } = await linuxContainer({ processes: [{ match: 'sh', exitCode: 0 }] });
    const exit = new Promise((resolve) => host.compute.onExit(system, resolve));
    await host.processes.create(system, {});
    expect(await exit).toEqual({ Status: 0, ExitType: 'UnexpectedExit' });
  });
});

describe('a process is created', () => {
  test('only where a system runs, and with something to run', async () => {
    const running = await windowsContainer();
    expect(await codeOf(runs(running, ''))).toBe('HCS_E_INVALID_JSON');
    expect(await codeOf(runs(running, '', { CommandArgs: ['sh'] }))).toBe('HCS_E_INVALID_JSON');
    await running.host.compute.terminate(running.system);
    expect(await codeOf(runs(running, 'init'))).toBe('HCS_E_SYSTEM_ALREADY_STOPPED');
    expect(running.host.effects.map(({ effect }) => effect)).not.toContain('process.create');
  });
});

describe('a handle', () => {
  test('is of the process that opened it, is closed once, and lets the process live', async () => {
    const running = await windowsContainer();
    const { host } = running;
    const other = host.attach();
    const { handle, pid } = await runs(running, 'init');
    const theirs = await other.compute.open(containerId('c1'));
    const found = await other.processes.open(theirs, pid);
    expect(await codeOf(host.processes.properties(found))).toBe('ERROR_INVALID_HANDLE');
    await host.processes.close(handle);
    expect(await codeOf(host.processes.close(handle))).toBe('ERROR_INVALID_HANDLE');
    expect((await other.processes.properties(found)).Exited).toBe(false);
    other.end();
    expect(host.snapshot()).toEqual(['computeSystem c1', 'handle.computeSystem c1', `process c1/${pid}`]);
  });

  test('is not to be had of what has exited, and tells how it did where there is one', async () => {
    const running = await windowsContainer();
    const { host, system } = running;
    const exec = [await runs(running, 'init'), await runs(running, 'dir')][1];
    if (exec === undefined) throw new Error('there is no process');
    const told: unknown[] = [];
    host.processes.onExit(exec.handle, (status) => told.push(status));
    await exitOf(host, exec);
    host.processes.onExit(exec.handle, () => told.push('too late'));
    await idle();
    const status = { ProcessId: exec.pid, Exited: true, ExitCode: 0 };
    expect([await host.processes.properties(exec.handle), told]).toEqual([status, [status]]);
    expect(await codeOf(host.processes.open(system, exec.pid))).toBe('ERROR_NOT_FOUND');
    expect(await codeOf(host.processes.open(system, 1))).toBe('ERROR_NOT_FOUND');
  });
});

describe('pipes', () => {
  test('close with the process of the caller: the other ends find that out', async () => {
    const running = await windowsContainer({
      processes: [
        { match: 'cat', echo: true, exitCode: 3 },
        { match: 'long', stdout: 'x'.repeat(100_000), exitCode: 4 },
      ],
    });
    const { host } = running;
    const other = host.attach();
    const theirs = await other.compute.open(containerId('c1'));
    const made = [
      await other.processes.create(theirs, { CommandLine: 'cat', ...ALL_PIPES }),
      await other.processes.create(theirs, { CommandLine: 'long', ...ALL_PIPES }),
    ];
    await idle();
    const mine = await Promise.all(made.map(({ pid }) => host.processes.open(running.system, pid)));
    other.end();
    expect(await Promise.all(mine.map((handle) => exitOf(host, { handle })))).toEqual([3, 4]);
  });

  test('that nobody got because the create failed hold nobody up', async () => {
    const running = await windowsContainer({ processes: [{ match: 'long', stdout: 'x'.repeat(100_000) }] });
    const { host, system } = running;
    host.inject({ call: 'processes.create', when: 'after' });
    expect(await codeOf(runs(running, 'long'))).toBe('ERROR_ACCESS_DENIED');
    await idle();
    expect(await host.compute.processes(system)).toEqual([]);
  });

  test('keep a process whose output nobody reads from ending', async () => {
    const text = 'x'.repeat(1_000_000);
    const running = await windowsContainer({ processes: [{ match: 'long', stdout: text }] });
    const process = await runs(running, 'long');
    await idle();
    expect((await running.host.processes.properties(process.handle)).Exited).toBe(false);
    expect(await textOf(process.stdout)).toBe(text);
    expect(await exitOf(running.host, process)).toBe(0);
  });

  test('give what a process had said when it was terminated', async () => {
    const running = await windowsContainer({
      processes: [{ match: 'long', stdout: 'x'.repeat(100_000), forever: true }],
    });
    const process = await runs(running, 'long');
    await running.host.processes.terminate(process.handle);
    expect((await textOf(process.stdout)).length).toBe(64 * 1024);
    const write = process.stdin?.write(Buffer.from('x')) ?? Promise.resolve();
    expect(await codeOf(write)).toBe('ERROR_NO_DATA');
  });
});
