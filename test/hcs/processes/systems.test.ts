import { describe, expect, test } from '@jest/globals';
import { containerId } from '../../../src/domain/ids.ts';
import type { SystemExit } from '../../../src/domain/process.ts';
import { idle } from '../../support/requests.ts';
import {
  ALL_PIPES,
  codeOf,
  exitOf,
  linuxContainer,
  type Running,
  runs,
  startContainer,
  windowsContainer,
} from '../../support/runningSystems.ts';
import { VM } from '../../support/vmReplay.ts';

const stateOf = async ({ host, system }: Running) => (await host.compute.properties(system)).State;

/** What is told of the exits of a system from now on. */
function exitsOf({ host, system }: Pick<Running, 'host' | 'system'>): SystemExit[] {
  const exits: SystemExit[] = [];
  host.compute.onExit(system, (exit) => exits.push(exit));
  return exits;
}

describe('a system that is shut down', () => {
  test('ends at once when nothing runs in it', async () => {
    const running = await windowsContainer();
    const exits = exitsOf(running);
    await running.host.compute.shutdown(running.system);
    expect([await stateOf(running), exits]).toEqual(['Stopped', [{ Status: 0, ExitType: 'GracefulExit' }]]);
    expect(await codeOf(running.host.compute.shutdown(running.system))).toBe('HCS_E_SYSTEM_ALREADY_STOPPED');
    expect(running.host.snapshot()).toEqual(['handle.computeSystem c1']);
  });

  test('ends with the last of its processes, which are told', async () => {
    const running = await windowsContainer({
      processes: [{ match: 'slow', forever: true, on: { CtrlShutdown: { exitCode: 3, afterMs: 500 } } }],
    });
    const { host, system, clock } = running;
    const [init, slow] = [await runs(running, 'init.exe'), await runs(running, 'slow.exe')];
    const exits = exitsOf(running);
    await host.compute.shutdown(system);
    expect(await exitOf(host, init)).toBe(0xc000013a);
    expect([await stateOf(running), exits]).toEqual(['Running', []]);
    clock.advance(500);
    expect(await exitOf(host, slow)).toBe(3);
    expect(await stateOf(running)).toBe('Stopped');
    expect(exits).toEqual([{ Status: 0, ExitType: 'GracefulExit' }]);
  });

  test('may take it and go on: a process that ignores it, or a system that refuses', async () => {
    const ignoring = await windowsContainer({
      processes: [{ match: 'init', forever: true, ignores: ['CtrlShutdown'] }],
    });
    await runs(ignoring, 'init.exe');
    const refusing = await windowsContainer({ refuseShutdown: ['C1'] });
    for (const running of [ignoring, refusing]) {
      await running.host.compute.shutdown(running.system);
      await idle();
      expect(await stateOf(running)).toBe('Running');
      const exits = exitsOf(running);
      await running.host.compute.terminate(running.system);
      expect(exits).toEqual([{ Status: 0, ExitType: 'ForcedExit' }]);
    }
  });

  test('must run', async () => {
    const { host } = await windowsContainer();
    const system = await host.compute.open(containerId('c1'));
    await host.compute.terminate(system);
    expect(await codeOf(host.compute.shutdown(system))).toBe('HCS_E_SYSTEM_ALREADY_STOPPED');
    expect(await codeOf(host.compute.start(system))).toBe('HCS_E_SYSTEM_ALREADY_STOPPED');
  });
});

