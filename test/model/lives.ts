/** Everything that can happen to the life of a container, and to that of a process, as their statecharts see it. */
import type { EventObject } from 'xstate';
import { toFault } from '../../src/actors/faults.ts';
import { containerId, provisionId } from '../../src/domain/ids.ts';
import { HRESULT } from '../../src/hcs/codeTable.ts';
import { HostError } from '../../src/hcs/hostError.ts';
import { asFault } from '../../src/machines/faults.ts';
import { container, process } from '../../src/machines/index.ts';
import type { OwnAnswers } from '../../src/testing/model/answers.ts';
import type { ToldTo } from '../../src/testing/model/externals.ts';
import type { Alone } from './alone.ts';

const REF = { provisionId: provisionId('run'), containerId: containerId('shop'), os: 'windows' } as const;
const FAULT = asFault('it is broken', 'running');
const BROKEN = { words: 'fails', error: FAULT };

const says = (words: string, output: unknown) => ({ words, output });
const DONE = [says('succeeds', undefined), BROKEN];

const OF_PROCESS: OwnAnswers = {
  createProcess: [says('succeeds', { pid: 7 }), BROKEN],
  reopenProcess: [
    says('finds it running', { status: 'running' }),
    says('finds it exited', { status: 'exited', exitCode: 0 }),
    says('finds it gone', { status: 'gone' }),
    BROKEN,
  ],
  watchProcess: [BROKEN],
  lastWords: [says('knows its code', { exitCode: 0 }), BROKEN],
  endProcess: DONE,
  closeProcess: DONE,
  closeLost: DONE,
};

const OF_CONTAINER: OwnAnswers = {
  watchSystem: [BROKEN],
  startSystem: DONE,
  pauseSystem: DONE,
  resumeSystem: DONE,
  resumeToStop: DONE,
  signalInit: DONE,
  shutDownSystem: DONE,
  terminateSystem: DONE,
  terminateRunning: DONE,
  lookAtSystem: [
    ...['running', 'paused', 'created', 'stopped', 'gone'].map((state) => says(`finds it ${state}`, { state })),
    BROKEN,
  ],
  releaseContainer: [says('leaves nothing', { residue: 0 }), says('leaves 1', { residue: 1 }), BROKEN],
};

const event = (type: string, more: object = {}): EventObject => Object.assign({ type }, more);
const toContainer = (type: string, more?: object, words?: string): ToldTo => ({
  to: 'container',
  event: event(type, more),
  ...(words === undefined ? {} : { words }),
});
const toProcess = (type: string, more?: object): ToldTo => ({ to: 'process', event: event(type, more) });
const exit = (ExitType: string, Status = 0) => ({ exit: { ExitType, Status } });

const TO_CONTAINER: readonly ToldTo[] = [
  toContainer('container.start', { parameters: {} }),
  toContainer('container.pause'),
  toContainer('container.resume'),
  toContainer('container.stop', { signal: 'SIGTERM', timeoutMs: 10_000 }, 'in 10 s'),
  toContainer('container.stop', { signal: 'SIGKILL', timeoutMs: 0 }, 'at once'),
  toContainer('container.delete'),
  toContainer('system.exited', exit('GracefulExit'), 'gracefully'),
  toContainer('system.exited', exit('UnexpectedExit', 1), 'unexpectedly'),
  toContainer('service.disconnected'),
  toContainer('service.reconciled'),
  toContainer('run.ended'),
];

const TO_PROCESS: readonly ToldTo[] = [
  toProcess('process.exited', { exitCode: 0 }),
  toProcess('system.ended'),
  toProcess('watch.failed', { fault: FAULT }),
  toProcess('handle.lost'),
  toProcess('system.found'),
];

/** What the first process of a container hears of the host by itself. */
const TO_INIT = TO_PROCESS.filter(({ event: { type } }) => type === 'process.exited' || type === 'watch.failed');

const PATIENCE = { reconcileAttempts: 2 };

const containerLife = (words: string, mishaps: number, input: object = {}): Alone => ({
  machine: container,
  words,
  input: { ...REF, patience: PATIENCE, ...input },
  answers: { ...OF_CONTAINER, ...OF_PROCESS, init: [BROKEN] },
  events: [],
  told: [...TO_CONTAINER, ...TO_INIT],
  mishaps,
});

const processLife = (words: string, mishaps: number, origin: object): Alone => ({
  machine: process,
  words,
  input: { ...REF, key: 'exec', startDeadlineMs: 240_000, origin },
  answers: OF_PROCESS,
  events: [],
  told: TO_PROCESS,
  mishaps,
});

/** What calls fail with on a host. */
const DENIED = { words: 'fails', error: toFault(new HostError('compute', HRESULT.accessDenied), 'running') };

const onHost = (answers: OwnAnswers): OwnAnswers =>
  Object.fromEntries(
    Object.entries(answers)
      .filter(([actor]) => !['init', 'watchSystem', 'watchProcess'].includes(actor))
      .map(([actor, all]) => [actor, all.map((one) => (one === BROKEN ? DENIED : one))]),
  );

/** The life that is gone on the engine: there a watcher does not break, and no statechart. */
export const LIFE_ON_HOST: Alone = {
  ...containerLife('on a host', 3),
  answers: onHost({ ...OF_CONTAINER, ...OF_PROCESS }),
  told: [
    toContainer('container.start', { parameters: { CommandLine: 'serve.exe', WorkingDirectory: 'C:\\' } }),
    ...[...TO_CONTAINER, ...TO_INIT].filter(({ event: { type } }) => type !== 'container.start'),
  ],
};

/** By the name of the file in `golden` that says what happens. */
export const LIVES = {
  life: containerLife('begun by its create', 4),
  lifeRestored: containerLife('found again, and not started', 2, { restored: {} }),
  lifeRestoredRunning: containerLife('found again with its first process', 2, { restored: { pid: 7 } }),
  process: processLife('made by an exec', 4, { kind: 'new', parameters: {} }),
  processKnown: processLife('known by its pid', 4, { kind: 'known', pid: 7 }),
} as const satisfies Readonly<Record<string, Alone>>;
