/** What the statechart of a container's life says, and what it remembers, whatever its actors do. */
import { describe, expect, test } from '@jest/globals';
import { createActor, fromCallback, SimulatedClock } from 'xstate';
import { DEFAULT_LIFE_PATIENCE } from '../../src/machines/container/contract.ts';
import { type ContainerEvent, type ContainerInput, container, process } from '../../src/machines/index.ts';
import { blind, go, listening, REF, type Script, Staged } from './stagedLife.ts';

const PARAMETERS = { CommandLine: 'serve.exe' };
const START: ContainerEvent = { type: 'container.start', parameters: PARAMETERS };
const STOP: ContainerEvent = { type: 'container.stop', signal: 'SIGHUP', timeoutMs: 500 };
const PAUSE: ContainerEvent = { type: 'container.pause' };
const RESUME: ContainerEvent = { type: 'container.resume' };
const DELETE: ContainerEvent = { type: 'container.delete' };
const LOST: ContainerEvent = { type: 'service.disconnected' };
const EXITED: ContainerEvent = { type: 'system.exited', exit: { ExitType: 'GracefulExit', Status: 0 } };

const patience = { startMs: 4000, changeMs: 600, terminateMs: 2000, reconcileRetryMs: 10, reconcileAttempts: 2 };

function staged(script: Script) {
  const stage = new Staged(script);
  let exits: (exitCode: number) => void = () => {};
  const machine = container.provide({
    actors: {
      watchSystem: blind(),
      startSystem: stage.done('startSystem'),
      pauseSystem: stage.done('pauseSystem'),
      resumeSystem: stage.done('resumeSystem'),
      signalInit: stage.done('signalInit'),
      shutDownSystem: stage.done('shutDownSystem'),
      terminateSystem: stage.done('terminateSystem'),
      lookAtSystem: stage.actor('lookAtSystem', { state: 'running' }),
      releaseContainer: stage.actor('releaseContainer', { residue: 0 }),
      process: process.provide({
        actors: {
          createProcess: stage.actor('createProcess', { pid: 7 }),
          reopenProcess: stage.actor('reopenProcess', { status: 'running' }),
          watchProcess: fromCallback(({ sendBack }) => {
            exits = (exitCode) => sendBack({ type: 'process.exited', exitCode });
          }),
          lastWords: stage.actor('lastWords', {}),
          closeProcess: stage.done('closeProcess'),
        },
      }),
    },
  });
  return { stage, machine, exit: (exitCode: number) => () => exits(exitCode) };
}

/** Its first process exits. */
interface Exits {
  readonly exitCode: number;
}

async function live(
  script: Script,
  steps: ReadonlyArray<ContainerEvent | number | Exits>,
  more: Partial<ContainerInput> = {},
) {
  const { stage, machine, exit } = staged(script);
  const clock = new SimulatedClock();
  const life = createActor(machine, { input: { ...REF, os: 'windows', patience, ...more }, clock });
  const said = listening(life);
  const happenings = steps.map((step) => (typeof step === 'object' && 'exitCode' in step ? exit(step.exitCode) : step));
  await go(life.start(), clock, happenings);
  const { context, output, value, tags } = life.getSnapshot();
  return { stage, said, context, output, value, tags: [...tags] };
}

const ENDED = ['terminating', 'stopped neverStarted'];

describe('before anything runs in it', () => {
  test('it remembers nothing', async () => {
    const { context, said } = await live({}, [], { patience: { startMs: 5 } });
    const nothing = { parameters: null, pid: null, stop: null, exitCode: null, how: null, fault: null };
    const not = { isRestored: false, systemHasEnded: false, isPaused: false };
    const ofIt = { ...REF, os: 'windows', patience: { ...DEFAULT_LIFE_PATIENCE, startMs: 5 }, attempts: 0 };
    expect({ context, said }).toEqual({ context: { ...ofIt, ...nothing, ...not }, said: [] });
  });

  test.each([
    ['stopped', {}, [STOP], ['stopRequested SIGHUP 500', ...ENDED]],
    ['stopped in its start', { startSystem: ['hangs'] }, [START, STOP], ['stopRequested SIGHUP 500', ...ENDED]],
    ['that does not start', { startSystem: ['fails'] }, [START], ['failed startingContainer internal-error', ...ENDED]],
    [
      'that does not start in time',
      { startSystem: ['hangs'] },
      [START, patience.startMs],
      ['failed startingContainer deadline-exceeded', ...ENDED],
    ],
    [
      'whose start was lost',
      { startSystem: ['hangs'] },
      [START, LOST],
      ['failed startingContainer service-disconnected', ...ENDED],
    ],
    ['deleted', {}, [DELETE], ['deleted']],
  ] as const)('one %s has never started', async (_, script, steps, expected) => {
    const { said, context } = await live(script, steps);
    expect({ said, how: context.how }).toEqual({ said: expected, how: 'neverStarted' });
    const isStopped = said[0] === 'stopRequested SIGHUP 500';
    expect(context.stop).toEqual(isStopped ? { signal: 'SIGHUP', timeoutMs: 500 } : null);
  });
});

