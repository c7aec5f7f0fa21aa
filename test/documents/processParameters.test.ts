import { describe, expect, test } from '@jest/globals';
import { processParametersOf } from '../../src/documents/processParameters.ts';
import { parseProcess } from '../../src/oci/process.ts';
import { signalFor } from '../../src/oci/signals.ts';

const ALL = { stdin: true, stdout: true, stderr: true };
const NONE = { stdin: false, stdout: false, stderr: false };

describe('what HCS is told of a process', () => {
  test('a Windows process', () => {
    const process = {
      args: ['cmd', '/c', 'echo a b'],
      cwd: 'C:\\app',
      env: ['A=1', 'A=2', 'EMPTY=', 'EQ=a=b'],
      user: { username: 'ContainerUser' },
      consoleSize: { height: 25, width: 80 },
    };
    expect(processParametersOf(process, 'windows', ALL, true)).toEqual({
      CommandLine: 'cmd /c "echo a b"',
      User: 'ContainerUser',
      WorkingDirectory: 'C:\\app',
      Environment: { A: '2', EQ: 'a=b' },
      EmulateConsole: false,
      CreateStdInPipe: true,
      CreateStdOutPipe: true,
      CreateStdErrPipe: true,
      ConsoleSize: [25, 80],
    });
  });

  test('a command line comes before args, and a terminal has one output', () => {
    const told = processParametersOf({ args: ['x'], commandLine: 'y "z', terminal: true }, 'windows', ALL, false);
    expect(told).toMatchObject({ CommandLine: 'y "z', EmulateConsole: true, CreateStdErrPipe: false });
  });

  test('a Linux guest has the init process in its spec, and is given every other one whole', () => {
    const process = { args: ['sh'], cwd: '/', user: { uid: 1 } };
    const pipes = { CreateStdInPipe: false, CreateStdOutPipe: false, CreateStdErrPipe: false };
    expect(processParametersOf(process, 'linux', NONE, true)).toEqual(pipes);
    expect(processParametersOf(process, 'linux', NONE, false)).toEqual({ ...pipes, OCIProcess: process });
  });
});

describe('what is wrong with a process', () => {
  const found = (raw: unknown, os: 'windows' | 'linux' = 'windows') =>
    parseProcess(raw, os).findings.map(({ code, pointer }) => `${code} ${pointer}`);

  test.each([
    [undefined, ['process-args-missing /process/args']],
    [{ args: [] }, ['process-args-missing /process/args']],
    [
      { args: ['a'], cwd: 7, terminal: 'yes' },
      ['process-invalid-type /process/cwd', 'process-invalid-type /process/terminal'],
    ],
    [
      { args: ['a\0b'], env: ['=x', 'novalue', 'A=\0'] },
      [
        'process-nul-character /process/args/0',
        'process-nul-character /process/env/2',
        'process-env-invalid /process/env/0',
        'process-env-invalid /process/env/1',
      ],
    ],
    [{ commandLine: 'dir' }, []],
    [{ args: ['a'], cwd: null, env: null }, []],
  ])('%j', (raw, codes) => expect(found(raw)).toEqual(codes));

  test('of a Linux process', () => {
    expect(found({ commandLine: 'ls', cwd: 'tmp' }, 'linux')).toEqual([
      'process-args-missing /process/args',
      'process-cwd-relative /process/cwd',
    ]);
  });
});

describe('a signal', () => {
  test.each([
    ['windows', 'SIGTERM', 'CtrlShutdown'],
    ['windows', 'term', 'CtrlShutdown'],
    ['windows', 15, 'CtrlShutdown'],
    ['windows', 'ctrlc', 'CtrlC'],
    ['windows', 'INT', 'CtrlC'],
    ['windows', '0', 'CtrlC'],
    ['windows', 2, 'CtrlClose'],
    ['windows', 'KILL', 'kill'],
    ['windows', 9, 'kill'],
    ['windows', 'USR1', 'none'],
    ['windows', 3, 'none'],
    ['linux', 'SIGUSR1', 10],
    ['linux', '10', 10],
    ['linux', 'SIGKILL', 'kill'],
    ['linux', 9, 'kill'],
    ['linux', 64, 64],
    ['linux', 65, 'none'],
    ['linux', 0, 'none'],
    ['linux', 'CtrlC', 'none'],
    ['linux', '', 'none'],
  ] as const)('%s %s is %s', (os, signal, expected) => {
    const chosen = signalFor(os, signal);
    expect(chosen === undefined ? 'none' : chosen.kind === 'kill' ? 'kill' : chosen.options.Signal).toBe(expected);
  });
});
