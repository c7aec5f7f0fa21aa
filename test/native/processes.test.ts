import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { vmId } from '../../src/domain/ids.ts';
import type { ProcessParameters, ProcessStatus, SystemExit } from '../../src/domain/process.ts';
import type { PipeReader, StartedProcess, SystemHandle } from '../../src/hcs/port.ts';
import { until } from '../standin/until.ts';
import { PLAIN_VM } from '../standin/vmDocument.ts';
import { intend } from '../support/intents.ts';
import { ALL_PIPES, CONTAINER_HOST, exitOf, startContainer, textOf } from '../support/runningSystems.ts';
import { codeOf, useKoffiHost } from './koffiHost.ts';
import { NOTHING_LEFT } from './overStandIns.ts';

const MB = 1024 * 1024;
const PROCESSES = [
  { match: 'cat', echo: true, exitCode: 4 },
  { match: 'hello', stdout: 'Grüße', stderr: 'complained', exitCode: 7 },
  { match: 'much', stdout: 'x'.repeat(MB) },
  { match: 'code', exitCode: 0xc000013a },
  { match: 'init', forever: true },
  { match: 'nothing', missing: true },
];

const current = useKoffiHost({ volumes: [...(CONTAINER_HOST.volumes ?? [])], processes: PROCESSES });

let system: SystemHandle;

beforeEach(async () => {
  system = await startContainer(current().host, 'c1', { ShouldTerminateOnLastHandleClosed: true });
});

afterEach(async () => {
  const { host, core } = current();
  await host.compute.close(system).catch(() => {});
  await until(() => core.counts().callbacks === 0);
  expect(core.counts()).toEqual(NOTHING_LEFT);
});

const run = (CommandLine: string, more: ProcessParameters = ALL_PIPES): Promise<StartedProcess> =>
  current().host.processes.create(system, { CommandLine, ...more });

async function closeAll({ handle, stdin, stdout, stderr }: StartedProcess): Promise<void> {
  for (const pipe of [stdin, stdout, stderr]) await pipe?.close();
  await current().host.processes.close(handle);
}

/** The bytes up to the end of the pipe, and their digest. */
async function digestOf(reader: PipeReader | undefined): Promise<{ readonly bytes: number; readonly digest: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (let chunk = await reader?.read(); chunk; chunk = await reader?.read()) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, digest: hash.digest('hex') };
}

