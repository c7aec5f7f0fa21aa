import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { expectNothingLeft } from 'slipway/testing';
import type { Orchestrator } from '../../../examples/orchestrator/orchestrator.ts';
import { add, aliveOn, manifestOf, newScene, reaches, type Scene, stateOf } from './scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = newScene();
});
afterEach(() => scene.end());

/** How long each wait before a new try has been, by the clock of the host. */
function waitsOf(orchestrator: Orchestrator): readonly number[] {
  const waits: number[] = [];
  let since = 0;
  orchestrator.changes$.subscribe(({ phase }) => {
    if (phase === 'backingOff') since = scene.clock.now();
    if (phase === 'queued' && since > 0) waits.push(scene.clock.now() - since);
  });
  return waits;
}

test('a pod is created, runs, and leaves nothing when it is deleted', async () => {
  const orchestrator = await scene.open();
  expect(await add(orchestrator, manifestOf('web'))).toMatchObject({ id: 'web', restart: 'always' });
  expect(await reaches(orchestrator, 'web', 'running')).toMatchObject({ starts: 1, pid: expect.any(Number) });
  expect(aliveOn(scene.host)).toContain('computeSystem web');
  const gone = reaches(orchestrator, 'web', 'deleted');
  await orchestrator.delete('web');
  await gone;
  expect(orchestrator.pods).toEqual([]);
  await expectNothingLeft(scene.host, { except: [/^disk\./] });
});

test('a pod that is always wanted is started again, each time later, up to the ceiling', async () => {
  const backOff = { baseMs: 1_000, ceilingMs: 4_000, steadyMs: 60_000 };
  const orchestrator = await scene.open({ backOff });
  const waits = waitsOf(orchestrator);
  await add(orchestrator, manifestOf('web', 'job'));
  await stateOf(orchestrator, 'web', ({ starts }) => starts >= 6);
  expect(waits.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 4_000, 4_000]);
});

test('a run that was steady is the first one again', async () => {
  const orchestrator = await scene.open({ backOff: { baseMs: 1_000, ceilingMs: 64_000, steadyMs: 40 } });
  const waits = waitsOf(orchestrator);
  await add(orchestrator, manifestOf('web', 'job'));
  await stateOf(orchestrator, 'web', ({ starts }) => starts >= 4);
  expect(waits.slice(0, 3)).toEqual([1_000, 1_000, 1_000]);
});

test('on failure: what ends well is at its end, what does not is started again', async () => {
  const orchestrator = await scene.open();
  await add(orchestrator, manifestOf('good', 'job', 'onFailure'));
  await add(orchestrator, manifestOf('bad', 'crash', 'onFailure'));
  expect(await reaches(orchestrator, 'good', 'exited')).toMatchObject({ starts: 1, exit: { exitCode: 0 } });
  expect(await stateOf(orchestrator, 'bad', ({ starts }) => starts >= 3)).toMatchObject({ exit: { exitCode: 3 } });
});

test('never: it is started once, also by the orchestrators that come after', async () => {
  const orchestrator = await scene.open();
  await add(orchestrator, manifestOf('once', 'crash', 'never'));
  const ended = await reaches(orchestrator, 'once', 'exited');
  expect(ended).toMatchObject({ starts: 1, exit: { how: 'graceful', exitCode: 3 } });
  const next = await scene.open();
  expect(await reaches(next, 'once', 'exited')).toMatchObject({ starts: 0, exit: ended.exit });
  expect(aliveOn(scene.host)).toEqual([]);
});

test('a failure that will not go away says why, and is not tried again', async () => {
  scene.host.inject({ call: 'compute.create', when: 'before' });
  const orchestrator = await scene.open();
  await add(orchestrator, manifestOf('web'));
  const { why } = await reaches(orchestrator, 'web', 'failed');
  expect(why).toMatchObject({ code: 'access-denied', step: 'creatingComputeSystem', transient: false });
  expect(why?.hint).not.toBe('');
  expect(aliveOn(scene.host)).toEqual([]);
  const next = await scene.open();
  expect(await reaches(next, 'web', 'failed')).toMatchObject({ why });
});

test('a failure that may go away is tried again, and says meanwhile why', async () => {
  scene.host.inject({ call: 'compute.create', when: 'after', hresult: 0x80070015 });
  scene.host.inject({ call: 'network.createNamespace', when: 'before', hresult: 0x80070015 });
  const orchestrator = await scene.open();
  const waiting = reaches(orchestrator, 'web', 'backingOff');
  await add(orchestrator, manifestOf('web'));
  expect((await waiting).why).toMatchObject({ code: 'host-call-failed', transient: true });
  const { why } = await reaches(orchestrator, 'web', 'running');
  expect(why).toBeUndefined();
});

test('what cannot be given back is tried until it can, and the pod says what is left', async () => {
  const orchestrator = await scene.open();
  await add(orchestrator, manifestOf('web'));
  await reaches(orchestrator, 'web', 'running');
  const heal = scene.host.inject({ call: 'network.deleteNamespace', when: 'before', every: true });
  const gone = reaches(orchestrator, 'web', 'deleted');
  const stuck = stateOf(orchestrator, 'web', ({ why }) => why !== undefined);
  await orchestrator.delete('web');
  expect(await stuck).toMatchObject({
    phase: 'releasing',
    why: { code: 'residue', left: [expect.stringMatching(/^namespace /)], host: 'ERROR_ACCESS_DENIED' },
  });
  heal();
  await gone;
  expect(aliveOn(scene.host)).toEqual([]);
});

test('a pod that is deleted while it is created is cancelled, and leaves nothing', async () => {
  scene.host.inject({ call: 'compute.create', when: 'never' });
  const orchestrator = await scene.open();
  await add(orchestrator, manifestOf('web'));
  await stateOf(orchestrator, 'web', ({ path = '' }) => path.startsWith('creatingComputeSystem'));
  const gone = reaches(orchestrator, 'web', 'deleted');
  await orchestrator.delete('web');
  await stateOf(orchestrator, 'web', ({ why }) => why !== undefined);
  scene.host.answerPending();
  await gone;
  expect(aliveOn(scene.host)).toEqual([]);
});

test('only so many pods are created at once, and one that waits leaves at once', async () => {
  await scene.end();
  scene = newScene('stands');
  scene.host.inject({ call: 'compute.create', when: 'never' });
  const orchestrator = await scene.open({ atOnce: 1 });
  await add(orchestrator, manifestOf('first'));
  await stateOf(orchestrator, 'first', ({ path = '' }) => path.startsWith('creatingComputeSystem'));
  await add(orchestrator, manifestOf('second'));
  expect(await reaches(orchestrator, 'second', 'queued')).toMatchObject({ starts: 0 });
  const gone = reaches(orchestrator, 'second', 'deleted');
  await orchestrator.delete('second');
  await gone;
  expect(scene.host.effects.filter((effect) => JSON.stringify(effect).includes('second'))).toEqual([]);
});
