import { describe, expect, test } from '@jest/globals';
import { containerId } from '../../../src/domain/ids.ts';
import { CALLS, type CallName } from '../../../src/testing/index.ts';
import { Life, mortalHost } from '../../conformance/mortal.ts';
import { idle } from '../../support/requests.ts';
import {
  ALL_PIPES,
  codeOf,
  exitOf,
  linuxContainer,
  type Running,
  runs,
  textOf,
  windowsContainer,
} from '../../support/runningSystems.ts';
import { VM } from '../../support/vmReplay.ts';

const PATIENT = { processes: [{ match: 'sh', forever: true, ignores: [1] }] };

/** Every call about a running system and its processes, with whether it would be answered well. */
async function callsOn({ host, system }: Running) {
  const init = await host.processes.create(system, {});
  const vm = await host.compute.open(VM);
  const { compute, processes } = host;
  const Settings = { Linux: { cpu: { shares: 512 } } };
  const GuestRequest = { ResourceType: 'ContainerConstraints', RequestType: 'Update', Settings } as const;
  const calls: ReadonlyArray<readonly [CallName, () => Promise<unknown>]> = [
    ['compute.statistics', () => compute.statistics(system)],
    ['compute.processes', () => compute.processes(system)],
    ['compute.modify', () => compute.modify(system, { GuestRequest })],
    ['processes.create', () => processes.create(system, { OCIProcess: { args: ['ls'] } })],
    ['processes.open', () => processes.open(system, init.pid)],
    ['processes.properties', () => processes.properties(init.handle)],
    ['processes.closeStdin', () => processes.closeStdin(init.handle)],
    ['processes.signal', () => processes.signal(init.handle, { Signal: 1 })],
    ['processes.close', () => processes.close(init.handle)],
    ['compute.pause', () => compute.pause(vm)],
    ['compute.resume', () => compute.resume(vm)],
    ['compute.shutdown', () => compute.shutdown(system)],
  ];
  return calls;
}

describe('each call', () => {
  test('can be made to fail before it has an effect, and then works', async () => {
    const running = await linuxContainer(PATIENT);
    for (const [name, call] of await callsOn(running)) {
      const before = running.host.effects.length;
      running.host.inject({ call: name, when: 'before' });
      expect([name, await codeOf(call())]).toEqual([name, 'ERROR_ACCESS_DENIED']);
      expect(running.host.effects).toHaveLength(before);
      expect([name, await codeOf(call())]).toEqual([name, 'accepted']);
      expect(running.host.effects.length > before).toBe(CALLS[name] === 'changes' && !name.endsWith('.close'));
    }
  });

  test('can be made not to answer until it is let go', async () => {
    const running = await linuxContainer(PATIENT);
    for (const [name, call] of await callsOn(running)) {
      running.host.inject({ call: name, when: 'never' });
      const pending = codeOf(call());
      await idle(2);
      expect([name, running.host.pendingCalls]).toEqual([name, 1]);
      running.host.answerPending();
      expect([name, await pending]).toEqual([name, 'accepted']);
    }
  });

  test('takes the time that it is said to take', async () => {
    const running = await windowsContainer({ latencies: { 'processes.create': 100 } });
    let isMade = false;
    const making = runs(running, 'init').then(() => {
      isMade = true;
    });
    running.clock.advance(99);
    await idle();
    expect(isMade).toBe(false);
    running.clock.advance(1);
    await making;
  });

  test('a create that has its effect and answers late gives its pipes all the same', async () => {
    const running = await windowsContainer({ processes: [{ match: 'greet', stdout: 'hello' }] });
    running.host.inject({ call: 'processes.create', when: 'neverAfterEffect' });
    const made = runs(running, 'greet');
    await idle();
    running.host.answerPending();
    const { stdout, handle } = await made;
    expect([await textOf(stdout), await exitOf(running.host, { handle })]).toEqual(['hello', 0]);
  });
});

describe('the service dies', () => {
  test('and handles with it; processes that survive are found again by their pids', async () => {
    const running = await windowsContainer({ processes: [{ match: 'cat', echo: true, exitCode: 6 }] });
    const { host, system } = running;
    const told: string[] = [];
    const cat = await runs(running, 'cat');
    host.onServiceDisconnect?.(() => told.push('the service is gone'));
    host.processes.onExit(cat.handle, () => told.push('an exit'));
    await host.serviceDies();
    expect(await codeOf(host.processes.properties(cat.handle))).toBe('RPC_S_SERVER_UNAVAILABLE');
    host.serviceRestarts();
    expect(await codeOf(host.processes.properties(cat.handle))).toBe('ERROR_INVALID_HANDLE');
    expect(await codeOf(host.compute.processes(system))).toBe('ERROR_INVALID_HANDLE');
    const again = await host.compute.open(containerId('c1'));
    const [found] = await host.compute.processes(again);
    expect(found?.ProcessId).toBe(cat.pid);
    const handle = await host.processes.open(again, cat.pid);
    // Pipes are no business of the service.
    await cat.stdin?.write(Buffer.from('x'));
    await cat.stdin?.close();
    expect([await textOf(cat.stdout), await exitOf(host, { handle }), told]).toEqual(['x', 6, ['the service is gone']]);
  });

  test('and takes systems and processes with it that do not survive', async () => {
    const running = await windowsContainer();
    const init = await runs(running, 'init');
    await running.host.serviceDies({ systemsSurvive: false });
    expect([await textOf(init.stdout), running.host.snapshot()]).toEqual(['', []]);
  });
});

describe('a process that dies', () => {
  test('is told of no exit, and reads and writes nothing more', async () => {
    const running = await windowsContainer({ processes: [{ match: 'cat', echo: true }] });
    const life = new Life();
    const host = mortalHost(running.host, life);
    const cat = await host.processes.create(running.system, { CommandLine: 'cat', ...ALL_PIPES });
    const heard: string[] = [];
    host.compute.onExit(running.system, () => heard.push('system'));
    host.processes.onExit(cat.handle, () => heard.push('process'));
    void cat.stdout?.read().then(() => heard.push('output'));
    life.die();
    void cat.stdin?.write(Buffer.from('x')).then(() => heard.push('written'));
    void host.processes.create(running.system, { CommandLine: 'more' }).then(() => heard.push('created'));
    await running.host.compute.terminate(running.system);
    await idle();
    expect(heard).toEqual([]);
    expect(running.host.effects.filter(({ effect }) => effect === 'process.create')).toHaveLength(1);
  });
});
