import { describe, expect, test } from '@jest/globals';
import { lifeFaultOf, startedLife, until } from '../support/lives.ts';
import { idle } from '../support/requests.ts';

describe('a shutdown', () => {
  test('asks first', async () => {
    const { host, container, init, nothingIsLeft } = await startedLife();
    expect(await container.shutdown()).toMatchObject({ how: 'graceful', exitCode: 0xc000013a });
    expect(await init.wait()).toEqual({ exitCode: 0xc000013a });
    const effects = host.effects.map(({ effect }) => effect);
    expect(effects).toContain('process.signal');
    expect(effects).not.toContain('system.terminate');
    await container.delete();
    await nothingIsLeft();
  });

  test('ends by force whoever does not listen, when its time is over', async () => {
    const { clock, container, nothingIsLeft } = await startedLife({ command: 'deaf' });
    const before = clock.now();
    expect(await container.shutdown({ timeoutMs: 7_000 })).toMatchObject({ how: 'forced' });
    expect(clock.now() - before).toBeGreaterThanOrEqual(7_000);
    await container.delete();
    await nothingIsLeft();
  });

  test('with no time ends at once', async () => {
    const { host, container, nothingIsLeft } = await startedLife();
    expect(await container.shutdown({ timeoutMs: 0 })).toMatchObject({ how: 'forced' });
    expect(host.effects.map(({ effect }) => effect)).not.toContain('process.signal');
    await container.delete();
    await nothingIsLeft();
  });

  test('that waits is cut short by one that does not', async () => {
    const { container, nothingIsLeft } = await startedLife({ command: 'deaf', autoAdvance: false });
    const patient = container.shutdown({ timeoutMs: 3_600_000 });
    await until(() => container.life.status === 'stopping');
    const [one, other] = await Promise.all([patient, container.shutdown({ timeoutMs: 0 })]);
    expect(one).toEqual(other);
    expect(one).toMatchObject({ how: 'forced' });
    await container.delete();
    await nothingIsLeft();
  });

  test('whose force does not help is told, and can be tried again', async () => {
    const { host, container, nothingIsLeft } = await startedLife();
    const failures: object[] = [];
    container.events$.subscribe((event) => {
      if (event.type === 'container.failed') failures.push(event.fault);
    });
    const mend = host.inject({ call: 'compute.terminate', when: 'before', every: true });
    expect(await lifeFaultOf(container.shutdown({ timeoutMs: 0 }))).toMatchObject({ code: 'access-denied' });
    expect(container.life.status).toBe('stuck');
    await idle();
    expect(failures).toMatchObject([{ code: 'access-denied', step: 'stopping' }]);
    mend();
    expect(await container.shutdown()).toMatchObject({ how: 'forced' });
    await container.delete();
    await nothingIsLeft();
  });

  test('whose calls never answer comes to its end', async () => {
    const { host, container, nothingIsLeft } = await startedLife();
    host.inject({ call: 'processes.signal', when: 'never' });
    host.inject({ call: 'compute.terminate', when: 'never' });
    expect(await lifeFaultOf(container.shutdown())).toMatchObject({ code: 'deadline-exceeded' });
    expect(container.life.status).toBe('stuck');
    await container.delete();
    host.answerPending();
    await nothingIsLeft();
  });

  test('with a signal that there is not is refused', async () => {
    const { container, nothingIsLeft } = await startedLife();
    expect(await lifeFaultOf(container.shutdown({ signal: 'SIGWHAT' }))).toMatchObject({ code: 'signal-unknown' });
    expect(container.life.status).toBe('running');
    await container.delete({ force: true });
    await nothingIsLeft();
  });

  test('of several callers is one', async () => {
    const { container, nothingIsLeft } = await startedLife();
    const exits = await Promise.all([container.shutdown(), container.shutdown(), container.wait()]);
    expect(new Set(exits.map((exit) => JSON.stringify(exit))).size).toBe(1);
    expect(await container.shutdown()).toEqual(exits[0]);
    const reports = await Promise.all([container.delete(), container.delete()]);
    expect(reports[0]).toEqual(reports[1]);
    await nothingIsLeft();
  });
});

