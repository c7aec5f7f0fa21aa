import type { GuestOs, ProcessParameters } from '../domain/process.ts';
import type { OciProcess } from '../oci/process.ts';
import { commandLineOf } from './commandLine.ts';

/** What is connected to a process. */
export interface StdioWanted {
  readonly stdin: boolean;
  readonly stdout: boolean;
  /** With a terminal there is none: it goes where stdout goes. */
  readonly stderr: boolean;
}

function pipesOf(process: OciProcess, { stdin, stdout, stderr }: StdioWanted) {
  return {
    CreateStdInPipe: stdin,
    CreateStdOutPipe: stdout,
    CreateStdErrPipe: stderr && process.terminal !== true,
  };
}

/** A variable that is set twice has its last value; one that is empty is not set (HCS takes no empty values). */
function environmentOf(env: readonly string[]): Readonly<Record<string, string>> {
  const pairs = env.map((text): [string, string] => {
    const at = text.indexOf('=');
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(pairs.filter(([name, value]) => name !== '' && value !== ''));
}

function ofWindows(process: OciProcess, stdio: StdioWanted): ProcessParameters {
  const { args = [], commandLine = '', cwd = '', env = [], terminal = false, user, consoleSize } = process;
  return {
    CommandLine: commandLine === '' ? commandLineOf(args) : commandLine,
    ...(user?.username ? { User: user.username } : {}),
    ...(cwd === '' ? {} : { WorkingDirectory: cwd }),
    Environment: environmentOf(env),
    EmulateConsole: terminal,
    ...pipesOf(process, stdio),
    ...(consoleSize === undefined ? {} : { ConsoleSize: [consoleSize.height, consoleSize.width] }),
  };
}

/**
 * What HCS is told of a process (HcsCreateProcess, ProcessParameters).
 * @param isInit whether it is the first process of its container: a Linux guest knows that one from the spec
 */
export function processParametersOf(
  process: OciProcess,
  os: GuestOs,
  stdio: StdioWanted,
  isInit: boolean,
): ProcessParameters {
  if (os === 'windows') return ofWindows(process, stdio);
  return { ...pipesOf(process, stdio), ...(isInit ? {} : { OCIProcess: process }) };
}
