/** Processes in containers, and their pipes. */
import assert from 'node:assert/strict';
import type { ProcessParameters, ProcessStatus } from '../../../src/domain/process.ts';
import type { PipeReader, ProcessHandle, StartedProcess, SystemHandle } from '../../../src/hcs/port.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { failureOf, refused, until } from '../expect.ts';
import { containerDocument, containerIntent, LONG_OUTPUT } from '../world.ts';
import { inContainer } from './life.ts';

const PIPES = { CreateStdInPipe: true, CreateStdOutPipe: true, CreateStdErrPipe: true } as const;

const run = ({ host }: HostUnderTest, system: SystemHandle, CommandLine: string, more: ProcessParameters = PIPES) =>
  host.processes.create(system, { CommandLine, ...more });

async function bytesOf(reader: PipeReader | undefined): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let bytes = await reader?.read(); bytes; bytes = await reader?.read()) parts.push(bytes);
  return Buffer.concat(parts);
}

async function closeAll({ host }: HostUnderTest, { handle, stdin, stdout, stderr }: StartedProcess): Promise<void> {
  for (const pipe of [stdin, stdout, stderr]) await pipe?.close();
  await host.processes.close(handle);
}

/** The exit code of a process when it has exited: told, or found to have before. */
async function exitOf({ host }: HostUnderTest, handle: ProcessHandle): Promise<number | undefined> {
  const told: ProcessStatus[] = [];
  host.processes.onExit(handle, (status) => told.push(status));
  const { Exited, ExitCode } = await host.processes.properties(handle);
  if (Exited) return ExitCode;
  await until(async () => told.length > 0);
  return told[0]?.ExitCode;
}

const kib = (count: number): Buffer => Buffer.alloc(count * 1024, 'slipway ');

