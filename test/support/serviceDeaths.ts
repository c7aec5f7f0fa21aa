/** Creates in the middle of which the Host Compute Service dies. */
import type { Clock } from '../../src/index.ts';
import type { CutOff, SimulatedHost } from '../../src/testing/index.ts';

export const CUT_OFFS: readonly CutOff[] = ['undone', 'done'];

/** How long the service is away, in milliseconds: several questions of a run. */
export const AWAY_MS = 4_500;

interface On {
  readonly host: SimulatedHost;
  readonly clock: Clock;
}

/** Resolves to whether the host was asked for its `nth` call before `work` was over. */
async function callMade(host: SimulatedHost, nth: number, work: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  work.then(over, over);
  while (host.calls.length < nth && !isOver) await new Promise((resolve) => setImmediate(resolve));
  return host.calls.length >= nth;
}

interface Death extends NonNullable<Parameters<SimulatedHost['serviceDies']>[0]> {
  /** Default: {@link AWAY_MS}. */
  readonly awayMs?: number;
}

/** The service dies while the `nth` call is on its way; false when `work` makes fewer. */
export async function dieAt(
  { host, clock }: On,
  nth: number,
  work: Promise<unknown>,
  { awayMs = AWAY_MS, ...death }: Death = {},
): Promise<boolean> {
  if (!(await callMade(host, nth, work))) return false;
  await host.serviceDies(death);
  if (awayMs !== Number.POSITIVE_INFINITY) clock.setTimeout(() => host.serviceRestarts(), awayMs);
  return true;
}
