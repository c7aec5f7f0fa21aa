import { placeInWords, type QueuePlace } from '../domain/admission.ts';
import type { Deadlines, Patience } from '../domain/deadlines.ts';
import type { ProvisionState } from './provisionState.ts';

/** What a provision waits for. Times are milliseconds from the start of its run. */
export interface Waiting {
  /** `turn`: others of its class. `call`: the host. `pause`: a time. `decision`: a word of the caller. `nothing`: it has ended. */
  readonly for: 'turn' | 'call' | 'pause' | 'decision' | 'nothing';
  /** In words: `networking waits for network.addEndpoint (endpoint ...)`. */
  readonly what: string;
  readonly sinceMs: number;
  /** When it goes on without; absent when it waits for ever. */
  readonly untilMs?: number;
}

export interface Situation {
  readonly state: Pick<ProvisionState, 'status' | 'path' | 'step'>;
  /** When the statechart came to where it is. */
  readonly enteredMs: number;
  /** The call to the host that was begun last and has not answered. */
  readonly pending: { readonly call: string; readonly target: string; readonly sinceMs: number } | undefined;
  /** Where it is queued. */
  readonly place: QueuePlace | undefined;
  readonly deadlines: Deadlines;
  readonly patience: Patience;
}

const DECISIONS = {
  provisioned: 'it is provisioned, until somebody releases the container',
  held: 'its resources are held, until somebody releases them (fault.held.release())',
  needsHands: 'something is left: it can be released again or waived (fault.held), or a call answers after all',
} as const;

function callInWords({ pending }: Situation): string {
  return pending === undefined ? 'the host' : `${pending.call} (${pending.target})`;
}

function waitingForService(situation: Situation): Waiting {
  const { state, enteredMs, pending, patience } = situation;
  if (state.path.endsWith('waiting')) {
    const what = 'it waits before it asks again for the compute service, which went away';
    return { for: 'pause', what, sinceMs: enteredMs, untilMs: enteredMs + patience.reconcileRetryMs };
  }
  const what = `the compute service went away; it waits for ${callInWords(situation)}`;
  const untilMs = enteredMs + patience.reconcileDeadlineMs;
  return { for: 'call', what, sinceMs: pending?.sinceMs ?? enteredMs, untilMs };
}

const UNREACHABLE = 'the compute service went away and is not back: release what was made, or start the service';

function waitingForStep(situation: Situation): Waiting {
  const { state, enteredMs, place, deadlines, patience } = situation;
  if (place !== undefined) {
    return { for: 'turn', what: `${state.step} waits for its turn: ${placeInWords(place)}`, sinceMs: enteredMs };
  }
  if (state.path.endsWith('waitingToRetry')) {
    const what = `${state.step} waits before its next try`;
    return { for: 'pause', what, sinceMs: enteredMs, untilMs: enteredMs + patience.layerRetryMs };
  }
  const stopping = state.path.endsWith('stopping');
  const what = `${state.step} ${stopping ? 'was asked to stop and waits' : 'waits'} for ${callInWords(situation)}`;
  const untilMs = enteredMs + (stopping ? patience.stopGraceMs : deadlines[state.step]);
  return { for: 'call', what, sinceMs: situation.pending?.sinceMs ?? enteredMs, untilMs };
}

/** What a provision waits for, since when, and until when. */
export function waitingOf(situation: Situation): Waiting {
  const { state, enteredMs, pending, patience } = situation;
  switch (state.status) {
    case 'failed':
    case 'released':
      return { for: 'nothing', what: `it has ended: ${state.status}, with nothing left`, sinceMs: enteredMs };
    case 'provisioned':
    case 'held':
    case 'needsHands':
      return {
        for: 'decision',
        what: state.path.startsWith('reconciling') ? UNREACHABLE : DECISIONS[state.status],
        sinceMs: enteredMs,
      };
    case 'reconciling':
      return waitingForService(situation);
    case 'undoing': {
      const sinceMs = pending?.sinceMs ?? enteredMs;
      const what = `the release waits for ${callInWords(situation)}`;
      return { for: 'call', what, sinceMs, untilMs: sinceMs + patience.releaseDeadlineMs };
    }
    default:
      return waitingForStep(situation);
  }
}
