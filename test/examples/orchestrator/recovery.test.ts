import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createProvisioner } from 'slipway';
import { add, aliveOn, manifestOf, newScene, reaches, type Scene, settled, stateOf } from './scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = newScene();
});
afterEach(() => scene.end());

const processesOf = (id: string): readonly string[] =>
  scene.host.snapshot().filter((line) => line.startsWith(`process ${id}/`));

test('a container runs on while its orchestrator is dead, and is taken up by the next one', async () => {
  const first = await scene.open();
  await add(first, manifestOf('web'));
  const { pid } = await reaches(first, 'web', 'running');
  const before = processesOf('web');
  const next = await scene.open();
  expect(await reaches(next, 'web', 'running')).toMatchObject({ pid, starts: 0 });
  expect(processesOf('web')).toEqual(before);
  expect(scene.host.effects.filter(({ effect }) => effect === 'system.create')).toHaveLength(1);
});

test('a create that was interrupted is rolled back, and the pod is created anew', async () => {
  scene.host.inject({ call: 'compute.create', when: 'neverAfterEffect' });
  const first = await scene.open();
  await add(first, manifestOf('web'));
  await stateOf(first, 'web', ({ path = '' }) => path.startsWith('creatingComputeSystem'));
  await settled(() => aliveOn(scene.host).includes('computeSystem web'));
  const next = await scene.open();
  expect(await reaches(next, 'web', 'running')).toMatchObject({ starts: 1 });
  expect(aliveOn(scene.host).filter((line) => line === 'computeSystem web')).toHaveLength(1);
});

test('what the host does not want to give back yet holds up its pod alone, which says so', async () => {
  const first = await scene.open();
  await add(first, manifestOf('web'));
  await add(first, manifestOf('other'));
  await reaches(first, 'web', 'running');
  await reaches(first, 'other', 'running');
  const heal = scene.host.inject({ call: 'layers.unprepare', when: 'before', every: true });
  const release = stateOf(first, 'web', ({ phase }) => phase === 'releasing');
  await first.delete('web');
  await release;
  const next = await scene.open();
  expect(await reaches(next, 'other', 'running')).toMatchObject({ starts: 0 });
  const waiting = await stateOf(next, 'web', ({ why }) => why?.code === 'residue');
  expect(waiting).toMatchObject({
    phase: 'recovering',
    why: { left: expect.arrayContaining([expect.stringMatching(/^prepared layer/)]) },
  });
  const gone = reaches(next, 'web', 'deleted');
  heal();
  await gone;
  expect(aliveOn(scene.host).filter((line) => line.includes('web'))).toEqual([]);
});

test('what belongs to nobody is released, and what is not ours is left alone', async () => {
  const stranger = await createProvisioner({ host: scene.host, clock: scene.clock });
  const { spec } = manifestOf('stranger');
  await stranger.create({ id: 'stranger', spec }).result;
  const strangers = aliveOn(scene.host);
  const first = await scene.open();
  await add(first, manifestOf('web'));
  await reaches(first, 'web', 'running');
  await rm(join(scene.folder, 'pods', 'web.json'));
  const next = await scene.open();
  await settled(() => aliveOn(scene.host).length === strangers.length);
  expect(aliveOn(scene.host)).toEqual(strangers);
  await settled(() => next.pods.length === 0);
});

test('a pod whose file cannot be read keeps its container, and nobody gets its name', async () => {
  const first = await scene.open();
  await add(first, manifestOf('web'));
  await reaches(first, 'web', 'running');
  const before = processesOf('web');
  writeFileSync(join(scene.folder, 'pods', 'web.json'), '{"format":1,"manif');
  const next = await scene.open();
  expect(next.unreadable).toEqual(['web']);
  await expect(add(next, manifestOf('web'))).rejects.toMatchObject({ code: 'pod-exists' });
  expect(processesOf('web')).toEqual(before);
});

test('a container that ended while nobody looked is judged by its policy', async () => {
  const first = await scene.open();
  for (const restart of ['always', 'never'] as const) await add(first, manifestOf(restart, 'serve', restart));
  await reaches(first, 'always', 'running');
  await reaches(first, 'never', 'running');
  first.close();
  scene.kill();
  for (const id of ['always', 'never'] as const) {
    const system = await scene.host.compute.open(first.pod(id).state.id as never);
    await scene.host.compute.terminate(system);
    await scene.host.compute.close(system);
  }
  const next = await scene.open();
  expect(await reaches(next, 'always', 'running')).toMatchObject({ starts: 1 });
  expect(await reaches(next, 'never', 'exited')).toMatchObject({ exit: { how: 'unexpected' } });
});

test('a drain stops everything, takes nothing on, and the next orchestrator goes on with it', async () => {
  await scene.end();
  scene = newScene('flows');
  const first = await scene.open({ graceMs: 1_000_000 });
  for (const command of ['serve', 'deaf', 'crash']) await add(first, manifestOf(command, command));
  await reaches(first, 'serve', 'running');
  await reaches(first, 'deaf', 'running');
  await stateOf(first, 'crash', ({ starts }) => starts > 1);
  const { stopped, left } = await first.drain(60_000);
  expect([[...stopped].sort(), left]).toEqual([['crash', 'deaf', 'serve'], []]);
  expect(aliveOn(scene.host)).toEqual([]);
  expect(first.pods.map(({ phase }) => phase)).toEqual(['drained', 'drained', 'drained']);
  await expect(add(first, manifestOf('late'))).rejects.toMatchObject({ code: 'draining' });
  const next = await scene.open();
  expect(await reaches(next, 'deaf', 'running')).toMatchObject({ starts: 1 });
});

test('a drain that is over before everything has stopped says what is left, and why', async () => {
  await scene.end();
  scene = newScene('flows');
  const orchestrator = await scene.open();
  await add(orchestrator, manifestOf('web'));
  await reaches(orchestrator, 'web', 'running');
  const heal = scene.host.inject({ call: 'network.deleteNamespace', when: 'before', every: true });
  const { stopped, left } = await orchestrator.drain(10_000);
  expect(stopped).toEqual([]);
  expect(left).toMatchObject([{ id: 'web', phase: 'releasing', why: { code: 'residue' } }]);
  heal();
  await reaches(orchestrator, 'web', 'drained');
});
