/** The statecharts, each with everything that is asked of it until all of its states and transitions were seen. */
import type { AnyStateMachine, EventObject } from 'xstate';
import { createActor, fromTransition } from 'xstate';
import { DEFAULT_PATIENCE } from '../../src/domain/deadlines.ts';
import { provisionId, resourceId } from '../../src/domain/ids.ts';
import { asFault } from '../../src/machines/faults.ts';
import { createContainer, releaseResource, releaseResources, utilityVm } from '../../src/machines/index.ts';
import type { OwnAnswers } from '../../src/testing/model/answers.ts';
import { exploredPaths, type PathOptions } from '../../src/testing/model/paths.ts';
import { scenarios } from '../../src/testing/scenarios.ts';
import { aloneSubject } from './alone.ts';
import { LIVES } from './lives.ts';
import type { Subject } from './subject.ts';

const subject = (machine: typeof createContainer | typeof utilityVm, options: PathOptions): Subject => ({
  machine,
  words: [
    options.scenario.name,
    options.keepOnFailure === true ? 'kept on failure' : '',
    options.start === undefined ? '' : `taken up as ${options.start}`,
    `mishaps: ${options.mishaps ?? 1}`,
  ]
    .filter((word) => word !== '')
    .join(', '),
  explore: () => exploredPaths(machine, options),
});

const { plain, hypervWithOwnVm, linuxInVm, windowsInVmWithDevices, processIsolated } = scenarios;
const { linuxVm, windowsVm, confidentialVm } = scenarios;
const KEPT = { keepOnFailure: true };
const STARTS = ['provisioned', 'held', 'residue', 'interrupted'] as const;

const CONTAINER_RUNS: readonly PathOptions[] = [
  { scenario: plain, mishaps: 3 },
  { scenario: plain, mishaps: 3, codes: ['ERROR_NOT_READY'], ...KEPT },
  { scenario: plain, codes: ['HCS_E_SERVICE_DISCONNECT'] },
  { scenario: linuxInVm },
  { scenario: hypervWithOwnVm },
  { scenario: processIsolated, mishaps: 2, ...KEPT },
  { scenario: windowsInVmWithDevices, mishaps: 2, ...KEPT },
  { scenario: windowsInVmWithDevices, mishaps: 2 },
  { scenario: processIsolated, mishaps: 2 },
  ...STARTS.map((start) => ({ scenario: plain, start, mishaps: 2 })),
];

const VM_RUNS: readonly PathOptions[] = [
  { scenario: linuxVm, mishaps: 3 },
  { scenario: linuxVm, ...KEPT },
  { scenario: linuxVm, codes: ['HCS_E_SERVICE_DISCONNECT'] },
  { scenario: confidentialVm, mishaps: 2, ...KEPT },
  { scenario: windowsVm, mishaps: 2 },
  ...STARTS.map((start) => ({ scenario: linuxVm, start, mishaps: 2 })),
];

const told = (type: string, more: object = {}): EventObject => Object.assign({ type }, more);
const [FIRST, SECOND] = [resourceId('run/1'), resourceId('run/2')];
const BROKEN = { words: 'fails', error: asFault('it is broken', 'releasing') };
const releasing = (
  machine: AnyStateMachine,
  input: object,
  answers: OwnAnswers,
  events: readonly EventObject[],
): Subject =>
  aloneSubject({
    machine,
    words: 'with two resources',
    input: { provisionId: provisionId('run'), patience: DEFAULT_PATIENCE, parent, ...input },
    answers,
    events,
    mishaps: 4,
  });
const parent = createActor(fromTransition((state: undefined) => state, undefined));

const SETTLED = [FIRST, SECOND].flatMap((resource) =>
  ['released', 'residue', 'unanswered'].map((how) => told('resource.settled', { resource, how })),
);

const answer = (words: string, output: unknown) => ({ words, output });

export const SUBJECTS: readonly Subject[] = [
  ...CONTAINER_RUNS.map((options) => subject(createContainer, options)),
  ...VM_RUNS.map((options) => subject(utilityVm, options)),
  ...Object.values(LIVES).map(aloneSubject),
  releasing(
    releaseResources,
    {},
    {
      listAlive: [answer('finds two', [FIRST, SECOND]), answer('finds none', []), BROKEN],
      countAlive: [answer('counts two', [FIRST, SECOND]), answer('counts none', []), BROKEN],
      waiveResource: [answer('succeeds', undefined), BROKEN],
    },
    [told('release.begin', { which: 'all' }), told('release.waive', { resource: FIRST }), ...SETTLED],
  ),
  releasing(
    releaseResource,
    { resource: FIRST },
    {
      tryRelease: [
        ...['released', 'failed', 'unresolved', 'overtaken'].map((how) => answer(`says ${how}`, how)),
        BROKEN,
      ],
      markUnanswered: [answer('succeeds', undefined), BROKEN],
    },
    [],
  ),
];
