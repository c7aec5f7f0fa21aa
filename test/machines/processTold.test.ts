/** What the statechart of a process says, and what it remembers, whatever its actors do. */
import { describe, expect, test } from '@jest/globals';
import { createActor, fromPromise, SimulatedClock } from 'xstate';
import type { Fault } from '../../src/index.ts';
import { type ProcessEvent, type ProcessInput, process } from '../../src/machines/index.ts';
import { blind, go, listening, REF, type Script, Staged } from './stagedLife.ts';

const DEADLINE_MS = 4000;
const NEW: ProcessInput['origin'] = { kind: 'new', parameters: { CommandLine: 'serve.exe' } };
const KNOWN: ProcessInput['origin'] = { kind: 'known', pid: 9 };

const ENDED: ProcessEvent = { type: 'system.ended' };
const LOST: ProcessEvent = { type: 'handle.lost' };
const FOUND: ProcessEvent = { type: 'system.found' };
const EXITED: ProcessEvent = { type: 'process.exited', exitCode: 3 };
const fault: Fault = { code: 'access-denied', message: 'no', hint: 'ask', step: 'executing', transient: false };
const UNWATCHED: ProcessEvent = { type: 'watch.failed', fault };

async function live(script: Script, origin: ProcessInput['origin'], steps: ReadonlyArray<ProcessEvent | number>) {
  const stage = new Staged(script);
  const machine = process.provide({
    actors: {
      createProcess: stage.actor('createProcess', { pid: 7 }),
      reopenProcess: stage.actor('reopenProcess', { status: 'running' }),
      watchProcess: blind(),
      lastWords: stage.actor('lastWords', {}),
      endProcess: stage.done('endProcess'),
      closeProcess: stage.done('closeProcess'),
    },
  });
  const clock = new SimulatedClock();
  const input = { ...REF, key: 'init', origin, startDeadlineMs: DEADLINE_MS };
  const life = createActor(machine, { input, clock });
  const said = listening(life);
  await go(life.start(), clock, steps);
  const { context, output, value, tags } = life.getSnapshot();
  const { outcome, pid, attempts } = context;
  return { said, outcome, pid, attempts, output, value, tags: [...tags] };
}

const withCode = (exitCode: number) => ({ kind: 'exited', exitCode });
const WITHOUT = { kind: 'exited' };

describe('a process that is made', () => {
  test('says so, and how it exited', async () => {
    const running = await live({}, NEW, []);
    expect(running).toMatchObject({ pid: 7, said: ['process.started 7'], value: 'running', tags: ['running'] });
    const exited = await live({}, NEW, [EXITED]);
    expect(exited.said).toStrictEqual(['process.started 7', 'process.exited 7 3']);
    expect(exited.output).toStrictEqual(withCode(3));
    expect(exited.tags).toEqual(['settled']);
  });

  test('not, has failed while executing', async () => {
    const { output, said, tags } = await live({ createProcess: ['fails'] }, NEW, []);
    expect(output).toMatchObject({ kind: 'failed', fault: { step: 'executing', code: 'internal-error' } });
    expect({ said, tags }).toEqual({ said: [], tags: ['settled'] });
  });

  test.each([
    ['in time', [], ['busy'], null],
    ['late', [DEADLINE_MS], ['settled'], 'deadline-exceeded'],
    ['late, for its system has ended', [ENDED], ['settled'], 'container-stopped'],
  ] as const)('%s: what is known of it', async (_, steps, tags, code) => {
    const { outcome, tags: seen } = await live({ createProcess: ['hangs'] }, NEW, steps);
    expect(seen).toEqual(tags);
    expect(outcome?.kind === 'failed' ? outcome.fault.code : null).toBe(code);
  });
});

