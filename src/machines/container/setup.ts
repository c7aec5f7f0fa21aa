import { type ActorRef, assign, type EventObject, emit, type Snapshot, sendTo, setup } from 'xstate';
import type { ExitManner, LifeEvent } from '../../domain/containerLife.ts';
import type { LifePhase } from '../../domain/step.ts';
import { asFault, lifeOverdue, startLost, whereUnknown } from '../faults.ts';
import type { ProcessEvent } from '../process/contract.ts';
import { process } from '../process/machine.ts';
import type { Params } from '../run/making.ts';
import { callbackToBeProvided, toBeProvided } from '../toBeProvided.ts';
import type {
  ContainerContext,
  ContainerEvent,
  ContainerInput,
  ContainerOutput,
  ContainerRef,
  ContainerTag,
  StopAsked,
  SystemFoundAgain,
} from './contract.ts';

type InitProcess = ActorRef<Snapshot<unknown>, ProcessEvent>;

export interface OfHow {
  readonly how: ExitManner;
}
export interface OfCode {
  readonly exitCode?: number | undefined;
}
export interface OfOverdue {
  readonly phase: LifePhase;
  readonly wait: 'startMs' | 'changeMs' | 'terminateMs';
}
export interface OfError {
  readonly error: unknown;
  readonly phase: LifePhase;
}

/** What the life of a container has come to, as far as it is known. */
export function endOf({ how, exitCode }: Pick<ContainerContext, 'how' | 'exitCode'>): ContainerOutput {
  return { how: how ?? 'unexpected', ...(exitCode === null ? {} : { exitCode }) };
}

export const refOf = ({ context: { provisionId, containerId, os } }: { context: ContainerContext }): ContainerRef => ({
  provisionId,
  containerId,
  os,
});

/** Makes actions that change the context. */
const change = <P extends Params>(changed: (context: ContainerContext, params: P) => Partial<ContainerContext>) =>
  assign<ContainerContext, EventObject, P, ContainerEvent, never>(({ context }, params) => changed(context, params));

/** Makes actions that say what happens. */
const say = <P extends Params>(event: (context: ContainerContext, params: P) => LifeEvent) =>
  emit<ContainerContext, EventObject, P, ContainerEvent, LifeEvent>(({ context }, params) => event(context, params));

const changes = {
  keepParameters: change((_, { parameters }: Pick<ContainerContext, 'parameters'>) => ({ parameters })),
  recordPid: change((_, { pid }: { readonly pid: number }) => ({ pid })),
  recordStop: change((_, { stop }: { readonly stop: StopAsked }) => ({ stop })),
  /** The first cause is the cause. */
  recordHow: change((context, { how }: OfHow) => ({ how: context.how ?? how })),
  recordCode: change((_, { exitCode }: OfCode) => ({ exitCode: exitCode ?? null })),
  recordSystemEnd: change(() => ({ systemHasEnded: true })),
  recordFault: change((_, { error, phase }: OfError) => ({ fault: asFault(error, phase) })),
  recordOverdue: change(({ patience }, { phase, wait }: OfOverdue) => ({ fault: lifeOverdue(phase, patience[wait]) })),
  recordUnanswered: change(({ patience }) => ({ fault: whereUnknown(patience.changeMs) })),
  forgetFault: change(() => ({ fault: null })),
  recordPaused: change((_, { isPaused }: { readonly isPaused: boolean }) => ({ isPaused })),
  countQuestion: change(({ attempts }) => ({ attempts: attempts + 1 })),
  forgetQuestions: change(() => ({ attempts: 0 })),
  /** It lives on: what was to end it is to be asked for again. */
  forgetEnd: change(() => ({ how: null, stop: null, systemHasEnded: false })),
  /** What was begun is not gone on with: its parameters may be others the next time. */
  recordLostStart: change(({ parameters, fault }) => ({
    parameters: null,
    fault: parameters === null ? fault : startLost(),
  })),
};

