/** Whether a pod is started again, and when: no clock, no host. */
import type { ContainerExit } from 'slipway';
import type { PodEnd, RestartPolicy } from './pod.ts';
import type { Why } from './why.ts';

export interface BackOff {
  /** Milliseconds before the first new try; twice as many before each that follows. */
  readonly baseMs: number;
  /** The most that they become. */
  readonly ceilingMs: number;
  /** How long a container must have run for its end to count as the first one. */
  readonly steadyMs: number;
}

export const DEFAULT_BACK_OFF: BackOff = { baseMs: 1_000, ceilingMs: 300_000, steadyMs: 600_000 };

/** How one container of a pod came to its end, when nobody had asked for that. */
export type Ending =
  | { readonly kind: 'exited'; readonly exit: ContainerExit; readonly ranMs: number }
  /** `wasStarted`: its first process may have run. */
  | { readonly kind: 'failed'; readonly why: Why; readonly wasStarted: boolean };

export type Verdict =
  | { readonly kind: 'again'; readonly delayMs: number; readonly inARow: number }
  | { readonly kind: 'over'; readonly end: PodEnd };

/** An exit whose code nobody knows may have been a failure. */
const isFailure = ({ exitCode }: ContainerExit): boolean => exitCode !== 0;

function isWantedAgain(policy: RestartPolicy, ending: Ending): boolean {
  if (ending.kind === 'failed') return ending.why.transient && !(policy === 'never' && ending.wasStarted);
  return policy === 'always' || (policy === 'onFailure' && isFailure(ending.exit));
}

export function delayOf({ baseMs, ceilingMs }: BackOff, inARow: number): number {
  return Math.min(ceilingMs, baseMs * 2 ** (inARow - 1));
}

function endOf(ending: Ending): PodEnd {
  return ending.kind === 'exited' ? { kind: 'exited', exit: ending.exit } : { kind: 'failed', why: ending.why };
}

/** @param before how many endings there were in a row */
export function verdictOn(policy: RestartPolicy, ending: Ending, before: number, backOff: BackOff): Verdict {
  if (!isWantedAgain(policy, ending)) return { kind: 'over', end: endOf(ending) };
  const wasSteady = ending.kind === 'exited' && ending.ranMs >= backOff.steadyMs;
  const inARow = wasSteady ? 1 : before + 1;
  return { kind: 'again', delayMs: delayOf(backOff, inARow), inARow };
}
