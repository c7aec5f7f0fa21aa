import pc from 'picocolors';
import { lookAtSystem, type SystemFound } from '../actors/looking.ts';
import type { HostPort } from '../hcs/port.ts';
import type { RunSummary } from '../journal/runSummary.ts';
import { minuteOf } from './age.ts';

/** In the words of the OCI runtime spec where it has one. `lost`: it was provisioned and is not on the host any more. */
export type RunStatus =
  | 'creating'
  | 'created'
  | 'running'
  | 'paused'
  | 'stopped'
  | 'lost'
  | 'undoing'
  | 'held'
  | 'needsHands'
  | 'interrupted'
  | 'failed'
  | 'released';

const ON_HOST: { readonly [Found in SystemFound]: RunStatus } = {
  Created: 'created',
  Running: 'running',
  Paused: 'paused',
  Stopped: 'stopped',
  gone: 'lost',
};

const NEXT: Readonly<Record<string, string>> = {
  interrupted: 'slipway recover finishes what their processes have left',
  needsHands: 'slipway residue list shows what is left of them',
  held: 'slipway held list shows what is kept, and until when',
};

/** What to do next about runs of this status; undefined where nothing is called for. */
export const nextFor = (status: RunSummary['status']): string | undefined => NEXT[status];

/** The same under a table, a line for each status that calls for something. */
export function nextLines(statuses: readonly RunStatus[]): string {
  const lines = Object.entries(NEXT).flatMap(([status, next]) => {
    const count = statuses.filter((one) => one === status).length;
    return count === 0 ? [] : `${pc.yellow('!')} ${count} ${status}: ${next}\n`;
  });
  return lines.join('');
}

/** The status with the end of a lease. */
export function statusCell(status: RunStatus, heldUntil: string | null): string {
  return status === 'held' && heldUntil !== null ? `held until ${minuteOf(heldUntil)}` : status;
}

/** Of its first process, while it runs. */
export function pidOf({ life }: Pick<RunSummary, 'life'>, status: RunStatus): number | undefined {
  return status === 'running' || status === 'paused' ? life?.pid : undefined;
}

/** What is told of the life of a container, in an order that does not change; null before its start. */
export function lifeFields({ life }: Pick<RunSummary, 'life'>): object | null {
  if (life === undefined) return null;
  const { status, pid, at, how, exitCode } = life;
  return { status, at, pid: pid ?? null, how: how ?? null, exitCode: exitCode ?? null };
}

/** Where the container or VM of a run stands; the host is asked about one that should be there. */
export async function statusOf(
  host: HostPort,
  { status, containerId, life }: Pick<RunSummary, 'status' | 'containerId' | 'life'>,
): Promise<RunStatus> {
  if (status === 'provisioned') {
    const found = ON_HOST[await lookAtSystem(host, containerId)];
    return found === 'lost' && life?.status === 'stopped' ? 'stopped' : found;
  }
  return status === 'provisioning' ? 'creating' : status;
}