const words = {
  emitStarted: say(({ pid }) => ({ type: 'container.started', pid: pid ?? 0 })),
  emitPaused: say(() => ({ type: 'container.paused' })),
  emitResumed: say(() => ({ type: 'container.resumed' })),
  emitStopRequested: say((_, { stop }: { readonly stop: StopAsked }) => ({ type: 'container.stopRequested', ...stop })),
  emitTerminating: say(() => ({ type: 'container.terminating' })),
  emitFailed: say(({ fault }) => ({
    type: 'container.failed',
    fault: fault ?? asFault('failed without a fault', 'running'),
  })),
  emitStopped: say((context) => ({ type: 'container.stopped', ...endOf(context) })),
  emitDeleted: say(() => ({ type: 'container.deleted' })),
};

const tellInit = sendTo<ContainerContext, EventObject, undefined, InitProcess, ContainerEvent>('init', {
  type: 'system.ended',
});

const types = {
  input: {} as ContainerInput,
  context: {} as ContainerContext,
  events: {} as ContainerEvent,
  output: {} as ContainerOutput,
  emitted: {} as LifeEvent,
  tags: {} as ContainerTag,
  children: {} as { readonly init: 'process' },
};

export const containerSetup = setup({
  types,
  actors: {
    /** Sends `system.exited` when the host says so, also of one that had exited before it was watched. */
    watchSystem: callbackToBeProvided<ContainerRef, ContainerEvent>('watchSystem'),
    startSystem: toBeProvided<void, ContainerRef>('startSystem'),
    pauseSystem: toBeProvided<void, ContainerRef>('pauseSystem'),
    resumeSystem: toBeProvided<void, ContainerRef>('resumeSystem'),
    /** Resolves also when the process has exited already. */
    signalInit: toBeProvided<void, ContainerRef & { readonly signal: string | number }>('signalInit'),
    shutDownSystem: toBeProvided<void, ContainerRef>('shutDownSystem'),
    /** Resolves when the system has ended, whoever has ended it. */
    terminateSystem: toBeProvided<void, ContainerRef>('terminateSystem'),
    lookAtSystem: toBeProvided<SystemFoundAgain, ContainerRef>('lookAtSystem'),
    /** Gives back all that the container stands on; resolves with how much could not be. */
    releaseContainer: toBeProvided<{ readonly residue: number }, ContainerRef>('releaseContainer'),
    process,
  },
  actions: { ...changes, ...words, tellInit },
  guards: {
    isRestored: ({ context }) => context.isRestored,
    systemHasEnded: ({ context }) => context.systemHasEnded,
    isPaused: ({ context }) => context.isPaused,
    isForced: ({ context }) => context.how === 'forced',
    initFailed: (_, { failed }: { readonly failed: boolean }) => failed,
    startWasLost: ({ context }) => context.parameters !== null,
    initNeverWas: ({ context }, { failed }: { readonly failed: boolean }) => failed && context.pid === null,
    initIsLost: ({ context }, { failed }: { readonly failed: boolean }) =>
      failed && context.attempts < context.patience.reconcileAttempts,
    initIsKnown: ({ context }) => context.pid !== null,
    mayNotWait: (_, { stop }: { readonly stop: StopAsked }) => stop.timeoutMs <= 0,
    found: (_, { found, is }: { readonly found: SystemFoundAgain['state']; readonly is: SystemFoundAgain['state'] }) =>
      found === is,
    hasEnded: (_, { found }: { readonly found: SystemFoundAgain['state'] }) => found === 'gone' || found === 'stopped',
    mayAskAgain: ({ context }) => context.attempts < context.patience.reconcileAttempts,
    nothingIsLeft: (_, { residue }: { readonly residue: number }) => residue === 0,
  },
  delays: {
    startDeadline: ({ context }) => context.patience.startMs,
    changeDeadline: ({ context }) => context.patience.changeMs,
    stopTimeout: ({ context }) => context.stop?.timeoutMs ?? 0,
    shutdownDeadline: ({ context }) => context.patience.shutdownMs,
    terminateDeadline: ({ context }) => context.patience.terminateMs,
    reconcileRetry: ({ context }) => context.patience.reconcileRetryMs,
  },
});
