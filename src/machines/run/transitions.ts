/** The transitions and actions that every step of a run has, by their names. */
import type { Finding } from '../../domain/finding.ts';
import type { StepName } from '../../domain/step.ts';

/** Every machine of a run has a state of this id. */
const FAILING = '#failing';

export const errorOf = ({ event }: { event: { readonly error: unknown } }) => ({ error: event.error });
const reasonOf = ({ event }: { event: { readonly reason: string } }) => ({ reason: event.reason });

/** What is done when a step's work begins. */
export const begin = <S extends StepName>(step: S) =>
  [
    { type: 'beginStep', params: { step } },
    { type: 'emitStarted', params: { step } },
  ] as const;

export const finish = <S extends StepName>(step: S) => ({ type: 'emitFinished', params: { step } }) as const;
const skip = <S extends StepName>(step: S) => ({ type: 'emitSkipped', params: { step } }) as const;
const applies = <S extends StepName>(step: S) => ({ type: 'applies', params: { step } }) as const;

/** How a step that not every request has begins: with its work, or, skipped, with its end. */
export const deciding = <S extends StepName, Working extends string>(step: S, working: Working) =>
  ({
    always: [
      { guard: applies(step), target: working, actions: begin(step) },
      { target: 'done', actions: skip(step) },
    ],
  }) as const;

/** The call answered, but the run was already given up: by a cancel, or at its deadline. */
export const givenUp = { guard: 'hasFailed', target: FAILING } as const;

const documentOf = ({ event }: { event: { readonly output: object } }) => ({ document: event.output });

/** The call failed, and with it the step. */
export const failed = {
  target: FAILING,
  actions: [
    { type: 'recordFault', params: errorOf },
    { type: 'emitFailed', params: errorOf },
  ],
} as const;

/** The document is made: it is kept, unless the run was given up meanwhile. */
export const documents = <Next extends string>(next: Next) =>
  ({
    onDone: [givenUp, { target: next, actions: [{ type: 'keepDocument', params: documentOf }, finish('documenting')] }],
    onError: [givenUp, failed],
  }) as const;

/** The request is valid: what follows from it is kept, and what is remarkable is said. */
export const validates = <Valid extends { readonly warnings: readonly Finding[] }, Next extends string>(next: Next) => {
  const validOf = ({ event }: { event: { readonly output: Valid } }) => ({ validated: event.output });
  const warningsOf = ({ event }: { event: { readonly output: Valid } }) => ({ warnings: event.output.warnings });
  return {
    onDone: [
      givenUp,
      {
        target: next,
        actions: [
          { type: 'keepValidated', params: validOf },
          { type: 'emitWarnings', params: warningsOf },
          finish('validating'),
        ],
      },
    ],
    onError: [givenUp, failed],
  } as const;
};

export const noteCancel = [
  { type: 'recordCancel', params: reasonOf },
  { type: 'emitCancelRequested', params: reasonOf },
] as const;

/** Nothing runs: the run fails at once. */
export const cancelNow = { target: FAILING, actions: noteCancel } as const;

/** The service went away in the middle of a create: what is on its way to it is answered so, and the create fails. */
export const failForServiceLoss = ['noteServiceLoss', 'recordServiceLoss', 'emitServiceLost'] as const;

/** The same where nothing runs. */
export const loseServiceNow = { target: FAILING, actions: failForServiceLoss } as const;
