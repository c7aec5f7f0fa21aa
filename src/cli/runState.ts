import type { SystemId } from '../domain/ids.ts';
import { isGone } from '../hcs/hostError.ts';
import type { HostPort } from '../hcs/port.ts';
import type { RunSummary } from '../journal/runSummary.ts';

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

const ON_HOST = { Created: 'created', Running: 'running', Paused: 'paused', Stopped: 'stopped' } as const;

async function systemStatus(host: HostPort, id: SystemId): Promise<RunStatus> {
  try {
    const handle = await host.compute.open(id);
    try {
      return ON_HOST[(await host.compute.properties(handle)).State];
    } finally {
      await host.compute.close(handle);
    }
  } catch (error) {
    if (isGone(error)) return 'lost';
    throw error;
  }
}

/** Where the container or VM of a run stands; the host is asked about one that should be there. */
export async function statusOf(
  host: HostPort,
  { status, containerId }: Pick<RunSummary, 'status' | 'containerId'>,
): Promise<RunStatus> {
  if (status === 'provisioned') return systemStatus(host, containerId);
  return status === 'provisioning' ? 'creating' : status;
}
