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

/** Where the container or VM of a run stands; the host is asked about one that should be there. */
export async function statusOf(
  host: HostPort,
  { status, containerId }: Pick<RunSummary, 'status' | 'containerId'>,
): Promise<RunStatus> {
  if (status === 'provisioned') return ON_HOST[await lookAtSystem(host, containerId)];
  return status === 'provisioning' ? 'creating' : status;
}