describe('whose first process', () => {
  test.each([
    ['is being made', { createProcess: ['hangs'] }, [START], ['starting']],
    ['is looked for', { reopenProcess: ['hangs'] }, [START, LOST], ['reconciling']],
    ['says its last words', { lastWords: ['hangs'] }, [START, EXITED], ['stopping']],
  ] as const)('%s: so it shows', async (_, script, steps, tags) => {
    expect((await live(script, steps)).tags).toEqual(tags);
  });

  test.each([
    ['cannot be made', { createProcess: ['fails'] }, [START], 'internal-error'],
    ['is not made in time', { createProcess: ['hangs'] }, [START, patience.startMs], 'deadline-exceeded'],
  ] as const)('%s has never started', async (_, script, steps, code) => {
    expect((await live(script, steps)).said).toEqual([`failed executing ${code}`, ...ENDED]);
  });

  test.each([
    ['exits', {}, [{ exitCode: 4 }, EXITED], 'stopped graceful 4'],
    ['says it with its last words', { lastWords: [{ exitCode: 5 }] }, [EXITED], 'stopped graceful 5'],
    [
      'exits while it is ended by force',
      { terminateSystem: ['hangs', 'succeeds'] },
      [{ ...STOP, timeoutMs: 0 }, { exitCode: 6 }],
      'stopped forced 6',
    ],
  ] as const)('%s: its code is told', async (_, script, steps, last) => {
    expect((await live(script, [START, ...steps])).said.at(-1)).toBe(last);
  });
});

describe('paused and resumed', () => {
  test('it says so', async () => {
    const { said, value } = await live({}, [START, PAUSE, RESUME]);
    expect({ said, value }).toEqual({
      said: ['started 7', 'paused', 'resumed'],
      value: { alive: { started: 'running' } },
    });
  });

  const faultOf = (step: string, code: string) => ({ said: `failed ${step} ${code}`, fault: { step, code } });
  test.each([
    ['a pause that fails', { pauseSystem: ['fails'] }, [PAUSE], faultOf('pausing', 'internal-error'), 'running'],
    [
      'a pause that does not answer in time',
      { pauseSystem: ['hangs'] },
      [PAUSE, patience.changeMs],
      faultOf('pausing', 'deadline-exceeded'),
      'pausing',
    ],
    [
      'a resume that fails',
      { resumeSystem: ['fails'] },
      [PAUSE, RESUME],
      faultOf('resuming', 'internal-error'),
      'paused',
    ],
    [
      'a resume that does not answer in time',
      { resumeSystem: ['hangs'] },
      [PAUSE, RESUME, patience.changeMs],
      faultOf('resuming', 'deadline-exceeded'),
      'resuming',
    ],
  ] as const)('%s is said, and changes nothing else', async (_, script, steps, { said: last, fault }, where) => {
    const { said, context, value } = await live(script, [START, ...steps]);
    expect(said.at(-1)).toBe(last);
    expect(context.fault).toMatchObject(fault);
    expect(value).toEqual({ alive: { started: where } });
  });

  test.each([
    ['pause', { pauseSystem: ['fails', 'hangs'] }, [PAUSE, PAUSE], 'pausing'],
    ['resume', { resumeSystem: ['fails', 'hangs'] }, [PAUSE, RESUME, RESUME], 'resuming'],
  ] as const)('a %s that is tried again has not failed', async (_, script, steps, where) => {
    const { context, value } = await live(script, [START, ...steps]);
    expect({ fault: context.fault, value }).toEqual({ fault: null, value: { alive: { started: where } } });
  });

  test('it cannot be when its first process is not known', async () => {
    const { said, context } = await live({}, [PAUSE], { restored: {} });
    expect(said).toEqual(['failed pausing container-moved-on']);
    expect(context.fault).toMatchObject({ step: 'pausing', message: expect.stringContaining('pausing') });
  });
});