export const EXECS = suite('execs', [
  [
    'a process says all that it says, each on its own stream, and exits with its code',
    ['described'],
    inContainer(async (on, system) => {
      const process = await run(on, system, 'says much');
      const [out, error] = await Promise.all([bytesOf(process.stdout), bytesOf(process.stderr)]);
      assert.equal(out.toString(), LONG_OUTPUT);
      assert.equal(error.toString(), 'complained');
      assert.equal(await exitOf(on, process.handle), 0xc0000005);
      await closeAll(on, process);
    }),
  ],
  [
    'it has the pipes that were asked for, and no other',
    ['described'],
    inContainer(async (on, system) => {
      const bare = await run(on, system, 'says much', {});
      assert.deepEqual([bare.stdin, bare.stdout, bare.stderr], [undefined, undefined, undefined]);
      const terminal = await run(on, system, 'runs on', { ...PIPES, EmulateConsole: true });
      assert.equal(terminal.stderr, undefined);
      await on.host.processes.resize(terminal.handle, 40, 120);
      await closeAll(on, bare);
      await closeAll(on, terminal);
    }),
  ],
  [
    'what is written to it comes back byte for byte, and its input ends when that is closed',
    ['described'],
    inContainer(async (on, system) => {
      const process = await run(on, system, 'echoes');
      const sent = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 31 + (n >> 8)) & 0xff));
      const read = bytesOf(process.stdout);
      await process.stdin?.write(sent);
      await on.host.processes.closeStdin(process.handle);
      assert.ok((await read).equals(sent));
      assert.equal(await exitOf(on, process.handle), 0);
      await closeAll(on, process);
    }),
  ],
  [
    'who writes waits for who reads, and nothing is lost',
    ['described'],
    inContainer(async (on, system) => {
      const process = await run(on, system, 'echoes');
      let taken = 0;
      const writes = Array.from({ length: 32 }, async () => {
        await process.stdin?.write(kib(64));
        taken += 1;
      });
      for (let asked = 0; asked < 20; asked += 1) await on.host.processes.properties(process.handle);
      assert.ok(taken < 16, `${taken} writes were taken though nobody reads`);
      const ended = Promise.all(writes).then(() => on.host.processes.closeStdin(process.handle));
      assert.equal((await bytesOf(process.stdout)).length, 32 * 64 * 1024);
      await ended;
      await closeAll(on, process);
    }),
  ],
  [
    'a read finds the end when its pipe is closed, and the process goes on',
    ['described'],
    inContainer(async (on, system) => {
      const process = await run(on, system, 'runs on');
      const read = process.stdout?.read();
      await process.stdout?.close();
      assert.equal(await read, null);
      assert.equal((await on.host.processes.properties(process.handle)).Exited, false);
      await closeAll(on, process);
    }),
  ],
  [
    'nothing is written to one that has exited',
    ['described'],
    inContainer(async (on, system) => {
      const process = await run(on, system, 'quiet');
      assert.equal(await exitOf(on, process.handle), 0);
      const failure = await failureOf(Promise.resolve(process.stdin?.write(kib(1))));
      assert.ok(['ERROR_NO_DATA', 'ERROR_BROKEN_PIPE'].includes(failure.name), failure.name);
      await closeAll(on, process);
    }),
  ],
  [
    'it is found by its number as long as it runs, and ended by a signal or by force, once',
    ['described'],
    inContainer(async (on, system) => {
      const { processes } = on.host;
      const [first, second] = [await run(on, system, 'runs on', {}), await run(on, system, 'runs on', {})];
      assert.notEqual(first.pid, second.pid);
      const again = await processes.open(system, first.pid);
      await processes.signal(again, { Signal: 'CtrlC' });
      assert.equal(await exitOf(on, first.handle), 0xc000013a);
      await processes.terminate(second.handle);
      assert.equal(await exitOf(on, second.handle), 1067);
      await refused('processes.signal', processes.signal(again, { Signal: 'CtrlC' }), 'HCS_E_PROCESS_ALREADY_STOPPED');
      await refused('processes.terminate', processes.terminate(second.handle), 'HCS_E_PROCESS_ALREADY_STOPPED');
      await refused('processes.open', processes.open(system, first.pid), 'ERROR_NOT_FOUND');
      for (const handle of [first.handle, second.handle, again]) await processes.close(handle);
    }),
  ],
  [
    'a handle is closed once, and the process lives on without it',
    ['described'],
    inContainer(async (on, system) => {
      const { processes } = on.host;
      const { handle, pid } = await run(on, system, 'runs on', {});
      await processes.close(handle);
      await refused('processes.close', processes.close(handle), 'ERROR_INVALID_HANDLE');
      await refused('processes.properties', processes.properties(handle), 'ERROR_INVALID_HANDLE');
      const again = await processes.open(system, pid);
      assert.deepEqual(await processes.properties(again), { ProcessId: pid, Exited: false });
      await processes.close(again);
    }),
  ],
  [
    'none is made where there is no such program, or the system does not run',
    ['described'],
    async (on) => {
      const { compute } = on.host;
      const system = await compute.create(containerIntent(), containerDocument());
      await refused('processes.create', run(on, system, 'quiet'), 'HCS_E_INVALID_STATE');
      await compute.start(system);
      await refused('processes.create', run(on, system, 'is not there'), 'ERROR_FILE_NOT_FOUND');
      await compute.terminate(system);
      await refused('processes.create', run(on, system, 'quiet'), 'HCS_E_SYSTEM_ALREADY_STOPPED');
      await compute.close(system);
    },
  ],
  [
    'all end with their system, and their pipes with them',
    ['described'],
    inContainer(async (on, system) => {
      const all = await Promise.all(Array.from({ length: 5 }, () => run(on, system, 'runs on')));
      const reads = all.map(({ stdout }) => stdout?.read());
      const exits = all.map(({ handle }) => exitOf(on, handle));
      await on.host.compute.terminate(system);
      assert.deepEqual(await Promise.all(reads), [null, null, null, null, null]);
      assert.deepEqual(await Promise.all(exits), [1067, 1067, 1067, 1067, 1067]);
      for (const process of all) await closeAll(on, process);
    }),
  ],
  [
    'two hundred at once are each themselves',
    ['described'],
    inContainer(async (on, system) => {
      const one = async (): Promise<number> => {
        const process = await run(on, system, 'echoes', { CreateStdInPipe: true, CreateStdOutPipe: true });
        await process.stdin?.write(Buffer.from(String(process.pid)));
        await process.stdin?.close();
        assert.equal((await bytesOf(process.stdout)).toString(), String(process.pid));
        assert.equal(await exitOf(on, process.handle), 0);
        await closeAll(on, process);
        return process.pid;
      };
      const pids = await Promise.all(Array.from({ length: 200 }, one));
      assert.equal(new Set(pids).size, 200);
    }),
  ],
]);
