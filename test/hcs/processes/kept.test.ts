import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { containerId } from '../../../src/domain/ids.ts';
import { keptSimulatedHost, type SimulatedHostOptions, virtualClock } from '../../../src/testing/index.ts';
import { removeFolder } from '../../support/removeFolder.ts';
import { ALL_PIPES, CONTAINER_HOST, exitOf, startContainer, textOf } from '../../support/runningSystems.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-processes-'));
});
// A process that has just begun writes down once more how it stands.
afterEach(() => removeFolder(folder));

const file = () => join(folder, 'host.json');
const kept = (options: SimulatedHostOptions = {}) => keptSimulatedHost(folder, { ...CONTAINER_HOST, ...options });

/** As if the process that made everything so far had ended: none has a pid of this size. */
function endMaker(): void {
  writeFileSync(file(), readFileSync(file(), 'utf8').replaceAll(`"${process.pid}@`, '"99999999@'));
}

const alive = (host: ReturnType<typeof kept>) => host.snapshot().filter((line) => !line.startsWith('handle.'));

describe('on a host that is kept in a folder', () => {
  test('what one process started, another finds and ends, and the first is told', async () => {
    const [one, other] = [kept(), kept()];
    const system = await startContainer(one);
    const init = await one.processes.create(system, { CommandLine: 'init.exe' });
    const theirs = await other.compute.open(containerId('c1'));
    expect(await other.compute.processes(theirs)).toMatchObject([{ ProcessId: init.pid, ImageName: 'init.exe' }]);
    const found = await other.processes.open(theirs, init.pid);
    const exit = exitOf(one, init);
    await other.processes.signal(found, { Signal: 'CtrlC' });
    expect([await exit, await exitOf(other, { handle: found })]).toEqual([0xc000013a, 0xc000013a]);
    const gone = new Promise((resolve) => one.compute.onExit(system, resolve));
    await other.compute.shutdown(theirs);
    expect(await gone).toEqual({ Status: 0, ExitType: 'GracefulExit' });
  });

  test('pipes work as long as whoever made the process lives, also for what others do to it', async () => {
    const processes = [{ match: 'cat', echo: true, on: { CtrlBreak: { stdout: ' and a signal' } } }];
    const [one, other] = [kept({ processes }), kept({ processes })];
    const cat = await one.processes.create(await startContainer(one), { CommandLine: 'cat', ...ALL_PIPES });
    const theirs = await other.processes.open(await other.compute.open(containerId('c1')), cat.pid);
    await cat.stdin?.write(Buffer.from('text'));
    const first = await cat.stdout?.read();
    await other.processes.signal(theirs, { Signal: 'CtrlBreak' });
    const second = await cat.stdout?.read();
    await other.processes.closeStdin(theirs);
    expect([first, second].map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual(['text', ' and a signal']);
    expect([await textOf(cat.stdout), await exitOf(one, cat)]).toEqual(['', 0]);
  });

  test('an exit that is due by the clock has happened when somebody looks next', async () => {
    const clock = virtualClock();
    const options = { clock, epoch: 0, processes: [{ match: 'job', afterMs: 60_000, exitCode: 3 }] };
    const one = kept(options);
    const system = await startContainer(one);
    const job = await one.processes.create(system, { CommandLine: 'job' });
    clock.advance(59_999);
    expect(alive(kept(options))).toEqual(['computeSystem c1', `process c1/${job.pid}`]);
    clock.advance(1);
    expect(alive(kept(options))).toEqual(['computeSystem c1']);
    expect(await one.processes.properties(job.handle)).toEqual({ ProcessId: job.pid, Exited: true, ExitCode: 3 });
  });

  test('what the end of its maker does not end runs on, and what needs its pipes ends', async () => {
    const processes = [
      { match: 'cat', echo: true },
      { match: 'long', stdout: 'x'.repeat(100_000) },
    ];
    const programs = [{ match: 'function', run: () => new Promise<number>(() => {}) }];
    const one = kept({ processes, programs });
    const system = await startContainer(one);
    const init = await one.processes.create(system, { CommandLine: 'init', ...ALL_PIPES });
    for (const CommandLine of ['cat', 'long', 'function']) {
      await one.processes.create(system, { CommandLine, ...ALL_PIPES });
    }
    expect(alive(kept())).toHaveLength(5);
    endMaker();
    expect(kept().snapshot()).toEqual(['computeSystem c1', `process c1/${init.pid}`]);
    const next = kept();
    const reopened = await next.compute.open(containerId('c1'));
    const found = await next.processes.open(reopened, init.pid);
    await next.compute.terminate(reopened);
    expect(await exitOf(next, { handle: found })).toBe(1067);
  });

  test('a process ends with a system that ends with its maker', async () => {
    const one = kept();
    const system = await startContainer(one, 'c1', { ShouldTerminateOnLastHandleClosed: true });
    await one.processes.create(system, { CommandLine: 'init' });
    endMaker();
    expect(kept().snapshot()).toEqual([]);
  });

  test('neither environments nor command lines are kept', async () => {
    const one = kept();
    const parameters = { CommandLine: 'init --token abc', Environment: { SECRET: 'def' } };
    const { pid } = await one.processes.create(await startContainer(one), parameters);
    expect(readFileSync(file(), 'utf8')).toContain(String(pid));
    expect(readFileSync(file(), 'utf8')).not.toMatch(/abc|def|SECRET/);
  });

  test('an exit is among the effects once, however often somebody looks', async () => {
    const clock = virtualClock();
    const one = kept({ clock, epoch: 0, processes: [{ match: 'job', afterMs: 10 }] });
    const system = await startContainer(one);
    await one.processes.create(system, { CommandLine: 'job' });
    clock.advance(10);
    one.snapshot();
    one.snapshot();
    await one.compute.processes(system);
    await one.compute.processes(system);
    expect(one.effects.filter(({ effect }) => effect === 'process.exit')).toHaveLength(1);
  });

  test('the size of a terminal is kept', async () => {
    const one = kept();
    const parameters = { CommandLine: 'init', EmulateConsole: true };
    const { handle, pid } = await one.processes.create(await startContainer(one), parameters);
    await one.processes.resize(handle, 30, 90);
    expect(kept().consoleSize(pid)).toEqual([30, 90]);
  });
});