describe('a process', () => {
  test('says what it says on its own streams, and exits with its code', async () => {
    const { host } = current();
    const process = await run('hello');
    const said = await Promise.all([textOf(process.stdout), textOf(process.stderr)]);
    expect(said).toEqual(['Grüße', 'complained']);
    expect(await exitOf(host, process)).toBe(7);
    expect(await host.processes.properties(process.handle)).toEqual({
      ProcessId: process.pid,
      Exited: true,
      ExitCode: 7,
    });
    await closeAll(process);
    const crashed = await run('code', {});
    expect(Object.keys(crashed).sort()).toEqual(['handle', 'pid']);
    expect(await exitOf(host, crashed)).toBe(0xc000013a);
    await closeAll(crashed);
  });

  test('has one output in a terminal, whose size changes', async () => {
    const { host, control } = current();
    const process = await run('init', { ...ALL_PIPES, EmulateConsole: true, ConsoleSize: [24, 80] });
    expect(process.stderr).toBeUndefined();
    await host.processes.resize(process.handle, 50, 132);
    await host.processes.signal(process.handle, { Signal: 'CtrlC' });
    expect(await exitOf(host, process)).toBe(0xc000013a);
    expect(await control.effects()).toEqual(
      expect.arrayContaining([
        { effect: 'process.resize', system: 'c1', pid: process.pid, rows: 50, columns: 132 },
        { effect: 'process.signal', system: 'c1', pid: process.pid, signal: 'CtrlC' },
      ]),
    );
    await closeAll(process);
  });

  test('is opened by its number, without its pipes, and ended through any handle', async () => {
    const { host } = current();
    const process = await run('init');
    const handle = await host.processes.open(system, process.pid);
    expect(await host.processes.properties(handle)).toEqual({ ProcessId: process.pid, Exited: false });
    const exits: ProcessStatus[] = [];
    for (const each of [handle, process.handle]) host.processes.onExit(each, (status) => exits.push(status));
    const end = host.processes.onExit(handle, () => exits.push({ ProcessId: 0, Exited: false }));
    end();
    await host.processes.terminate(handle);
    await until(() => exits.length === 2);
    expect(exits).toEqual(Array.from({ length: 2 }, () => ({ ProcessId: process.pid, Exited: true, ExitCode: 1067 })));
    await host.processes.close(handle);
    await closeAll(process);
  });

  test('is refused what cannot be', async () => {
    const { host } = current();
    const { handle, ...pipes } = await run('hello');
    expect(await exitOf(host, { handle })).toBe(7);
    expect(await codeOf(host.processes.signal(handle, { Signal: 'CtrlC' }))).toBe(
      'processes.signal HCS_E_PROCESS_ALREADY_STOPPED',
    );
    expect(await codeOf(host.processes.terminate(handle))).toBe('processes.terminate HCS_E_PROCESS_ALREADY_STOPPED');
    await closeAll({ handle, ...pipes });
    expect(await codeOf(host.processes.properties(handle))).toBe('processes.properties ERROR_INVALID_HANDLE');
    expect(await codeOf(host.processes.close(handle))).toBe('processes.close ERROR_INVALID_HANDLE');
    expect(await codeOf(host.processes.open(system, pipes.pid))).toBe('processes.open ERROR_NOT_FOUND');
    expect(await codeOf(run('nothing'))).toBe('processes.create ERROR_FILE_NOT_FOUND');
    const plain = await run('init', {});
    expect(await codeOf(host.processes.resize(plain.handle, 1, 1))).toBe('processes.resize E_FAIL');
    await closeAll(plain);
  });

  test('keeps no handle when its creation fails in the library', async () => {
    const { host, core } = current();
    core.fail('HcsGetOperationResultAndProcessInfo', 0x8037011a);
    expect(await codeOf(run('hello'))).toMatch(/^processes.create /);
    core.fail('HcsCreateProcess', 0x8037011b);
    expect(await codeOf(run('hello'))).toBe('processes.create HCS_E_ACCESS_DENIED');
    core.fail('HcsOpenProcess', 0x8037011b);
    expect(await codeOf(host.processes.open(system, 1))).toBe('processes.open HCS_E_ACCESS_DENIED');
  });

  test('of which no events come is asked whether it has exited', async () => {
    const { host, core } = current();
    const process = await run('cat');
    core.fail('HcsSetProcessCallback', 0x80004005);
    let status: ProcessStatus | undefined;
    host.processes.onExit(process.handle, (exit) => {
      status = exit;
    });
    await host.processes.closeStdin(process.handle);
    await until(() => status !== undefined);
    expect(status).toEqual({ ProcessId: process.pid, Exited: true, ExitCode: 4 });
    await closeAll(process);
  });
});

describe('pipes', () => {
  test('carry 20 MB both ways, byte for byte', async () => {
    const { host } = current();
    const process = await run('cat');
    const hash = createHash('sha256');
    const write = async () => {
      for (let sent = 0; sent < 20; sent += 1) {
        const block = randomBytes(MB + sent);
        hash.update(block);
        await process.stdin?.write(block);
      }
      await host.processes.closeStdin(process.handle);
      await process.stdin?.close();
    };
    const [read] = await Promise.all([digestOf(process.stdout), write()]);
    expect(read).toEqual({ bytes: 20 * MB + 190, digest: hash.digest('hex') });
    expect(await exitOf(host, process)).toBe(4);
    await closeAll(process);
  });

  test('hold the writer up while nobody reads, and lose nothing', async () => {
    const { host } = current();
    const process = await run('cat');
    const block = Buffer.alloc(64 * 1024, 'slipway');
    let taken = 0;
    const writes = Array.from({ length: 64 }, async () => {
      await process.stdin?.write(block);
      taken += 1;
    });
    await until(() => taken > 0);
    for (let asked = 0; asked < 50; asked += 1) await host.processes.properties(process.handle);
    expect(taken).toBeLessThan(16);
    const closed = Promise.all(writes).then(() => host.processes.closeStdin(process.handle));
    expect((await digestOf(process.stdout)).bytes).toBe(64 * block.length);
    await closed;
    expect(taken).toBe(64);
    expect(await exitOf(host, process)).toBe(4);
    await closeAll(process);
  });

  test('hold up a process that nobody listens to', async () => {
    const { host } = current();
    const process = await run('much');
    for (let asked = 0; asked < 50; asked += 1) {
      expect((await host.processes.properties(process.handle)).Exited).toBe(false);
    }
    expect(await textOf(process.stdout)).toHaveLength(MB);
    expect(await exitOf(host, process)).toBe(0);
    await closeAll(process);
  });

  test('take one read at a time, which finds the end when they are closed', async () => {
    const { host, core } = current();
    const process = await run('init');
    const read = process.stdout?.read();
    expect(await codeOf(Promise.resolve(process.stdout?.read()))).toBe('processes.read ERROR_BUSY');
    await until(() => core.counts().pendingReads > 0);
    await process.stdout?.close();
    expect(await read).toBeNull();
    expect(await codeOf(Promise.resolve(process.stdout?.read()))).toBe('processes.read ERROR_INVALID_HANDLE');
    expect((await host.processes.properties(process.handle)).Exited).toBe(false);
    await closeAll(process);
  });

  test('that nobody reads any more are broken for who writes', async () => {
    const { host } = current();
    const process = await run('hello');
    expect(await exitOf(host, process)).toBe(7);
    const written = async () => process.stdin?.write(Buffer.from('late'));
    expect(await codeOf(written())).toMatch(/^processes.write ERROR_(NO_DATA|BROKEN_PIPE)$/);
    await process.stdin?.close();
    expect(await codeOf(written())).toBe('processes.write ERROR_BROKEN_PIPE');
    await closeAll(process);
  });

  test('are written to the end though they are closed before', async () => {
    const process = await run('cat');
    const written = process.stdin?.write(Buffer.alloc(MB, 'a'));
    await process.stdin?.close();
    expect((await digestOf(process.stdout)).bytes).toBe(MB);
    await written;
    await closeAll(process);
  });
});