describe('an exit', () => {
  test('is told once to each handle of each process, and not to one that is closed or has asked too late', async () => {
    const running = await windowsContainer();
    const { host, system } = running;
    const other = host.attach();
    const theirs = await other.compute.open(containerId('c1'));
    const told: string[] = [];
    host.compute.onExit(system, () => told.push('mine'));
    other.compute.onExit(theirs, () => told.push('theirs'));
    host.compute.onExit(theirs, () => told.push('with a handle of another process'));
    host.compute.onExit(system, () => told.push('not wanted'))();
    const closed = await host.compute.open(containerId('c1'));
    host.compute.onExit(closed, () => told.push('closed'));
    await host.compute.close(closed);
    const ended = host.attach();
    ended.compute.onExit(await ended.compute.open(containerId('c1')), () => told.push('ended'));
    ended.end();
    await host.compute.terminate(system);
    host.compute.onExit(system, () => told.push('too late'));
    await idle();
    expect(told.sort()).toEqual(['mine', 'theirs']);
  });

  test('comes with the last handle, where the system was made so, and takes its processes', async () => {
    const { host } = await windowsContainer();
    const system = await startContainer(host, 'c2', { ShouldTerminateOnLastHandleClosed: true });
    const exits = exitsOf({ host, system });
    const process = await host.processes.create(system, { CommandLine: 'init.exe' });
    expect(host.snapshot()).toContain(`process c2/${process.pid}`);
    await host.compute.close(system);
    expect(await exitOf(host, process)).toBe(1067);
    expect([exits, host.snapshot().filter((line) => line.includes('c2/'))]).toEqual([
      [],
      [`handle.process c2/${process.pid}`],
    ]);
  });

  test('of a VM takes its containers, which end unexpectedly', async () => {
    const running = await linuxContainer();
    const { host, system } = running;
    const init = await host.processes.create(system, ALL_PIPES);
    const exits = exitsOf(running);
    const vm = await host.compute.open(VM);
    const ofVm = exitsOf({ host, system: vm });
    await host.vmExits(VM);
    expect([exits, ofVm]).toEqual([1, 2].map(() => [{ Status: 0x80370106 | 0, ExitType: 'UnexpectedExit' }]));
    expect(await exitOf(host, init)).toBe(137);
    expect(host.snapshot().filter((line) => line.startsWith('process '))).toEqual([]);
  });

  test('of a VM that is shut down is a graceful one', async () => {
    const running = await linuxContainer();
    const vm = await running.host.compute.open(VM);
    const [ofVm, ofContainer] = [exitsOf({ host: running.host, system: vm }), exitsOf(running)];
    await running.host.compute.shutdown(vm);
    expect([ofVm[0]?.ExitType, ofContainer[0]?.ExitType]).toEqual(['GracefulExit', 'UnexpectedExit']);
  });
});

describe('a pause', () => {
  test('is for VMs alone', async () => {
    const { host, system } = await windowsContainer();
    expect(await codeOf(host.compute.pause(system))).toBe('HCS_E_SYSTEM_NOT_CONFIGURED_FOR_OPERATION');
    expect(await codeOf(host.compute.resume(system))).toBe('HCS_E_SYSTEM_NOT_CONFIGURED_FOR_OPERATION');
  });

  test('keeps what is in a VM from going on', async () => {
    const running = await linuxContainer({ processes: [{ match: 'sh', afterMs: 100, exitCode: 4 }] });
    const { host, system, clock } = running;
    const init = await host.processes.create(system, {});
    const vm = await host.compute.open(VM);
    expect(await codeOf(host.compute.resume(vm))).toBe('HCS_E_INVALID_STATE');
    await host.compute.pause(vm);
    expect((await host.compute.properties(vm)).State).toBe('Paused');
    expect(await codeOf(host.compute.pause(vm))).toBe('HCS_E_INVALID_STATE');
    clock.advance(1000);
    await idle();
    expect((await host.processes.properties(init.handle)).Exited).toBe(false);
    expect(await codeOf(host.processes.create(system, { OCIProcess: { args: ['ls'] } }))).toBe('HCS_E_INVALID_STATE');
    await host.compute.resume(vm);
    expect(await exitOf(host, init)).toBe(4);
  });
});

