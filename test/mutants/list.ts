/** One-line mistakes in rollbacks and guards that the tests must notice. */
import { IN_ACTORS } from './actors.ts';
import { IN_LIVES } from './life.ts';
import type { Mutant } from './mutant.ts';

const RUN = 'src/machines/run';
const CONTAINER = 'src/machines/createContainer';
const LEDGER = ['test/journal/ledger', 'test/engine/failing.test', 'test/engine/releasing'];
const RELEASER = ['test/engine/releasing', 'test/engine/leftovers'];

export const MUTANTS: readonly Mutant[] = [
  {
    file: `${RUN}/settling.ts`,
    find: "{ target: 'rollingBack' },\n  ],\n} as const;\n\nconst holding",
    replace: "{ target: 'holding' },\n  ],\n} as const;\n\nconst holding",
    why: 'a failure rolls nothing back',
  },
  {
    file: `${RUN}/settling.ts`,
    find: "{ guard: 'keepsResources', target: 'holding' },\n    { target: 'rollingBack' },",
    replace: "{ target: 'rollingBack' },",
    why: 'what was to be kept is released',
  },
  {
    file: `${RUN}/settling.ts`,
    find: "entry: 'undoIntents',",
    replace: '',
    why: 'what may be there is given to the caller as held',
  },
  {
    file: `${RUN}/settling.ts`,
    find: "entry: ['emitReleaseStarted', 'beginRelease'],",
    replace: "entry: ['emitReleaseStarted'],",
    why: 'a release is announced and never begun',
  },
  {
    file: `${RUN}/settling.ts`,
    find: "{ target: 'residue', actions: reportResidue },",
    replace: '{ target: gone, actions: reportResidue },',
    why: 'residue is forgotten',
  },
  {
    file: `${RUN}/settling.ts`,
    find: "'lease.expired': { target: 'rollingBack', actions: 'emitLeaseExpired' },",
    replace: "'lease.expired': { actions: 'emitLeaseExpired' },",
    why: 'a lease that is over ends nothing',
  },
  {
    file: `${RUN}/settling.ts`,
    find: "[{ guard: 'hasFailed', target: 'rollingBack' }, { target: givenBack }]",
    replace: '[{ target: givenBack }]',
    why: 'a failed create is released as if it had been there',
  },
  {
    file: `${RUN}/settling.ts`,
    find: "{ guard: 'failedForServiceLoss', target: 'reconciling', actions: 'emitServiceLost' },",
    replace: '',
    why: 'a service that is away is not waited for',
  },
  {
    file: `${RUN}/settling.ts`,
    find: "{ guard: { type: 'isTakenUpAt', params: { at: 'interrupted' } }, target: 'rollingBack' },",
    replace: '',
    why: 'an interrupted create is begun again',
  },
  {
    file: `${RUN}/supervised.ts`,
    find: "after: { stopGrace: { target: 'outcomeUnknown' } },",
    replace: '',
    why: 'a call that does not stop is waited for without end',
  },
  {
    file: `${RUN}/supervised.ts`,
    find: "after: { stepDeadline: { target: 'outcomeUnknown', actions: 'recordDeadline' } },",
    replace: "after: { stepDeadline: { target: 'outcomeUnknown' } },",
    why: 'a deadline is no fault',
  },
  {
    file: `${RUN}/supervised.ts`,
    find: "deciding: { always: [{ guard: 'keepsResources', target: 'held' }, { target: 'undoing' }] },",
    replace: "deciding: { always: [{ target: 'undoing' }] },",
    why: 'what was to be kept is released at a deadline',
  },
  {
    file: `${RUN}/supervised.ts`,
    find: "'release.retry': { target: 'undoing' },",
    replace: '',
    why: 'residue beside a hung call cannot be tried again',
  },
  {
    file: `${RUN}/supervised.ts`,
    find: "'provision.cancel': { target: 'stopping', actions: noteCancel },",
    replace: "'provision.cancel': { target: 'stopping' },",
    why: 'a cancel is forgotten when the call answers',
  },
  {
    file: `${RUN}/transitions.ts`,
    find: "export const givenUp = { guard: 'hasFailed', target: FAILING } as const;",
    replace: "export const givenUp = { guard: 'hasExited', target: FAILING } as const;",
    why: 'a late success goes on after a cancel',
  },
  {
    file: `${RUN}/actions.ts`,
    find: 'hasFailed: ({ context }: OfContext) => context.fault !== null,',
    replace: 'hasFailed: ({ context }: OfContext) => context.fault === null,',
    why: 'failure and success are mixed up',
  },
  {
    file: `${RUN}/actions.ts`,
    find: 'nothingIsLeft: (_: OfContext, { residue }: OfResidue) => residue === 0,',
    replace: 'nothingIsLeft: (_: OfContext, { residue }: OfResidue) => residue <= 1,',
    why: 'one residue counts as none',
  },
  {
    file: `${RUN}/actions.ts`,
    find: "which: fault === null ? 'container' : 'all'",
    replace: "which: fault === null ? 'all' : 'container'",
    why: 'the scratch of the caller is removed, that of a failure is not',
  },
  {
    file: `${RUN}/actions.ts`,
    find: "tellReleaser(() => ({ type: 'release.begin', which: 'intended' }))",
    replace: "tellReleaser(() => ({ type: 'release.begin', which: 'all' }))",
    why: 'what was to be kept is undone',
  },
  {
    file: `${RUN}/actions.ts`,
    find: 'context.takenUpAt === at,',
    replace: 'context.takenUpAt !== at,',
    why: 'a new run is taken for an old one',
  },
  {
    file: `${RUN}/service.ts`,
    find: "found === 'gone' && context.service.rested === 'provisioned',",
    replace: "found === 'gone',",
    why: 'a held system that is gone counts as ended',
  },
  {
    file: `${RUN}/service.ts`,
    find: 'context.service.attempts < context.patience.reconcileAttempts,',
    replace: 'context.service.attempts < 1,',
    why: 'the service is asked once',
  },
  {
    file: `${RUN}/reconciling.ts`,
    find: "{ guard: { type: 'rested', params: { at: 'provisioned' } }, target: 'unreachable', actions: 'emitUnreachable' },",
    replace: '',
    why: 'a container that may live loses its layers',
  },
  {
    file: `${CONTAINER}/setup.ts`,
    find: 'return keeps && !context.isGivenBack && acquiring.includes(context.step);',
    replace: 'return keeps && acquiring.includes(context.step);',
    why: 'what was given back is kept a second time',
    tests: ['test/engine/givenBack'],
  },
  {
    file: `${CONTAINER}/setup.ts`,
    find: 'asFault(error, context.step).transient && context',
    replace: '!asFault(error, context.step).transient && context',
    why: 'layers are mounted again when that cannot help',
  },
  {
    file: `${CONTAINER}/mountingLayers.ts`,
    find: "onDone: [givenUp, { target: 'waitingToRetry' }],",
    replace: "onDone: [{ target: 'waitingToRetry' }],",
    why: 'an undo that was cancelled goes on to the next try',
  },
  {
    file: 'src/machines/releaseResource.ts',
    find: "params.answer === 'failed' && context",
    replace: "params.answer !== 'failed' && context",
    why: 'a failed release is not tried again',
    tests: RELEASER,
  },
  {
    file: 'src/machines/releaseResources.ts',
    find: 'dropFirst: assign({ queue: ({ context }) => context.queue.slice(1) }),',
    replace: 'dropFirst: assign({ queue: () => [] }),',
    why: 'a release ends with its first resource',
    tests: RELEASER,
  },
  {
    file: 'src/journal/ledger.ts',
    find: "if (before.state === 'refused') return before;",
    replace: '',
    why: "what is somebody else's becomes ours",
    tests: [...LEDGER, 'test/actors', 'test/engine/stopping', 'test/engine/hanging'],
  },
  {
    file: 'src/journal/ledger.ts',
    find: 'attempts: this.entry(id).attempts + 1, ...faultField(fault) });',
    replace: 'attempts: this.entry(id).attempts, ...faultField(fault) });',
    why: 'tries are not counted',
    tests: LEDGER,
  },
  {
    file: 'src/actors/release.ts',
    find: "which !== 'intended' || entry.state !== 'held')",
    replace: "entry.state !== 'held')",
    why: 'held resources are not released',
    tests: RELEASER,
  },
  {
    file: 'src/actors/releasers.ts',
    find: 'if (!isGone(error)) throw error;',
    replace: 'throw error;',
    why: 'what is gone already is residue',
    tests: ['test/engine/failing.test', ...RELEASER],
  },
  {
    file: `${RUN}/settling.ts`,
    find: "{ guard: 'serviceIsLost', target: 'reconciling' },\n      { target: 'held', actions: 'emitHeld' },",
    replace: "{ target: 'held', actions: 'emitHeld' },",
    why: 'what may be there is given to the caller when the service has died',
    tests: ['test/engine/serviceDiesLater'],
  },
  {
    file: `${RUN}/settling.ts`,
    find: "{ guard: 'serviceIsLost', target: 'reconciling' },\n        { target: 'residue', actions: reportResidue },",
    replace: "{ target: 'residue', actions: reportResidue },",
    why: 'what a dead service could not release is not tried again',
    tests: ['test/engine/serviceDiesLater'],
  },
  ...IN_LIVES,
  ...IN_ACTORS,
];
