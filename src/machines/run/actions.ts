/** The actions, guards and delays that the machine of every run has: for its `setup`. */
import { type ActorRef, type EventObject, enqueueActions, type Snapshot, sendTo } from 'xstate';
import type { AdmissionClass, QueuePlace } from '../../domain/admission.ts';
import type { MachineEvent } from '../../domain/events.ts';
import type { Finding } from '../../domain/finding.ts';
import type { ResourceId } from '../../domain/ids.ts';
import type { StepName } from '../../domain/step.ts';
import { asFault, cancelled, deadlineExceeded, unanswered } from '../faults.ts';
import type { ReleaseResourcesEvent } from '../releaseResources.ts';
import type { RunContext, TakenUp } from './contract.ts';
import { changingRun, type OfContext, type Params, saying } from './making.ts';
import { serviceActions, serviceDelays, serviceGuards } from './service.ts';

export interface OfStep {
  readonly step: StepName;
}
export interface OfError {
  readonly error: unknown;
}
export interface OfResidue {
  readonly residue: number;
}

type Releaser = ActorRef<Snapshot<unknown>, ReleaseResourcesEvent>;

const tellingReleaser =
  <C extends RunContext, E extends EventObject>() =>
  <P extends Params>(event: (context: C, params: P) => ReleaseResourcesEvent) =>
    sendTo<C, EventObject, P, Releaser, E>('releaser', ({ context }, params) => event(context, params));

const overdue = ({ fault, step, deadlines }: RunContext) => fault ?? deadlineExceeded(step, deadlines[step]);
const purposeOf = ({ fault }: RunContext) => (fault === null ? 'release' : 'rollback');

function stepActions<C extends RunContext, E extends EventObject>() {
  const say = saying<C, E>();
  return {
    beginStep: changingRun<C, E>()((_, { step }: OfStep) => ({ step })),
    emitStarted: say((_, { step }: OfStep) => ({ type: 'step.started', step })),
    emitQueued: say(({ step }, { place }: { readonly place: QueuePlace }) => ({ type: 'step.queued', step, ...place })),
    emitAdmitted: say(({ step }, admitted: { readonly class: AdmissionClass }) => ({
      type: 'step.admitted',
      step,
      ...admitted,
    })),
    emitFinished: say((_, { step }: OfStep) => ({ type: 'step.finished', step })),
    emitSkipped: say(({ plan }, { step }: OfStep) => {
      const planned = plan.find((one) => one.step === step);
      const reason = planned === undefined || planned.applies ? 'it does not apply' : planned.reason;
      return { type: 'step.skipped', step, reason };
    }),
    emitWarnings: enqueueActions<
      C,
      EventObject,
      { readonly warnings: readonly Finding[] },
      E,
      never,
      never,
      never,
      never,
      MachineEvent
    >(({ enqueue }, { warnings }) => {
      for (const finding of warnings) enqueue.emit({ type: 'request.warned', finding });
    }),
    emitFailed: say(({ step }, { error }: OfError) => ({ type: 'step.failed', step, fault: asFault(error, step) })),
    emitOutcomeUnknown: say((context) => ({
      type: 'step.outcomeUnknown',
      step: context.step,
      fault: overdue(context),
    })),
  };
}

function faultActions<C extends RunContext, E extends EventObject>() {
  const change = changingRun<C, E>();
  return {
    recordFault: change(({ fault, step }, { error }: OfError) => ({ fault: fault ?? asFault(error, step) })),
    nameUnansweredCall: change(({ fault }, { call }: { readonly call: string | null }) => ({
      fault: fault === null || call === null ? fault : unanswered(fault, call),
    })),
    noteGivenBack: change(() => ({ isGivenBack: true })),
    recordDeadline: change((context) => ({ fault: overdue(context) })),
    recordCancel: change(({ fault, step }, { reason }: { readonly reason: string }) => ({
      fault: fault ?? cancelled(step, reason),
    })),
  };
}

function endActions<C extends RunContext, E extends EventObject>() {
  const say = saying<C, E>();
  return {
    emitCancelRequested: say((_, { reason }: { readonly reason: string }) => ({
      type: 'provision.cancelRequested',
      reason,
    })),
    emitCompleted: say(() => ({ type: 'provision.completed' })),
    emitHeld: say(({ fault, step }) => ({
      type: 'provision.held',
      fault: fault ?? asFault('held without a fault', step),
    })),
    emitLeaseExpired: say(() => ({ type: 'lease.expired' })),
    emitReleaseStarted: say((context) => ({ type: 'release.started', purpose: purposeOf(context) })),
    emitReleaseFinished: say((context, { residue }: OfResidue) => ({
      type: 'release.finished',
      purpose: purposeOf(context),
      residue,
    })),
  };
}

function releaseActions<C extends RunContext, E extends EventObject>() {
  const tellReleaser = tellingReleaser<C, E>();
  return {
    beginRelease: tellReleaser(({ fault }) => ({ type: 'release.begin', which: fault === null ? 'container' : 'all' })),
    undoIntents: tellReleaser(() => ({ type: 'release.begin', which: 'intended' })),
    waive: tellReleaser((_, { resource }: { readonly resource: ResourceId }) => ({ type: 'release.waive', resource })),
  };
}

/** By context and events of the machine. */
export function runActions<C extends RunContext, E extends EventObject>() {
  return {
    ...stepActions<C, E>(),
    ...faultActions<C, E>(),
    ...endActions<C, E>(),
    ...releaseActions<C, E>(),
    ...serviceActions<C, E>(),
  };
}

export const runGuards = {
  ...serviceGuards,
  applies: ({ context }: OfContext, { step }: OfStep) =>
    context.plan.some((planned) => planned.step === step && planned.applies),
  isTakenUpAt: ({ context }: OfContext, { at }: { readonly at: TakenUp['at'] }) => context.takenUpAt === at,
  hasFailed: ({ context }: OfContext) => context.fault !== null,
  failedAndNothingIsLeft: ({ context }: OfContext, { residue }: OfResidue) => context.fault !== null && residue === 0,
  nothingIsLeft: (_: OfContext, { residue }: OfResidue) => residue === 0,
};

export const runDelays = {
  ...serviceDelays,
  stepDeadline: ({ context }: OfContext) => context.deadlines[context.step],
  stopGrace: ({ context }: OfContext) => context.patience.stopGraceMs,
};