test('one that comes when nobody waits for it is ended', async () => {
  const stage = new Staged({ endProcess: ['hangs'] });
  let comes: (made: { readonly pid: number }) => void = () => {};
  const machine = process.provide({
    actors: {
      createProcess: fromPromise(
        () =>
          new Promise((resolve) => {
            comes = resolve;
          }),
      ),
      endProcess: stage.done('endProcess'),
    },
  });
  const clock = new SimulatedClock();
  const input = { ...REF, key: 'init', origin: NEW, startDeadlineMs: DEADLINE_MS };
  const life = createActor(machine, { input, clock }).start();
  await go(life, clock, [DEADLINE_MS]);
  comes({ pid: 7 });
  await go(life, clock, []);
  expect({ tags: [...life.getSnapshot().tags], asked: stage.asked.length }).toEqual({ tags: ['undoing'], asked: 1 });
});

describe('a process that was made before', () => {
  test('is known by its pid while it is looked for', async () => {
    expect(await live({ reopenProcess: ['hangs'] }, KNOWN, [])).toMatchObject({ pid: 9, tags: ['busy'], attempts: 1 });
  });

  test.each([
    ['has exited', { status: 'exited', exitCode: 5 }, withCode(5), ['process.exited 9 5']],
    ['is gone', { status: 'gone' }, WITHOUT, ['process.exited 9']],
  ])('and %s', async (_, found, outcome, said) => {
    const seen = await live({ reopenProcess: [found], closeProcess: ['hangs'] }, KNOWN, []);
    expect(seen.outcome).toStrictEqual(outcome);
    expect(seen).toMatchObject({ said, value: 'closing', tags: ['settled'] });
  });

  test.each([
    ['cannot be reopened', { reopenProcess: ['fails'] }, [], 'internal-error'],
    ['does not answer', { reopenProcess: ['hangs'] }, [DEADLINE_MS], 'deadline-exceeded'],
    ['cannot be watched', {}, [UNWATCHED, UNWATCHED, UNWATCHED], 'access-denied'],
  ] as const)('and %s has failed', async (_, script, steps, code) => {
    const { output, said } = await live(script, KNOWN, steps);
    expect(output).toMatchObject({ kind: 'failed', fault: { step: 'executing', code } });
    expect(said).toEqual([]);
  });
});

describe('a process whose handle was lost', () => {
  test('waits until its system is found, and is tried as often as any', async () => {
    const waiting = await live({ reopenProcess: ['fails', 'fails', 'succeeds'] }, KNOWN, [LOST]);
    expect(waiting).toMatchObject({ value: 'lost', tags: ['busy'], attempts: 0 });
    const script = { reopenProcess: ['fails', 'fails', 'succeeds', 'fails', 'fails', 'succeeds'] } as const;
    expect(await live(script, KNOWN, [LOST, FOUND])).toMatchObject({ value: 'running', attempts: 3 });
  });

  test('has exited when its system has ended: with which code, nobody knows', async () => {
    const { outcome, said } = await live({ closeProcess: ['hangs'] }, NEW, [LOST, ENDED]);
    expect(outcome).toStrictEqual(WITHOUT);
    expect(said).toEqual(['process.started 7', 'process.exited 7']);
  });
});

describe('a process whose system has ended', () => {
  test.each([
    ['tells its code', [{ exitCode: 4 }], [], withCode(4)],
    ['tells nothing', ['succeeds'], [], WITHOUT],
    ['has nothing to tell it with', ['fails'], [], WITHOUT],
    ['exits while it is asked', ['hangs'], [EXITED], withCode(3)],
    ['does not answer', ['hangs'], [DEADLINE_MS], WITHOUT],
  ] as const)('and which %s', async (_, lastWords, steps, outcome) => {
    const seen = await live({ lastWords, closeProcess: ['hangs'] }, NEW, [ENDED, ...steps]);
    expect(seen.outcome).toStrictEqual(outcome);
    expect(seen.value).toBe('closing');
  });

  test('is asked for it', async () => {
    const { tags, value } = await live({ lastWords: ['hangs'] }, NEW, [ENDED]);
    expect({ tags, value }).toEqual({ tags: ['busy'], value: 'hearing' });
  });
});
