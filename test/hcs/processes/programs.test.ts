import { describe, expect, test } from '@jest/globals';
import type { Program } from '../../../src/testing/index.ts';
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

const container = (run: Program, processes = [{ match: 'app', exitCode: 99 }]) =>
  windowsContainer({ programs: [{ match: 'app', run }], processes });

describe('a process that is a function', () => {
  test('has its parameters, its streams and time', async () => {
    const running = await container(async ({ commandLine, env, stdin, stdout, stderr, sleep, clock, system }) => {
      let length = 0;
      for await (const bytes of stdin) length += bytes.length;
      await sleep(1000);
      await stdout.write(`${commandLine} of ${system} read ${length} for ${env.WHO} at ${clock.now()}`);
      await stderr.write(Buffer.from('done'));
      return 12;
    });
    const process = await runs(running, 'app -x', { ...ALL_PIPES, Environment: { WHO: 'me' } });
    await process.stdin?.write(Buffer.from('12345'));
    await process.stdin?.close();
    await idle();
    running.clock.advance(1000);
    expect(await textOf(process.stdout)).toBe('app -x of c1 read 5 for me at 1000');
    expect([await textOf(process.stderr), await exitOf(running.host, process)]).toEqual(['done', 12]);
  });

  test('loses nothing that it has not waited for', async () => {
    const running = await container(({ stdout }) => {
      for (let n = 0; n < 100; n += 1) void stdout.write('x'.repeat(10_000));
      return 0;
    });
    const process = await runs(running, 'app');
    await idle();
    expect((await textOf(process.stdout)).length).toBe(1_000_000);
    expect(await exitOf(running.host, process)).toBe(0);
  });

  test('that throws has crashed, and what it threw is to be seen', async () => {
    const running = await container(() => {
      throw new Error('the disk is full');
    });
    expect(await exitOf(running.host, await runs(running, 'app'))).toBe(0xc0000005);
    expect(running.host.effects).toContainEqual(expect.objectContaining({ error: 'Error: the disk is full' }));
  });

  test('does about signals what it likes, and without a word ends as its system has it', async () => {
    const program: Program = ({ onSignal, stdout, ended }) =>
      new Promise((resolve) => {
        onSignal((signal) => {
          void stdout.write(`${signal} `);
          if (signal === 15) resolve(0);
        });
        ended.addEventListener('abort', () => resolve(1));
      });
    const { host, system } = await linuxContainer({ programs: [{ match: 'sh', run: program }] });
    const process = await host.processes.create(system, ALL_PIPES);
    await host.processes.signal(process.handle, { Signal: 1 });
    await host.processes.signal(process.handle, { Signal: 15 });
    expect([await exitOf(host, process), await textOf(process.stdout)]).toEqual([0, '1 15 ']);

    const silent = await container(({ sleep }) => sleep(1e9).then(() => 0));
    const one = await runs(silent, 'app');
    await silent.host.processes.signal(one.handle, { Signal: 'CtrlC' });
    expect(await exitOf(silent.host, one)).toBe(0xc000013a);
  });

  test('is told that it was ended, and what it does then is nothing to anybody', async () => {
    const seen: string[] = [];
    const running = await container(async ({ ended, stdout, stdin }) => {
      ended.addEventListener('abort', () => seen.push('ended'));
      await stdin.read();
      await stdout.write('after the end').catch((error: unknown) => seen.push(String(error).slice(0, 9)));
      return 0;
    });
    const process = await runs(running, 'app');
    await running.host.processes.terminate(process.handle);
    await idle();
    expect(seen).toEqual(['ended', 'HostError']);
    expect([await exitOf(running.host, process), await textOf(process.stdout)]).toEqual([1067, '']);
  });

  test('may have no pipes: what it writes goes nowhere, and there is nothing to read', async () => {
    const running = await container(async ({ stdin, stdout }) => {
      await stdout.write('x'.repeat(1_000_000));
      return (await stdin.read()) === null ? 3 : 4;
    });
    const process = await runs(running, 'app', {});
    expect([process.stdin, process.stdout, process.stderr]).toEqual([undefined, undefined, undefined]);
    expect(await exitOf(running.host, process)).toBe(3);
  });

  test('finds out that nobody reads', async () => {
    const codes: string[] = [];
    const running = await container(async ({ stdin, stdout }) => {
      await stdin.read();
      codes.push(await codeOf(stdout.write('x')));
      return 0;
    });
    const process = await runs(running, 'app');
    await process.stdout?.close();
    await process.stdin?.close();
    await exitOf(running.host, process);
    expect(codes).toEqual(['ERROR_NO_DATA']);
  });
});
