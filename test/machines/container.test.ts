/** The life of a container, by its statechart alone: how it is said to have ended, and where what failed is said to. */
import { describe, expect, test } from '@jest/globals';
import { createActor, fromCallback, fromPromise, SimulatedClock, waitFor } from 'xstate';
import { containerId, provisionId } from '../../src/domain/ids.ts';
import type { SystemExit } from '../../src/domain/process.ts';
import { type ContainerInput, type ContainerRef, container, type SystemFoundAgain } from '../../src/machines/index.ts';

const REF = { provisionId: provisionId('run-1'), containerId: containerId('web-1'), os: 'windows' } as const;
const never = fromPromise<void, ContainerRef>(() => new Promise(() => {}));

/** Nothing is provided but the watch, so that whatever is asked of the host fails with no fault of its own. */
const lonely = container.provide({ actors: { watchSystem: fromCallback(() => {}) } });
const foundRunning = lonely.provide({
  actors: { lookAtSystem: fromPromise<SystemFoundAgain, ContainerRef>(async () => ({ state: 'running' })) },
});
const endless = foundRunning.provide({ actors: { terminateSystem: never } });

function live(machine: typeof container, restored?: ContainerInput['restored']) {
  const patience = { reconcileAttempts: 1 };
  const input = { ...REF, patience, ...(restored === undefined ? {} : { restored }) };
  return createActor(machine, { input, clock: new SimulatedClock() }).start();
}

type Life = ReturnType<typeof live>;
const has = (life: Life, tag: Parameters<ReturnType<Life['getSnapshot']>['hasTag']>[0]) =>
  waitFor(life, (snapshot) => snapshot.hasTag(tag));
const stepOf = ({ context }: ReturnType<Life['getSnapshot']>) => context.fault?.step;

const PARAMETERS = { CommandLine: 'serve.exe' };
const exitOf = (ExitType: NonNullable<SystemExit['ExitType']>, Status: number): SystemExit => ({ ExitType, Status });

describe('a system that ends, and nobody here had asked it to', () => {
  test.each([
    ['graceful', exitOf('GracefulExit', 0), false],
    ['graceful', exitOf('GracefulExit', 1), false],
    ['graceful', exitOf('UnexpectedExit', 0), false],
    ['unexpected', exitOf('UnexpectedExit', 5), false],
    ['forced', exitOf('ForcedExit', 0), false],
    ['forced', exitOf('ForcedExit', 5), false],
    ['crashedGuest', exitOf('GracefulExit', 0), true],
  ] as const)('has ended: %s (%j, with its VM: %s)', async (how, exit, withVm) => {
    const life = live(foundRunning, {});
    await has(life, 'running');
    life.send({ type: 'system.exited', exit, withVm });
    expect((await has(life, 'stopped')).context).toMatchObject({ how });
  });

  test('is said to have gone with its VM only when that is said', async () => {
    const life = live(foundRunning, {});
    await has(life, 'running');
    life.send({ type: 'system.exited', exit: exitOf('GracefulExit', 0) });
    expect((await has(life, 'stopped')).context.how).toBe('graceful');
  });
});

test('a life that ends before anything is known of it has ended unexpectedly', async () => {
  const life = live(endless, {});
  life.send({ type: 'run.ended' });
  expect((await waitFor(life, ({ status }) => status === 'done')).output).toEqual({ how: 'unexpected' });
});

describe('what fails without a fault of its own is said to have failed', () => {
  test('in its start', async () => {
    const life = live(lonely.provide({ actors: { terminateSystem: never } }));
    life.send({ type: 'container.start', parameters: PARAMETERS });
    expect(stepOf(await has(life, 'stopping'))).toBe('startingContainer');
  });

  test('in its end', async () => {
    const life = live(foundRunning, {});
    await has(life, 'running');
    life.send({ type: 'container.stop', signal: 'SIGTERM', timeoutMs: 0 });
    expect(stepOf(await has(life, 'stuck'))).toBe('stopping');
  });

  test('when it is given back', async () => {
    const life = live(foundRunning, {});
    await has(life, 'running');
    life.send({ type: 'system.exited', exit: exitOf('GracefulExit', 0) });
    await has(life, 'stopped');
    life.send({ type: 'container.delete' });
    const undeleted = await waitFor(life, ({ context }) => context.fault !== null);
    expect({ step: stepOf(undeleted), value: undeleted.value }).toEqual({ step: 'stopping', value: 'undeleted' });
  });

  test('while it runs, when nobody can say where it stands', async () => {
    expect(stepOf(await has(live(lonely, {}), 'unreachable'))).toBe('running');
  });
});
