import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ALL_PIPES, exitOf, runs, textOf, windowsContainer } from '../../support/runningSystems.ts';

const MB = 1024 * 1024;

test('100 MB go through both pipes of a process, and no more than the pipes hold is ever on the way', async () => {
  const running = await windowsContainer({ processes: [{ match: 'cat', echo: true }] });
  const process = await runs(running, 'cat', ALL_PIPES);
  const [sent, received] = [createHash('sha256'), createHash('sha256')];
  let [written, read, most] = [0, 0, 0];
  const write = async () => {
    for (let n = 0; n < 400; n += 1) {
      const chunk = Buffer.alloc(MB / 4, n);
      sent.update(chunk);
      await process.stdin?.write(chunk);
      written += chunk.length;
      most = Math.max(most, written - read);
    }
    await process.stdin?.close();
  };
  const writing = write();
  for (let bytes = await process.stdout?.read(); bytes; bytes = await process.stdout?.read()) {
    received.update(bytes);
    read += bytes.length;
  }
  await writing;
  expect([read, received.digest('hex')]).toEqual([100 * MB, sent.digest('hex')]);
  // Two pipes, what the process holds in between, and what was read and not yet counted.
  expect(most).toBeLessThanOrEqual(4 * 64 * 1024);
  expect(await exitOf(running.host, process)).toBe(0);
});

test('a writer waits for a reader that stalls, and nothing is lost', async () => {
  const running = await windowsContainer({ processes: [{ match: 'cat', echo: true }] });
  const process = await runs(running, 'cat', ALL_PIPES);
  const all = 'abcdefgh'.repeat(MB / 8);
  let isWritten = false;
  const writing = process.stdin?.write(Buffer.from(all)).then(() => {
    isWritten = true;
    return process.stdin?.close();
  });
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(isWritten).toBe(false);
  expect(await textOf(process.stdout)).toBe(all);
  await writing;
});

test('a thousand processes at once, each with its own output and exit code', async () => {
  const running = await windowsContainer({
    programs: [
      {
        match: 'exec',
        run: async ({ commandLine, stdout, sleep }) => {
          const n = Number(commandLine.split(' ')[1]);
          await sleep(n % 10);
          await stdout.write(`I am ${n}`);
          return n;
        },
      },
    ],
  });
  const { host, system, clock } = running;
  const init = await runs(running, 'init');
  const numbers = Array.from({ length: 1000 }, (_, n) => n);
  const made = await Promise.all(numbers.map((n) => runs(running, `exec ${n}`)));
  expect(await host.compute.processes(system)).toHaveLength(1001);
  const ends = made.map(async (process) => [await textOf(process.stdout), await exitOf(host, process)]);
  clock.advance(10);
  expect(await Promise.all(ends)).toEqual(numbers.map((n) => [`I am ${n}`, n]));
  expect((await host.compute.processes(system)).map(({ ProcessId }) => ProcessId)).toEqual([init.pid]);
  await Promise.all(made.map(({ handle }) => host.processes.close(handle)));
  expect(host.snapshot()).toEqual([
    'computeSystem c1',
    'handle.computeSystem c1',
    `handle.process c1/${init.pid}`,
    `process c1/${init.pid}`,
  ]);
});
