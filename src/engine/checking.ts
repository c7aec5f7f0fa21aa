/** Whether a request could be carried out, asked without carrying it out. */
import { toFault } from '../actors/faults.ts';
import { initialize, validate } from '../actors/prepare.ts';
import { Run, type Runs } from '../actors/run.ts';
import { DEFAULT_DEADLINES } from '../domain/deadlines.ts';
import type { Finding } from '../domain/finding.ts';
import type { ContainerId, ProvisionId } from '../domain/ids.ts';
import type { CreateRequest } from '../domain/request.ts';
import { memoryLedgerStore } from '../journal/store.ts';
import { deadlineExceeded } from '../machines/faults.ts';
import { withoutResources } from './faults.ts';
import { inTime } from './inTime.ts';
import { startFindings } from './life/begin.ts';

/** What is wrong with a request, and what is remarkable; nothing at all, where all of it is empty. */
export interface CheckedRequest {
  /** What a create refuses the request for. */
  readonly findings: readonly Finding[];
  /** What the start of the container would be refused for. */
  readonly atStart: readonly Finding[];
  readonly warnings: readonly Finding[];
}

export interface Checking {
  readonly provisionId: ProvisionId;
  readonly containerId: ContainerId;
  readonly request: CreateRequest;
  /** How long the host may take to answer, in milliseconds. */
  readonly deadlineMs: number | undefined;
}

/** A run that no store hears of, and of which nothing is told. */
function unwrittenRun(runs: Runs, id: ProvisionId): Promise<Run> {
  const { report: _, ...dependencies } = runs.dependencies;
  return Run.open({ id, number: 0, sharedFolders: new Set() }, { ...dependencies, store: memoryLedgerStore() });
}

async function lookedAt(runs: Runs, { provisionId, request }: Checking) {
  const run = await unwrittenRun(runs, provisionId);
  const { facts, settings } = await initialize(run, runs, request);
  return validate(run, { request, settings, facts });
}

/**
 * The validation of a create, and nothing else of it: only reads the host.
 * @throws {ProvisionFault} when the host does not answer, or not in time
 */
export async function checkRequest(runs: Runs, checking: Checking): Promise<CheckedRequest> {
  const { provisionId, containerId, request, deadlineMs: ms = DEFAULT_DEADLINES.validating } = checking;
  const atStart = startFindings(request.spec);
  try {
    const overdue = deadlineExceeded('validating', ms);
    const looking = lookedAt(runs, checking);
    const { warnings } = await inTime(looking, { clock: runs.dependencies.clock, ms, overdue });
    return { findings: [], atStart, warnings };
  } catch (error) {
    const fault = toFault(error, 'validating');
    if (fault.findings !== undefined) return { findings: fault.findings, atStart, warnings: [] };
    throw withoutResources({ provisionId, containerId }, fault);
  }
}