describe('what a system tells of itself', () => {
  test('grows with time and with what runs', async () => {
    const running = await windowsContainer({ processes: [{ match: 'short', afterMs: 500 }] });
    const { host, system, clock } = running;
    await runs(running, '"C:\\Program Files\\init.exe" -a');
    const short = await runs(running, 'short.exe');
    const first = await host.compute.statistics(system);
    clock.advance(500);
    await exitOf(host, short);
    clock.advance(500);
    const second = await host.compute.statistics(system);
    expect(second.Timestamp).toBe('1970-01-01T00:00:01.000Z');
    expect([first.Uptime100ns, second.Uptime100ns]).toEqual([0, 10_000_000]);
    // One that runs for a second, and one that ran for half of it, each with 7% of a processor.
    expect([first, second].map(({ Processor }) => Processor?.TotalRuntime100ns)).toEqual([0, 1_050_000]);
    expect(second.Memory?.MemoryUsageCommitPeakBytes).toBe(first.Memory?.MemoryUsageCommitBytes);
    expect(second.Memory?.MemoryUsageCommitBytes).toBeLessThan(first.Memory?.MemoryUsageCommitBytes ?? 0);
    expect(await host.compute.processes(system)).toMatchObject([
      { ImageName: 'init.exe', CreateTimestamp: '1970-01-01T00:00:00.000Z', UserTime100ns: 500_000 },
    ]);
  });

  test('it does not tell before it runs, or afterwards', async () => {
    const { host, system } = await windowsContainer();
    await host.compute.terminate(system);
    for (const call of [host.compute.statistics(system), host.compute.processes(system)]) {
      expect(await codeOf(call)).toBe('HCS_E_SYSTEM_ALREADY_STOPPED');
    }
  });
});

describe('the limits of a system that runs', () => {
  const update = (ResourcePath: string, Settings: object | number) =>
    ({ ResourcePath, RequestType: 'Update', Settings }) as const;

  test.each([
    ['accepted', update('Container/Memory/SizeInMB', 512)],
    ['ERROR_INVALID_PARAMETER', update('Container/Memory/SizeInMB', 0)],
    ['accepted', update('Container/Processor', { Maximum: 5000 })],
    ['ERROR_INVALID_PARAMETER', update('Container/Processor', { Maximum: 5000, Weight: 1 })],
    ['ERROR_INVALID_PARAMETER', update('Container/Processor', { Maximum: 20_000 })],
    ['ERROR_INVALID_PARAMETER', update('Container/Processor', { Speed: 1 })],
    ['ERROR_NOT_SUPPORTED', update('Container/Surprise', {})],
    ['ERROR_NOT_SUPPORTED', { ...update('Container/Processor', { Maximum: 1 }), RequestType: 'Add' } as const],
  ])('%s: %j', async (code, request) => {
    const { host, system } = await windowsContainer();
    expect(await codeOf(host.compute.modify(system, request))).toBe(code);
    expect(host.effects.at(-1)?.effect).toBe(code === 'accepted' ? 'system.modify' : 'system.start');
  });

  test('are those of a VM, and in a VM its guest is told', async () => {
    const { host, system } = await linuxContainer();
    const vm = await host.compute.open(VM);
    const memory = update('VirtualMachine/ComputeTopology/Memory/SizeInMB', 2048);
    expect(await codeOf(host.compute.modify(vm, memory))).toBe('accepted');
    expect(await codeOf(host.compute.modify(vm, { ...memory, Settings: 3 }))).toBe('ERROR_INVALID_PARAMETER');
    expect(await codeOf(host.compute.modify(system, update('Container/Memory/SizeInMB', 512)))).toBe(
      'ERROR_INVALID_PARAMETER',
    );
    const Settings = { Linux: { cpu: { shares: 512 } } };
    const GuestRequest = { ResourceType: 'ContainerConstraints', RequestType: 'Update', Settings } as const;
    expect(await codeOf(host.compute.modify(system, { GuestRequest }))).toBe('accepted');
  });

  test('are not changed before it runs', async () => {
    const { host, system } = await windowsContainer();
    await host.compute.terminate(system);
    const request = update('Container/Memory/SizeInMB', 512);
    expect(await codeOf(host.compute.modify(system, request))).toBe('HCS_E_SYSTEM_ALREADY_STOPPED');
  });
});

test('an effect of a call that is made to fail afterwards stays', async () => {
  const { host, system } = await windowsContainer();
  host.inject({ call: 'compute.shutdown', when: 'after' });
  expect(await codeOf(host.compute.shutdown(system))).toBe('ERROR_ACCESS_DENIED');
  expect((await host.compute.properties(system)).State).toBe('Stopped');
});