test('a thousand short processes at once are each themselves', async () => {
  const { host } = current();
  const pids = new Set<number>();
  const one = async (): Promise<string> => {
    const process = await run('hello');
    pids.add(process.pid);
    const said = await textOf(process.stdout);
    const code = await exitOf(host, process);
    await closeAll(process);
    return `${said} ${code}`;
  };
  const all = await Promise.all(Array.from({ length: 1000 }, one));
  expect(new Set(all)).toEqual(new Set(['Grüße 7']));
  expect(pids.size).toBe(1000);
});

describe('a system', () => {
  test('is told what it may use, and tells what it uses and what runs in it', async () => {
    const { host, control } = current();
    const process = await run('init');
    const request = { ResourcePath: 'Container/Memory/SizeInMB', RequestType: 'Update', Settings: 512 } as const;
    await host.compute.modify(system, request);
    expect(await control.effects()).toContainEqual({ effect: 'system.modify', system: 'c1', request });
    const statistics = await host.compute.statistics(system);
    expect(statistics.Memory?.MemoryUsageCommitBytes).toBeGreaterThan(0);
    expect(await host.compute.processes(system)).toMatchObject([{ ProcessId: process.pid, ImageName: 'init' }]);
    await closeAll(process);
  });

  test('ends when it is shut down and its last process has, and tells so', async () => {
    const { host } = current();
    const process = await run('init');
    const exits: SystemExit[] = [];
    host.compute.onExit(system, (exit) => exits.push(exit));
    await host.compute.shutdown(system);
    await until(() => exits.length > 0);
    expect(exits).toEqual([{ Status: 0, ExitType: 'GracefulExit' }]);
    expect((await host.compute.properties(system)).State).toBe('Stopped');
    expect(await codeOf(host.compute.shutdown(system))).toBe('compute.shutdown HCS_E_SYSTEM_ALREADY_STOPPED');
    expect(await codeOf(run('hello'))).toBe('processes.create HCS_E_SYSTEM_ALREADY_STOPPED');
    await closeAll(process);
  });

  test('is paused only where it has a VM to itself', async () => {
    const { host } = current();
    expect(await codeOf(host.compute.pause(system))).toMatch(/^compute.pause HCS_E_/);
    const vm = await host.compute.create(intend({ kind: 'utilityVm', id: vmId('vm') }), PLAIN_VM);
    await host.compute.start(vm);
    await host.compute.pause(vm);
    expect((await host.compute.properties(vm)).State).toBe('Paused');
    await host.compute.resume(vm);
    expect((await host.compute.properties(vm)).State).toBe('Running');
    await host.compute.close(vm);
  });
});

test('when the service dies, pipes end, calls fail, and every handle can be closed', async () => {
  const { host, control, core } = current();
  const process = await run('init');
  let deaths = 0;
  const end = host.onServiceDisconnect?.(() => {
    deaths += 1;
  });
  host.processes.onExit(process.handle, () => {});
  const read = process.stdout?.read();
  await until(() => core.counts().callbacks === 2);
  await control.killService({ systemsSurvive: false });
  await until(() => deaths > 0);
  expect(await read).toBeNull();
  expect(await codeOf(host.processes.properties(process.handle))).toMatch(/RPC_S_|SERVICE_DISCONNECT|INVALID_HANDLE/);
  end?.();
  await closeAll(process);
  await control.restartService();
});
