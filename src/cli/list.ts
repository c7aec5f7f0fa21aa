import pc from 'picocolors';
import type { ContainerExit } from '../domain/containerLife.ts';
import { isAlive } from '../domain/resource.ts';
import type { HostPort } from '../hcs/port.ts';
import { type ContainerRunSummary, isContainerRun, isOpen, summarize } from '../journal/runSummary.ts';
import { ageOf } from './age.ts';
import { type HostOptions, openHost } from './hosts.ts';
import { EXIT, type Streams } from './outcome.ts';
import { nextLines, pidOf, type RunStatus, statusCell, statusOf } from './runState.ts';
import { podOf } from './runs.ts';
import { table } from './table.ts';

export interface ListOptions extends HostOptions {
  readonly all?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
}

interface Row {
  readonly id: string;
  readonly status: RunStatus;
  readonly pid: number | null;
  /** How it ended, once it has. */
  readonly exit: Pick<ContainerExit, 'how' | 'exitCode'> | null;
  readonly pod: string | null;
  readonly role: 'sandbox' | 'workload' | null;
  readonly vm: string | null;
  readonly startedAt: string;
  /** Of what is held: when its lease ends. */
  readonly heldUntil: string | null;
  /** How many things of it are on the host, or may be. */
  readonly resources: number;
  readonly bundle: string | null;
  readonly provisionId: string;
}

async function rowOf(host: HostPort, run: ContainerRunSummary): Promise<Row> {
  const pod = podOf(run);
  const status = await statusOf(host, run);
  return {
    id: run.containerId,
    status,
    pid: pidOf(run, status) ?? null,
    exit: exitOf(run),
    pod: pod?.sandboxId ?? null,
    role: pod?.role ?? null,
    vm: run.request.vm ?? null,
    startedAt: run.startedAt,
    heldUntil: run.heldUntil ?? null,
    resources: run.resources.filter(isAlive).length,
    bundle: run.request.bundle ?? null,
    provisionId: run.provisionId,
  };
}

const HEADINGS = ['ID', 'STATUS', 'PID', 'AGE', 'POD', 'VM', 'RESOURCES', 'BUNDLE'];

function exitOf({ life }: ContainerRunSummary): Row['exit'] {
  if (life?.status !== 'stopped') return null;
  const { how = 'unexpected', exitCode } = life;
  return { how, ...(exitCode === undefined ? {} : { exitCode }) };
}

/** `stopped (3)`, `held until ...`. */
function statusText({ status, heldUntil, exit }: Row): string {
  if (status === 'stopped' && exit?.exitCode !== undefined) return `stopped (${exit.exitCode})`;
  return statusCell(status, heldUntil);
}

function cellsOf(row: Row): readonly string[] {
  const { id, pid, startedAt, pod, role, vm, resources, bundle } = row;
  const inPod = pod === null ? '-' : role === 'sandbox' ? 'sandbox' : `in ${pod}`;
  return [
    id,
    statusText(row),
    pid === null ? '-' : String(pid),
    ageOf(startedAt),
    inPod,
    vm ?? '-',
    String(resources),
    bundle ?? '-',
  ];
}

function text(rows: readonly Row[], { all, quiet }: ListOptions): string {
  if (quiet === true) return rows.map(({ id }) => `${id}\n`).join('');
  if (rows.length > 0) return table(HEADINGS, rows.map(cellsOf));
  return pc.dim(
    all === true ? 'nothing was ever created on this host\n' : 'nothing is on this host (--all shows what was)\n',
  );
}

/** `slipway list`: what slipway has made on the host and what has not been given back, or all that ever was. */
export async function list(options: ListOptions, { out, err }: Streams): Promise<number> {
  const { host, journal } = openHost(options);
  const { runs, unreadable } = await summarize(journal);
  const shown = runs.filter(isContainerRun).filter((run) => options.all === true || isOpen(run));
  const rows: Row[] = [];
  for (const run of shown) rows.push(await rowOf(host, run));
  for (const { message } of unreadable) err(`${pc.yellow('!')} ${message}\n`);
  out(options.json === true ? `${JSON.stringify(rows)}\n` : text(rows, options));
  if (options.json !== true && options.quiet !== true) err(nextLines(rows.map(({ status }) => status)));
  return EXIT.done;
}
