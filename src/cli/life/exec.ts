import pc from 'picocolors';
import type { ContainerProcess, ExecRequest } from '../../engine/life/contract.ts';
import { isRecord } from '../bundle.ts';
import type { Streams } from '../outcome.ts';
import { faultFor, tell } from '../problems.ts';
import { codeInWords, statusOfCode, statusOfFailure } from './exitStatus.ts';
import { type ConsoleOptions, connectInput, needTerminal, terminalSize } from './input.ts';
import { type Found, find, type LifeArguments, specOf, visit } from './open.ts';
import { jsonOutputs, ownOutputs, pumpAll } from './output.ts';

export interface ExecArguments extends LifeArguments, ConsoleOptions {
  readonly env?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
  readonly user?: string | undefined;
}

function variablesOf(spec: unknown): readonly string[] {
  const env = isRecord(spec) && isRecord(spec.process) ? spec.process.env : [];
  return Array.isArray(env) ? env.filter((text) => typeof text === 'string') : [];
}

/** Those of the first process, where they are known here, and those that are given. */
function environmentOf({ run }: Found, args: ExecArguments, { err }: Streams): readonly string[] {
  const { spec } = specOf(run, args);
  const recorded = variablesOf(run.request.spec);
  if (spec === undefined && recorded.length > 0 && args.json !== true) {
    const names = recorded.map((text) => text.split('=', 1)[0]).join(', ');
    err(`${pc.yellow('!')} not set, because their values are not kept: ${names} (--spec FILE gives them)\n`);
  }
  return [...variablesOf(spec), ...(args.env ?? [])];
}

const LINUX_USER = /^(\d+)(?::(\d+))?$/;

/** `1000`, `1000:1000`, or a name. */
function userOf(user: string): NonNullable<ExecRequest['user']> {
  const [, uid, gid] = LINUX_USER.exec(user) ?? [];
  if (uid === undefined) return user;
  return { uid: Number(uid), ...(gid === undefined ? {} : { gid: Number(gid) }) };
}

function requestOf(found: Found, command: readonly string[], args: ExecArguments, streams: Streams): ExecRequest {
  const { tty = false, interactive = false, cwd, user } = args;
  return {
    args: command,
    env: environmentOf(found, args, streams),
    ...(cwd === undefined ? {} : { cwd }),
    ...(user === undefined ? {} : { user: userOf(user) }),
    ...(tty ? { tty, consoleSize: terminalSize() } : {}),
    stdio: { stdin: interactive ? 'pipe' : 'none' },
  };
}

/** Signals to this process go to the one in the container; the second one ends it. */
function passOnSignals(to: ContainerProcess, { err }: Streams): () => void {
  let sent = 0;
  const send = (signal: string): void => {
    sent += 1;
    if (sent === 1) err(`${pc.yellow('passed on')} ${signal}: again ends it by force\n`);
    to.signal(sent > 1 ? 'SIGKILL' : signal).catch((error: unknown) => err(`${faultFor(error).message}\n`));
  };
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((signal) => [signal, () => send(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.removeListener(signal, listener);
  };
}

async function carryOut(
  id: string,
  command: readonly string[],
  args: ExecArguments,
  streams: Streams,
): Promise<number> {
  needTerminal(args);
  const found = await find(id, args);
  const container = await visit(found, args);
  const running = await container.exec(requestOf(found, command, args, streams));
  const disconnect = connectInput(running, args);
  const end = passOnSignals(running, streams);
  try {
    const sink = args.json === true ? jsonOutputs(streams) : ownOutputs(process);
    const [{ exitCode }] = await Promise.all([running.wait(), pumpAll(running, sink)]);
    const status = statusOfCode(exitCode);
    const told = { type: 'process.exited', ok: true, pid: running.pid, exitCode: exitCode ?? null, status };
    if (args.json === true) streams.out(`${JSON.stringify(told)}\n`);
    else if (status !== exitCode) streams.err(`${pc.dim('it ended with')} ${codeInWords(exitCode)}\n`);
    return status;
  } finally {
    end();
    disconnect();
  }
}

/** `slipway exec`: resolves with the exit code of the process. */
export async function exec(
  id: string,
  command: readonly string[],
  args: ExecArguments,
  streams: Streams,
): Promise<number> {
  try {
    return await carryOut(id, command, args, streams);
  } catch (error) {
    tell(error, { json: args.json === true, ...streams });
    return statusOfFailure(error);
  }
}
