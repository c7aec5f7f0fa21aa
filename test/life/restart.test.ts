import { describe, expect, test } from '@jest/globals';
import { type Container, createProvisioner, memoryLedgerStore, type Provisioner } from '../../src/index.ts';
import { type SimulatedProcess, simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { lifeFaultOf, lifeRequest, outputOf, PROGRAMS, until } from '../support/lives.ts';
import { pretendedProcesses } from '../support/processes.ts';
import { hostOptions, idle, SCRATCH_LEFT } from '../support/requests.ts';

/** A host on which processes of ours come and go that share a journal. */
function setUpProcesses() {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...hostOptions(), processes: PROGRAMS, clock });
  const journal = memoryLedgerStore();
  const processes = pretendedProcesses();
  const open = new Map<string, SimulatedProcess>();
  const begin = (own: string): Promise<Provisioner> => {
    const process = host.attach();
    open.set(own, process);
    return createProvisioner({ host: process, journal, clock, processes: processes.named(own) });
  };
  const end = (own: string): void => {
    open.get(own)?.end();
    processes.end(own);
  };
  return { host, journal, begin, end };
}

async function createIn(provisioner: Provisioner, command: string, lifetime: 'process' | 'host' = 'host') {
  return provisioner.create({ ...lifeRequest({ command }), lifetime }).result;
}

/** The container as the next process finds it. */
async function foundBy(provisioner: Provisioner): Promise<Container> {
  await provisioner.recover();
  const { runs } = await provisioner.runs();
  const [run] = runs;
  if (run === undefined) throw new Error('there is no run');
  return (await (await provisioner.takeUp(run.provisionId)).result).container;
}

async function nothingIsLeft(container: Container, host: ReturnType<typeof simulatedHost>): Promise<void> {
  await container.delete({ force: true });
  await idle();
  expect(host.snapshot()).toEqual(SCRATCH_LEFT);
}

describe('a process that takes up what another one has left', () => {
  test('finds a container that runs, with its first process, and works with it', async () => {
    const { host, begin, end } = setUpProcesses();
    const { container: before } = await createIn(await begin('first'), 'serve');
    const { pid } = await before.start();
    end('first');
    const container = await foundBy(await begin('second'));
    expect(container.life).toMatchObject({ status: 'running', pid });
    expect(container.init).toMatchObject({ pid, stdin: undefined, stdout: undefined, stderr: undefined });
    expect(await outputOf(await container.exec({ args: ['short'] }))).toBe('hello\n');
    expect(await container.shutdown()).toMatchObject({ how: 'graceful', exitCode: 0xc000013a });
    expect(await container.init?.wait()).toEqual({ exitCode: 0xc000013a });
    await nothingIsLeft(container, host);
  });

  test('finds one that was never started, and starts it with the spec that it was made from', async () => {
    const { host, begin, end } = setUpProcesses();
    await createIn(await begin('first'), 'serve');
    end('first');
    const second = await begin('second');
    const [run] = (await second.runs()).runs;
    if (run === undefined) throw new Error('there is no run');
    const { spec } = lifeRequest({ command: 'serve' });
    const { container } = await (await second.takeUp(run.provisionId, { spec })).result;
    expect(container.life.status).toBe('created');
    await container.start();
    await nothingIsLeft(container, host);
  });

  test('does not start one without the variables that the journal does not keep', async () => {
    const { host, begin, end } = setUpProcesses();
    await createIn(await begin('first'), 'serve');
    end('first');
    const container = await foundBy(await begin('second'));
    expect(await lifeFaultOf(container.start())).toMatchObject({
      findings: [{ code: 'process-env-unknown', pointer: '/spec/process/env' }],
    });
    await nothingIsLeft(container, host);
  });

  test('finds that the first process has exited meanwhile', async () => {
    const { host, begin, end } = setUpProcesses();
    const { container: before } = await createIn(await begin('first'), 'serve');
    const { pid } = await before.start();
    end('first');
    const other = host.attach();
    const system = await other.compute.open(before.id);
    const handle = await other.processes.open(system, pid);
    await other.processes.terminate(handle);
    await other.processes.close(handle);
    await other.compute.close(system);
    const container = await foundBy(await begin('second'));
    expect(await container.wait()).toMatchObject({ how: 'graceful' });
    await nothingIsLeft(container, host);
  });

  test('knows how one had ended before', async () => {
    const { host, begin, end } = setUpProcesses();
    const { container: before } = await createIn(await begin('first'), 'short');
    await before.start();
    const exit = await before.wait();
    end('first');
    const second = await begin('second');
    const { runs } = await second.runs();
    expect(runs[0]?.life).toMatchObject({ status: 'stopped', how: 'graceful', exitCode: 3 });
    const [run] = runs;
    if (run === undefined) throw new Error('there is no run');
    const { container } = await (await second.takeUp(run.provisionId)).result;
    expect(container.life).toMatchObject({ status: 'stopped', exit });
    expect(await container.wait()).toEqual(exit);
    await nothingIsLeft(container, host);
  });

  test('cannot say which process is the first of one whose start was interrupted', async () => {
    const { host, begin, end } = setUpProcesses();
    const { container: before } = await createIn(await begin('first'), 'serve');
    host.inject({ call: 'processes.create', when: 'neverAfterEffect' });
    before.start().catch(() => {});
    await until(() => host.calls.some(({ call }) => call === 'processes.create'));
    end('first');
    const container = await foundBy(await begin('second'));
    expect(container.life).toMatchObject({ status: 'running', path: 'alive.unattended' });
    expect(container.init).toBeUndefined();
    expect(await lifeFaultOf(container.start())).toMatchObject({ code: 'container-moved-on' });
    expect(await lifeFaultOf(container.signal('TERM'))).toMatchObject({ code: 'container-moved-on' });
    const { fault } = Object(await lifeFaultOf(container.pause()));
    expect(fault).toMatchObject({ code: 'container-moved-on', transient: false, step: 'pausing' });
    expect(await container.shutdown()).toMatchObject({ how: 'graceful' });
    await nothingIsLeft(container, host);
  });

  test('finds nothing of one that lived as long as its process', async () => {
    const { host, begin, end } = setUpProcesses();
    const { container } = await createIn(await begin('first'), 'serve', 'process');
    await container.start();
    end('first');
    const { runs } = await (await begin('second')).recover();
    expect(runs).toMatchObject([{ action: 'release', outcome: 'done', residue: [] }]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });
});

test.each(['processes.open', 'processes.properties', 'compute.properties'] as const)(
  'a host that does not answer %s at once does not end what runs',
  async (call) => {
    const { host, begin, end } = setUpProcesses();
    const { container: before } = await createIn(await begin('first'), 'serve');
    await before.start();
    end('first');
    host.inject({ call, when: 'before' });
    const container = await foundBy(await begin('second'));
    await until(() => container.life.status === 'running');
    expect(await outputOf(await container.exec({ args: ['short'] }))).toBe('hello\n');
    await nothingIsLeft(container, host);
  },
);
