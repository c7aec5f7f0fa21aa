import { vmId } from '../../domain/ids.ts';
import { isAlive } from '../../domain/resource.ts';
import { isOpen, isVmRun, summarize } from '../../journal/runSummary.ts';
import { usersOf } from '../../journal/vmRuns.ts';
import { ageOf } from '../age.ts';
import { openHost } from '../hosts.ts';
import type { ListOptions } from '../list.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { nextLines, statusCell, statusOf } from '../runState.ts';
import { table } from '../table.ts';

const HEADINGS = ['ID', 'STATUS', 'AGE', 'GUEST', 'PROCESSORS', 'CONTAINERS'];

/** `slipway vm list`: the utility VMs that slipway has made on the host and not given back, or all that ever were. */
export async function listVms({ all, quiet, json, ...options }: ListOptions, { out, err }: Streams): Promise<number> {
  const { host, journal } = openHost(options);
  const runs = (await summarize(journal)).runs.filter(isVmRun).filter((run) => all === true || isOpen(run));
  const rows = await Promise.all(
    runs.map(async (run) => ({
      id: run.containerId,
      status: await statusOf(host, run),
      startedAt: run.startedAt,
      heldUntil: run.heldUntil ?? null,
      guest: run.traits?.guest ?? null,
      processorCount: run.traits?.processorCount ?? null,
      containers: await usersOf(journal, vmId(run.containerId)),
      resources: run.resources.filter(isAlive).length,
      provisionId: run.provisionId,
    })),
  );
  const cells = rows.map(({ id, status, startedAt, heldUntil, guest, processorCount, containers }) => [
    id,
    statusCell(status, heldUntil),
    ageOf(startedAt),
    guest ?? '-',
    String(processorCount ?? '-'),
    containers.length === 0 ? '-' : containers.join(','),
  ]);
  if (json === true) out(`${JSON.stringify(rows)}\n`);
  else if (quiet === true) out(rows.map(({ id }) => `${id}\n`).join(''));
  else out(rows.length === 0 ? 'there is no utility VM on this host\n' : table(HEADINGS, cells));
  if (json !== true && quiet !== true) err(nextLines(rows.map(({ status }) => status)));
  return EXIT.done;
}