describe('stopped', () => {
  test('its first process is sent the signal that was asked for', async () => {
    const { stage, said } = await live({}, [START, STOP, 500]);
    expect(stage.inputsOf('signalInit')).toEqual([{ ...REF, os: 'windows', signal: 'SIGHUP' }]);
    expect(said.slice(1, 3)).toEqual(['stopRequested SIGHUP 500', 'terminating']);
  });

  test.each([
    ['is refused', { terminateSystem: ['fails'] }, [], 'internal-error'],
    ['does not come', { terminateSystem: ['hangs'] }, [patience.terminateMs], 'deadline-exceeded'],
  ] as const)('its end by force that %s is said each time; deleted, it is gone', async (_, script, wait, code) => {
    const stuck = await live(script, [STOP, ...wait, STOP, ...wait]);
    const failed = `failed stopping ${code}`;
    expect(stuck.said).toEqual(['stopRequested SIGHUP 500', 'terminating', failed, 'terminating', failed]);
    expect(stuck.value).toEqual({ alive: 'stuck' });
    const gone = await live(script, [STOP, ...wait, DELETE]);
    expect(gone.said.at(-1)).toBe('deleted');
    expect(gone.output).toEqual({ how: 'neverStarted' });
  });

  test('while it runs, by force: so it is remembered', async () => {
    const { said, context } = await live({}, [{ ...STOP, timeoutMs: 0 }], { restored: {} });
    expect(said).toEqual(['stopRequested SIGHUP 0', 'terminating', 'stopped forced']);
    expect(context.how).toBe('forced');
  });

  test('with the run that made it: by force', async () => {
    const { said, output } = await live({}, [START, { type: 'run.ended' }]);
    expect({ said, output }).toEqual({ said: ['started 7', 'stopped forced', 'deleted'], output: { how: 'forced' } });
  });
});

describe('found again', () => {
  test.each(['stopped', 'gone'] as const)('%s: it ended while nobody could see it', async (state) => {
    const { said, context, value } = await live({ lookAtSystem: ['fails', { state }] }, [START, LOST, 10]);
    expect({ said, value }).toEqual({ said: ['started 7', 'stopped unexpected'], value: 'stopped' });
    expect(context).toMatchObject({ how: 'unexpected', attempts: 0 });
  });

  test('as it was created: what was to end it, and what was begun, is to be asked for again', async () => {
    const script = {
      startSystem: ['hangs'],
      terminateSystem: ['hangs'],
      lookAtSystem: ['fails', { state: 'created' }],
    } as const;
    const { context, value } = await live(script, [START, STOP, LOST, 10]);
    expect(value).toEqual({ alive: 'created' });
    const begun = { parameters: null, how: null, stop: null, attempts: 0, systemHasEnded: false };
    expect(context).toMatchObject({ ...begun, fault: { code: 'service-disconnected', step: 'startingContainer' } });
  });

  test.each(['running', 'paused'] as const)('%s: the questions are over', async (state) => {
    const script = { lookAtSystem: ['fails', { state }] } as const;
    const { value, context } = await live(script, [10], { restored: { pid: 9 } });
    expect({ value, attempts: context.attempts }).toEqual({ value: { alive: { started: state } }, attempts: 0 });
  });

  test('never, and given back with its run: how it ended is not known', async () => {
    const { said, output } = await live({ lookAtSystem: ['fails'] }, [10, 10, { type: 'run.ended' }], { restored: {} });
    expect(said).toEqual(['failed running internal-error', 'stopped unexpected', 'deleted']);
    expect(output).toEqual({ how: 'unexpected' });
  });

  test('never: how it ended is not known, and so it is said when it is deleted', async () => {
    const { said, output } = await live({ lookAtSystem: ['fails'] }, [10, 10, DELETE], { restored: {} });
    expect(said).toEqual(['failed running internal-error', 'deleted']);
    expect(output).toEqual({ how: 'unexpected' });
  });
});

test.each([
  ['startMs', { startSystem: ['hangs'] }, [START]],
  ['changeMs', { pauseSystem: ['hangs'] }, [START, PAUSE]],
  ['changeMs', { resumeSystem: ['hangs'] }, [START, PAUSE, RESUME]],
  ['terminateMs', { terminateSystem: ['hangs'] }, [STOP]],
] as const)('a limit that has passed is said with its milliseconds: %s (%j)', async (limit, script, steps) => {
  const { context } = await live(script, [...steps, patience[limit]]);
  expect(context.fault?.message).toContain(`after ${patience[limit]} ms`);
});

test('what nobody had foreseen in the statechart of its first process ends it', async () => {
  const { machine } = staged({});
  const broken = process.provide({
    actors: { createProcess: new Staged({}).actor('createProcess', { pid: 7 }), watchProcess: blind() },
    actions: {
      emitStarted: () => {
        throw new Error('no');
      },
    },
  });
  const life = createActor(machine.provide({ actors: { process: broken } }), { input: { ...REF, os: 'windows' } });
  const said = listening(life);
  await go(life.start(), new SimulatedClock(), [START]);
  expect(said).toEqual(['failed running internal-error', 'terminating', 'stopped forced']);
});

test('what it stood on is given back once it has stopped', async () => {
  const { said, value, context } = await live({ releaseContainer: [{ residue: 1 }] }, [START, EXITED, 600, DELETE]);
  expect({ said, value }).toEqual({ said: ['started 7', 'stopped graceful'], value: 'undeleted' });
  expect(context).toMatchObject({ how: 'graceful', fault: null });
});
