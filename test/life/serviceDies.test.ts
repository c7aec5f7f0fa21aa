import { describe, expect, test } from '@jest/globals';
import { createdLife, type LifeScene, lifeFaultOf, outputOf, startedLife, until } from '../support/lives.ts';
import { idle } from '../support/requests.ts';
import { CUT_OFFS } from '../support/serviceDeaths.ts';

async function away({ host, clock }: LifeScene, ms = 4_500): Promise<void> {
  await host.serviceDies();
  clock.setTimeout(() => host.serviceRestarts(), ms);
}

const isBack = ({ container }: LifeScene) => until(() => container.life.status !== 'reconciling');

describe('the compute service dies', () => {
  test('and is back: what runs is found again, with working handles', async () => {
    const scene = await startedLife();
    const { container, init } = scene;
    const sleeper = await container.exec({ args: ['sleep'] });
    const waiting = init.wait();
    await away(scene);
    await until(() => container.life.status === 'reconciling');
    expect(sleeper.state.status).toBe('running');
    expect(init.state.status).toBe('running');
    await isBack(scene);
    expect(container.life).toMatchObject({ status: 'running', pid: init.pid });
    const said = await container.exec({ args: ['short'] });
    expect(await outputOf(said)).toBe('hello\n');
    expect(await sleeper.signal('INT')).toBe(true);
    expect(await sleeper.wait()).toEqual({ exitCode: 0xc000013a });
    expect(container.init).toBe(init);
    expect(await init.signal('TERM')).toBe(true);
    expect(await waiting).toEqual({ exitCode: 0xc000013a });
    expect(await container.wait()).toMatchObject({ how: 'graceful', exitCode: 0xc000013a });
    await container.delete();
    await scene.nothingIsLeft();
  });

  test('and is back: a process that cannot be opened at once is opened all the same', async () => {
    const scene = await startedLife();
    const { host, container, init } = scene;
    const sleeper = await container.exec({ args: ['sleep'] });
    await away(scene);
    await until(() => container.life.status === 'reconciling');
    for (const nth of [2, 3]) host.inject({ call: 'processes.open', nth, when: 'before' });
    await isBack(scene);
    await idle();
    expect([init.state.status, sleeper.state.status]).toEqual(['running', 'running']);
    expect(await sleeper.signal('INT')).toBe(true);
    expect(await sleeper.wait()).toEqual({ exitCode: 0xc000013a });
    await container.delete({ force: true });
    await scene.nothingIsLeft();
  });

  test('again and again', async () => {
    const scene = await startedLife();
    for (let n = 0; n < 3; n += 1) {
      await away(scene);
      await until(() => scene.container.life.status === 'reconciling');
      await isBack(scene);
      expect(scene.init.state.status).toBe('running');
    }
    expect(await scene.container.shutdown()).toMatchObject({ how: 'graceful' });
    await scene.container.delete();
    await scene.nothingIsLeft();
  });

  test('and takes the systems along: it has ended unexpectedly', async () => {
    const scene = await startedLife();
    const sleeper = await scene.container.exec({ args: ['sleep'] });
    await scene.host.serviceDies({ systemsSurvive: false });
    scene.clock.setTimeout(() => scene.host.serviceRestarts(), 3_000);
    expect(await scene.container.wait()).toMatchObject({ how: 'unexpected' });
    expect(await sleeper.wait()).toEqual({});
    expect(await scene.init.wait()).toEqual({});
    await scene.container.delete();
    await scene.nothingIsLeft();
  });

  test('and is not back: it is unreachable, until it is asked again', async () => {
    const scene = await startedLife({ provisioner: { lifePatience: { reconcileAttempts: 3 } } });
    const { host, container, init } = scene;
    await host.serviceDies();
    await until(() => container.life.status === 'unreachable');
    expect(await lifeFaultOf(container.exec({ args: ['echo'] }))).toMatchObject({
      code: 'wrong-state',
      status: 'unreachable',
    });
    expect(await lifeFaultOf(container.shutdown())).toMatchObject({ code: 'service-disconnected' });
    host.serviceRestarts();
    expect(await container.shutdown()).toMatchObject({ how: 'graceful' });
    expect(await init.wait()).toEqual({ exitCode: 0xc000013a });
    await container.delete();
    await scene.nothingIsLeft();
  });

  test('when it is created: it can be started when the service is back', async () => {
    const scene = await createdLife();
    await away(scene);
    expect(await lifeFaultOf(scene.container.start())).toMatchObject({ code: 'service-disconnected' });
    await until(() => scene.container.life.status === 'created');
    await scene.container.start();
    expect(scene.container.life.status).toBe('running');
    await scene.container.delete({ force: true });
    await scene.nothingIsLeft();
  });

  test('when it is paused: it is paused still', async () => {
    const scene = await startedLife({ canPause: true });
    await scene.container.pause();
    await away(scene);
    await until(() => scene.container.life.status === 'reconciling');
    await isBack(scene);
    expect(scene.container.life.status).toBe('paused');
    await scene.container.resume();
    await scene.container.delete({ force: true });
    await scene.nothingIsLeft();
  });

  test('when it is to be shut down: it is asked again', async () => {
    const scene = await startedLife({ command: 'deaf' });
    const stopped = scene.container.shutdown({ timeoutMs: 60_000 });
    await until(() => scene.container.life.status === 'stopping');
    await away(scene);
    expect(await stopped).toMatchObject({ how: 'forced' });
    await scene.container.delete();
    await scene.nothingIsLeft();
  });
});

describe.each(CUT_OFFS)('the compute service dies at a call of a start, which is %s', (inFlight) => {
  test.each(['compute.properties', 'compute.start', 'processes.create', 'processes.properties'] as const)(
    '%s',
    async (call) => {
      const scene = await createdLife({ host: { latencies: 10 } });
      const { host, container } = scene;
      const started = container.start().then(
        () => 'done',
        (error: { readonly code: string }) => error.code,
      );
      await until(() => host.calls.some((one) => one.call === call && one.outcome === 'pending'));
      await host.serviceDies({ inFlight });
      scene.clock.setTimeout(() => host.serviceRestarts(), 4_500);
      expect(['done', 'service-disconnected', 'container-stopped']).toContain(await started);
      await isBack(scene);
      expect(['running', 'created', 'stopped']).toContain(container.life.status);
      await container.delete({ force: true });
      await scene.nothingIsLeft();
    },
  );
});
