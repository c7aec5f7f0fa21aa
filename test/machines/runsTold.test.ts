/** What a run says and remembers when the compute service goes away, a call or a release breaks, and it is taken up. */
import { describe, expect, test } from '@jest/globals';
import { createActor, SimulatedClock } from 'xstate';
import { type Fault, hostActors, type MachineEvent, provisionId } from '../../src/index.ts';
import { serviceDisconnected } from '../../src/machines/faults.ts';
import { createContainer, type RunInput, releaseResources } from '../../src/machines/index.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { hostOptions, idle, plainSpec } from '../support/requests.ts';
import { go, type Script, Staged } from './stagedLife.ts';

const LOST = { type: 'service.disconnected' };
const RELEASE = { type: 'resources.release' };
const RETRY = { type: 'release.retry' };
/** What waits is answered. */
const ANSWER = { answered: true };
const fault: Fault = { code: 'access-denied', message: 'no', hint: 'ask', step: 'networking', transient: false };
const PROVISIONED: Partial<RunInput> = { takenUp: { at: 'provisioned' } };
const HELD: Partial<RunInput> = { takenUp: { at: 'held', fault } };
const RESTED = { isLost: false, rested: null };

/** In a word or two. */
function wordsOf(event: MachineEvent): string {
  if (event.type === 'release.finished') return `${event.type} ${event.residue}`;
  return event.type === 'service.reconciled' ? `${event.type} ${event.found}` : event.type;
}

interface Staging {
  readonly script?: Script;
  readonly found?: 'there' | 'gone';
  readonly input?: Partial<RunInput>;
}

/** The steps are done on a host, as far as the script says nothing of them; there is nothing to release. */
async function run({ script = {}, found = 'there', input = {} }: Staging, events: ReadonlyArray<object | number>) {
  const stage = new Staged(script);
  const host = simulatedHost(hostOptions());
  const machine = createContainer.provide({ actors: hostActors({ host }) }).provide({
    actors: {
      reopenSystem: stage.actor('reopenSystem', found),
      stopCall: stage.actor('stopCall', null),
      createComputeSystem: stage.done('createComputeSystem'),
      releaseResources: releaseResources.provide({ actors: { listAlive: stage.actor('listAlive', []) } }),
    },
  });
  const clock = new SimulatedClock();
  const patience = { reconcileAttempts: 2, reconcileRetryMs: 10 };
  const request = { id: 'web-1', spec: plainSpec(), keepOnFailure: true };
  const actor = createActor(machine, {
    input: { provisionId: provisionId('run-1'), request, patience, ...input },
    clock,
  });
  const said: string[] = [];
  actor.on('*', (event) => said.push(wordsOf(event)));
  actor.start();
  await idle(60);
  await go(
    actor,
    clock,
    events.map((event) => (event === ANSWER ? () => stage.answer() : event)),
  );
  const { value, output, context } = actor.getSnapshot();
  return { said, value, output, service: context.service, asked: stage.inputsOf('reopenSystem').length };
}

describe('a service that goes away and comes back', () => {
  test('again, is asked as often as the first time', async () => {
    const script = { reopenSystem: ['fails', 'succeeds', 'fails', 'succeeds'] } as const;
    const { value, asked } = await run({ script, input: PROVISIONED }, [LOST, 10, LOST, 10]);
    expect({ value, asked }).toEqual({ value: 'provisioned', asked: 4 });
  });

  test.each([
    ['provisioned', PROVISIONED, 'provision.completed'],
    ['held', HELD, 'provision.held'],
  ] as const)('finds a run %s, where it was, and that is forgotten', async (where, input, first) => {
    const { said, value, service } = await run({ input }, [LOST]);
    expect({ said, value }).toEqual({
      said: [first, 'service.disconnected', 'service.reconciled there'],
      value: where,
    });
    expect(service).toMatchObject(RESTED);
  });

  test('and whose system is gone: it has exited, and so it is said', async () => {
    const { said, output, service } = await run({ input: PROVISIONED, found: 'gone' }, [LOST]);
    expect(output).toEqual({ kind: 'exited', reason: 'it went away with the compute service' });
    expect(said.slice(1)).toEqual([
      'service.disconnected',
      'service.reconciled gone',
      'container.exited',
      'release.started',
      'release.finished 0',
    ]);
    expect(service).toMatchObject(RESTED);
  });

  test('never, leaves what is held as it is', async () => {
    const { said, value, service } = await run({ script: { reopenSystem: ['fails'] }, input: HELD }, [LOST, 10, 10]);
    expect({ said, value }).toEqual({
      said: ['provision.held', 'service.disconnected', 'service.unreachable'],
      value: 'held',
    });
    expect(service).toMatchObject(RESTED);
  });

  test('to what is given back meanwhile: it is released, not looked through once more', async () => {
    const script = {
      createComputeSystem: ['fails'],
      listAlive: ['succeeds', ['run-1/1'], 'succeeds'],
      reopenSystem: ['fails', 'succeeds'],
    } as const;
    const { said, value } = await run({ script }, [LOST, RELEASE, 10]);
    expect(said.slice(said.indexOf('provision.held'))).toEqual([
      'provision.held',
      'service.disconnected',
      'service.reconciled there',
      'release.started',
      'release.finished 0',
    ]);
    expect(value).toBe('rolledBack');
  });

  const times = (said: readonly string[]) => said.filter((words) => words === 'service.disconnected').length;

  test('while a call is on its way: that is said once', async () => {
    const { said, value } = await run({ script: { createComputeSystem: ['waits'] } }, [LOST, ANSWER]);
    expect({ times: times(said), value }).toEqual({ times: 1, value: 'rolledBack' });
    expect(said).toContain('service.reconciled there');
  });

  test('and of which only a call has heard: that is said', async () => {
    const rejects = serviceDisconnected('creatingComputeSystem');
    const { said } = await run({ script: { createComputeSystem: [{ rejects }] } }, []);
    expect(times(said)).toBe(1);
  });
});

test.each([
  ['the create had failed', { at: 'residue', fault }, 'rolledBack'],
  ['it had been there', { at: 'residue', fault: null }, 'released'],
] as const)('residue that is tried again ends as it began: %s', async (_, takenUp, end) => {
  expect((await run({ input: { takenUp } }, [RETRY])).value).toBe(end);
});

test('a call that is overdue is said to be so, also when it cannot be asked to stop', async () => {
  const script = { createComputeSystem: ['hangs'], stopCall: ['fails'] } as const;
  const { said } = await run({ script, input: { deadlines: { creatingComputeSystem: 5 } } }, [5]);
  expect(said).toContain('step.outcomeUnknown');
});

test('where a releaser breaks, nobody knows how much is left', async () => {
  const broken = releaseResources.provide({
    actions: {
      report: () => {
        throw new Error('no');
      },
    },
  });
  const machine = createContainer.provide({ actors: { releaseResources: broken } });
  const request = { id: 'web-1', spec: plainSpec() };
  const input = { provisionId: provisionId('run-1'), request, takenUp: { at: 'provisioned' } } as const;
  const actor = createActor(machine, { input });
  const said: string[] = [];
  actor.on('*', (event) => said.push(wordsOf(event)));
  await go(actor.start(), new SimulatedClock(), [RELEASE]);
  expect(said.slice(-2)).toEqual(['step.failed', 'release.finished Infinity']);
});
