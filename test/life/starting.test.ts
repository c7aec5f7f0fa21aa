import { describe, expect, test } from '@jest/globals';
import { createdLife, lifeFaultOf, outputOf, startedLife, until } from '../support/lives.ts';

describe('a start', () => {
  test.each(['compute.start', 'processes.create'] as const)(
    'whose call %s fails is told, and the container has ended',
    async (call) => {
      const { host, container, nothingIsLeft } = await createdLife();
      host.inject({ call, when: 'before' });
      expect(await lifeFaultOf(container.start())).toMatchObject({ code: 'access-denied', method: 'start' });
      expect(await container.wait()).toMatchObject({ how: 'neverStarted' });
      expect(await lifeFaultOf(container.start())).toMatchObject({ code: 'wrong-state', status: 'stopped' });
      await container.delete();
      await nothingIsLeft();
    },
  );

  test.each(['compute.start', 'processes.create'] as const)('whose call %s never answers is given up', async (call) => {
    const { host, container, nothingIsLeft } = await createdLife();
    host.inject({ call, when: 'neverAfterEffect' });
    expect(await lifeFaultOf(container.start())).toMatchObject({ code: 'deadline-exceeded' });
    expect(container.life).toMatchObject({ status: 'stopped', exit: { how: 'neverStarted' } });
    await container.delete();
    host.answerPending();
    await nothingIsLeft();
  });

  test('of a program that there is not is told', async () => {
    const { container, nothingIsLeft } = await createdLife({ command: 'missing' });
    expect((await lifeFaultOf(container.start())).message).toContain('ERROR_FILE_NOT_FOUND');
    await container.delete();
    await nothingIsLeft();
  });

  test('of two callers is one', async () => {
    const { host, container, nothingIsLeft } = await createdLife();
    const [one, other] = await Promise.all([container.start(), container.start()]);
    expect(one).toBe(other);
    expect(await container.start()).toBe(one);
    expect(host.effects.filter(({ effect }) => effect === 'system.start')).toHaveLength(1);
    await container.delete({ force: true });
    await nothingIsLeft();
  });

  test('is ended by a shutdown in the middle of it', async () => {
    const { host, container, nothingIsLeft } = await createdLife();
    host.inject({ call: 'processes.create', when: 'never' });
    const started = lifeFaultOf(container.start());
    await until(() => host.pendingCalls > 0);
    expect(await container.shutdown()).toMatchObject({ how: 'neverStarted' });
    expect(await started).toMatchObject({ code: 'container-stopped' });
    host.answerPending();
    await container.delete();
    await nothingIsLeft();
  });

  test('is refused with findings when the process of the spec cannot be', async () => {
    const { container, nothingIsLeft } = await createdLife();
    expect(await lifeFaultOf(container.exec({ args: ['echo'] }))).toMatchObject({
      code: 'wrong-state',
      status: 'created',
    });
    await container.delete();
    expect(container.life.exit).toMatchObject({ how: 'neverStarted' });
    await nothingIsLeft();
  });
});

describe('a first process', () => {
  test('that exits by itself ends the container, with its output and its code', async () => {
    const { container, init, nothingIsLeft } = await startedLife({ command: 'short' });
    expect(await outputOf(init)).toBe('hello\n');
    expect(await init.wait()).toEqual({ exitCode: 3 });
    expect(await container.wait()).toMatchObject({ how: 'graceful', exitCode: 3 });
    expect(init.state).toEqual({ pid: init.pid, status: 'exited', exitCode: 3 });
    expect(await init.signal('TERM')).toBe(false);
    await container.delete();
    await nothingIsLeft();
  });

  test('whose system does not end by itself is followed by force', async () => {
    const { host, container, nothingIsLeft } = await startedLife({
      command: 'short',
      host: { refuseShutdown: ['web-1'] },
    });
    expect(await container.wait()).toMatchObject({ how: 'graceful', exitCode: 3 });
    expect(host.effects.map(({ effect }) => effect)).toContain('system.terminate');
    await container.delete();
    await nothingIsLeft();
  });
});
