/** The actions, guards and delays of a run whose compute service went away: for its `setup`. */
import type { EventObject } from 'xstate';
import type { SystemAfterLoss } from '../../domain/events.ts';
import { serviceDisconnected } from '../faults.ts';
import type { RunContext, ServiceView } from './contract.ts';
import { changingRun, type OfContext, saying } from './making.ts';

export interface OfFound {
  readonly found: SystemAfterLoss;
}
export interface OfRest {
  readonly at: NonNullable<ServiceView['rested']>;
}

export function serviceActions<C extends RunContext, E extends EventObject>() {
  const change = changingRun<C, E>();
  const say = saying<C, E>();
  return {
    noteServiceLoss: change(({ service }) => ({ service: { ...service, isLost: true } })),
    recordServiceLoss: change(({ fault, step }) => ({ fault: fault ?? serviceDisconnected(step) })),
    noteRest: change(({ service }, { at }: OfRest) => ({ service: { ...service, rested: at } })),
    forgetRest: change(({ service }) => ({ service: { ...service, rested: null } })),
    beginReconciling: change(({ service }) => ({ service: { ...service, attempts: 0 } })),
    countQuestion: change(({ service }) => ({
      service: { ...service, isLost: false, attempts: service.attempts + 1 },
    })),
    recordExit: change((_, { reason }: { readonly reason: string }) => ({ exited: reason })),
    emitServiceLost: say(() => ({ type: 'service.disconnected' })),
    emitReconciled: say((_, { found }: OfFound) => ({ type: 'service.reconciled', found })),
    emitUnreachable: say(({ service }) => ({ type: 'service.unreachable', attempts: service.attempts })),
  };
}

export const serviceGuards = {
  serviceIsLost: ({ context }: OfContext) => context.service.isLost,
  failedForServiceLoss: ({ context }: OfContext) => context.fault?.code === 'service-disconnected',
  mayAskServiceAgain: ({ context }: OfContext) => context.service.attempts < context.patience.reconcileAttempts,
  rested: ({ context }: OfContext, { at }: OfRest) => context.service.rested === at,
  /** Nobody had asked what was made to end. */
  hasVanished: ({ context }: OfContext, { found }: OfFound) =>
    found === 'gone' && context.service.rested === 'provisioned',
  hasExited: ({ context }: OfContext) => context.exited !== null,
  hasNotFailed: ({ context }: OfContext) => context.fault === null,
};

export const serviceDelays = {
  reconcileRetry: ({ context }: OfContext) => context.patience.reconcileRetryMs,
  reconcileDeadline: ({ context }: OfContext) => context.patience.reconcileDeadlineMs,
};