describe('a container that is ended by others', () => {
  test('has ended unexpectedly, or as the host says', async () => {
    const { host, container, init, nothingIsLeft } = await startedLife();
    const other = host.attach();
    const handle = await other.compute.open(container.id);
    await other.compute.terminate(handle);
    await other.compute.close(handle);
    expect(await container.wait()).toMatchObject({ how: 'forced' });
    expect(await init.wait()).toBeDefined();
    await container.delete();
    await nothingIsLeft();
  });

  test('is deleted when its resources are released while it runs', async () => {
    const { container, init, nothingIsLeft } = await startedLife();
    const sleeper = await container.exec({ args: ['sleep'] });
    expect((await container.release()).residue).toEqual([]);
    expect(await container.wait()).toMatchObject({ how: 'forced' });
    expect(await sleeper.wait()).toBeDefined();
    expect(await init.wait()).toBeDefined();
    expect((await container.delete()).residue).toEqual([]);
    await nothingIsLeft();
  });
});

describe('a delete', () => {
  test('of what runs is refused, or forces it', async () => {
    const { container, nothingIsLeft } = await startedLife();
    expect(await lifeFaultOf(container.delete())).toMatchObject({
      code: 'wrong-state',
      method: 'delete',
      status: 'running',
    });
    expect((await container.delete({ force: true })).residue).toEqual([]);
    expect((await container.delete({ force: true })).residue).toEqual([]);
    await nothingIsLeft();
  });

  test('that leaves residue is told, and can be done again', async () => {
    const { host, container, nothingIsLeft } = await startedLife();
    const mend = host.inject({ call: 'layers.unprepare', when: 'before', every: true });
    const { residue } = await container.delete({ force: true });
    expect(residue.map(({ resource }) => resource.kind)).toContain('preparedLayer');
    expect(container.life.status).toBe('stopped');
    mend();
    expect((await container.delete()).residue).toEqual([]);
    await nothingIsLeft();
  });
});

describe('a pause', () => {
  test('stops it from running, until it is resumed', async () => {
    const { host, container, nothingIsLeft } = await startedLife({ canPause: true });
    const told: string[] = [];
    container.events$.subscribe(({ type }) => {
      if (type === 'container.paused' || type === 'container.resumed') told.push(type);
    });
    await Promise.all([container.pause(), container.pause()]);
    expect(container.life.status).toBe('paused');
    expect(await lifeFaultOf(container.exec({ args: ['echo'] }))).toMatchObject({
      code: 'wrong-state',
      status: 'paused',
    });
    await container.pause();
    await Promise.all([container.resume(), container.resume()]);
    await container.resume();
    expect(container.life.status).toBe('running');
    expect(host.effects.filter(({ effect }) => effect === 'system.pause')).toHaveLength(1);
    await container.pause();
    expect(await container.shutdown()).toMatchObject({ how: 'graceful' });
    await container.delete();
    await nothingIsLeft();
    expect(told).toEqual(['container.paused', 'container.resumed', 'container.paused']);
  });

  test('of one that cannot be paused says so, and it runs on', async () => {
    const { container, nothingIsLeft } = await startedLife();
    expect((await lifeFaultOf(container.pause())).message).toContain('HCS_E_SYSTEM_NOT_CONFIGURED_FOR_OPERATION');
    expect(container.life.status).toBe('running');
    await container.delete({ force: true });
    await nothingIsLeft();
  });

  test('that never answers is told; what comes of it later counts', async () => {
    const { host, container, nothingIsLeft } = await startedLife({ canPause: true });
    host.inject({ call: 'compute.pause', when: 'never' });
    expect(await lifeFaultOf(container.pause())).toMatchObject({ code: 'deadline-exceeded' });
    expect(container.life.status).toBe('pausing');
    host.answerPending();
    await until(() => container.life.status === 'paused');
    expect(container.life.fault).toBeUndefined();
    await container.delete({ force: true });
    await nothingIsLeft();
  });
});
