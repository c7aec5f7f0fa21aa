import { describe, expect, jest, test } from '@jest/globals';
import {
  createProvisioner,
  memoryLedgerStore,
  type Provisioner,
  type ProvisionerOptions,
  type Recovery,
} from '../../src/index.ts';
import { type SimulatedProcess, simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { pretendedProcesses } from '../support/processes.ts';
import { faultOf, fullRequest, hostOptions, SCRATCH_LEFT } from '../support/requests.ts';

/** A host on which processes come and go that share a journal. */
function setUpProcesses() {
  const host = simulatedHost(hostOptions());
  const journal = memoryLedgerStore();
  const processes = pretendedProcesses();
  const open = new Map<string, SimulatedProcess>();
  const start = (own: string, options: Partial<ProvisionerOptions> = {}): Promise<Provisioner> => {
    const process = host.attach();
    open.set(own, process);
    return createProvisioner({ host: process, journal, processes: processes.named(own), ...options });
  };
  const end = (own: string): void => {
    open.get(own)?.end();
    processes.end(own);
  };
  return { host, journal, start, end };
}

const saidOf = ({ runs }: Recovery) => runs.map(({ action, outcome }) => [action, outcome]);

/** A create in a process that ends while one of its calls has not answered. */
async function interruptedCreate(call: 'layers.prepare' | 'compute.create') {
  const scene = setUpProcesses();
  const { host, start, end } = scene;
  // Its clock stands still: the call that never answers keeps no timer that would outlive the test.
  const first = await start('first', { clock: virtualClock() });
  host.inject({ call, when: 'neverAfterEffect' });
  const { id } = first.create({ ...fullRequest(), lifetime: 'host' });
  while (host.pendingCalls === 0) await new Promise((resolve) => setImmediate(resolve));
  end('first');
  return { ...scene, id };
}

describe('a recovery', () => {
  test('rolls back a create that was interrupted, and has then nothing to do', async () => {
    const { host, start } = await interruptedCreate('compute.create');
    expect(host.snapshot()).toContain('computeSystem web-1');
    const second = await start('second');
    const recovery = await second.recover();
    expect(saidOf(recovery)).toEqual([['rollBack', 'done']]);
    expect(recovery.runs[0]?.released.length).toBeGreaterThan(5);
    expect(host.snapshot()).toEqual([]);
    expect(await second.recover()).toEqual({ runs: [], unreadable: [] });
    const { container } = await second.create(fullRequest()).result;
    await container.release();
  });

  test('says what it would do, and does nothing', async () => {
    const { host, journal, start, id } = await interruptedCreate('layers.prepare');
    const [before, lines] = [host.snapshot(), await journal.read(id)];
    const recovery = await (await start('second')).recover({ dryRun: true });
    expect(recovery.runs).toMatchObject([{ action: 'rollBack', because: 'its create was interrupted', residue: [] }]);
    expect(recovery.runs[0]).not.toHaveProperty('outcome');
    expect(host.snapshot()).toEqual(before);
    expect(await journal.read(id)).toEqual(lines);
  });

  test('is done once, however many do it', async () => {
    const { host, start } = await interruptedCreate('layers.prepare');
    const others = await Promise.all(['second', 'third', 'fourth'].map((own) => start(own)));
    const recoveries = await Promise.all(others.map((other) => other.recover()));
    const outcomes = recoveries.flatMap(({ runs }) => runs.map(({ outcome, action }) => `${action} ${outcome}`)).sort();
    expect(outcomes.filter((outcome) => outcome === 'rollBack done')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome !== 'rollBack done').join()).toMatch(
      /^((rollBack takenByAnother|leave done),?)*$/,
    );
    expect(host.snapshot()).toEqual([]);
  });

  test('leaves alone what a living process drives', async () => {
    const { host, start } = setUpProcesses();
    const first = await start('first');
    const { container } = await first.create(fullRequest()).result;
    const before = host.snapshot();
    const second = await start('second');
    expect(saidOf(await second.recover())).toEqual([['leave', 'done']]);
    expect(host.snapshot()).toEqual(before);
    expect(await container.release()).toMatchObject({ residue: [] });
  });

  test('adopts a container that outlived its process', async () => {
    const { host, start, end } = setUpProcesses();
    await (await start('first')).create({ ...fullRequest(), lifetime: 'host' }).result;
    end('first');
    const second = await start('second');
    expect(saidOf(await second.recover())).toEqual([['adopt', 'done']]);
    for await (const [provision] of second.provisions$) {
      expect(provision?.containerId).toBe('web-1');
      expect(await (await provision?.result)?.container.release()).toMatchObject({ residue: [] });
      break;
    }
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('leaves no handle open with which it has looked', async () => {
    const { host, start, end } = setUpProcesses();
    await (await start('first')).create({ ...fullRequest(), lifetime: 'host' }).result;
    end('first');
    const second = await start('second');
    host.inject({ call: 'compute.close', when: 'before' });
    await second.recover();
    for await (const [provision] of second.provisions$) {
      await (await provision?.result)?.container.release();
      break;
    }
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('gives back what a container stood on that ended with its process', async () => {
    const { host, start, end } = setUpProcesses();
    await (await start('first')).create({ ...fullRequest(), lifetime: 'process' }).result;
    end('first');
    expect(host.snapshot()).not.toContain('computeSystem web-1');
    expect(saidOf(await (await start('second')).recover())).toEqual([['release', 'done']]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('tries residue again, and names what is left', async () => {
    const { host, start, end } = setUpProcesses();
    const mend = host.inject({ call: 'layers.unprepare', when: 'before', every: true });
    const { container } = await (await start('first')).create(fullRequest()).result;
    await container.release();
    end('first');
    const again = await (await start('second')).recover();
    expect(saidOf(again)).toEqual([['retry', 'residue']]);
    expect(again.runs[0]?.residue).not.toEqual([]);
    end('second');
    mend();
    expect(saidOf(await (await start('third')).recover())).toEqual([['retry', 'done']]);
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
  });
});

describe('what a failed create was told to keep', () => {
  async function held(leaseMs: number) {
    const scene = setUpProcesses();
    scene.host.inject({ call: 'compute.create', when: 'before' });
    const first = await scene.start('first', { patience: { leaseMs } });
    const provision = first.create({ ...fullRequest(), keepOnFailure: true });
    const fault = await faultOf(provision.result);
    return { ...scene, provision, fault };
  }

  test('is held until its lease runs out, also without anybody who asks', async () => {
    const { host, provision } = await held(50);
    expect(host.snapshot()).not.toEqual([]);
    const seen: string[] = [];
    provision.events$.subscribe(({ type }) => seen.push(type));
    while (provision.state.status !== 'failed') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(host.snapshot()).toEqual([]);
    expect(seen).toContain('lease.expired');
  });

  test('is kept by a recovery as long as the lease runs', async () => {
    const { host, start, end } = await held(3_600_000);
    end('first');
    const before = host.snapshot();
    const { runs } = await (await start('second')).recover();
    expect(runs).toMatchObject([{ action: 'keep', outcome: 'done' }]);
    expect(Date.parse(runs[0]?.run.heldUntil ?? '') - Date.now()).toBeGreaterThan(3_500_000);
    expect(host.snapshot()).toEqual(before);
  });

  test('is released by a recovery after that', async () => {
    const { host, start, end } = await held(3_600_000);
    end('first');
    const later = Date.now() + 4_000_000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(later);
    const { runs } = await (await start('second')).recover();
    clock.mockRestore();
    expect(runs).toMatchObject([{ action: 'release', outcome: 'done' }]);
    expect(host.snapshot()).toEqual([]);
  });
});
