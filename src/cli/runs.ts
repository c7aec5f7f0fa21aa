/** Finding runs by what a person calls them. */
import type { NamespaceId } from '../domain/ids.ts';
import type { CreateRequest } from '../domain/request.ts';
import { isAlive } from '../domain/resource.ts';
import type { Provisioner } from '../engine/contract.ts';
import { systemCodeOf } from '../hcs/systemError.ts';
import { type ContainerRunSummary, isOpen, type RunSummary } from '../journal/runSummary.ts';
import { unwritable } from '../journal/unwritable.ts';
import { type PodRole, podRoleOf } from '../oci/pod.ts';
import { parseSpec } from '../oci/spec.ts';
import { Refusal } from './input.ts';

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The place in a pod of the container that a run made. */
export function podOf({ request }: ContainerRunSummary): PodRole | undefined {
  return podRoleOf(parseSpec(request.spec).spec);
}

/** The newest run of that container, or the run of that id; runs with something on the host come first. */
export function findRun<Run extends RunSummary>(runs: readonly Run[], id: string): Run | undefined {
  const named = runs.filter(({ containerId, provisionId }) => same(containerId, id) || same(provisionId, id));
  return named.findLast(isOpen) ?? named.at(-1);
}

/** @throws {Refusal} */
export function runOf(runs: readonly ContainerRunSummary[], id: string): ContainerRunSummary {
  const run = findRun(runs, id);
  if (run !== undefined) return run;
  throw new Refusal(
    'container-unknown',
    `there is no container ${id} that slipway has made on this host`,
    'slipway list --all shows those that there are and were; --host chooses the host.',
  );
}

/** @throws {Refusal} when a run has the id, and something on the host. */
function refuseTaken(runs: readonly ContainerRunSummary[], id: string | undefined): void {
  const run = id === undefined ? undefined : findRun(runs, id);
  if (run === undefined || !isOpen(run)) return;
  throw new Refusal(
    'id-in-use',
    `there is a container ${run.containerId} already: ${run.status} since ${run.startedAt}, by run ${run.provisionId}`,
    `Look at it with slipway state ${run.containerId}, give it back with slipway release ${run.containerId}, or use another id.`,
  );
}

/** The namespace that the sandbox of the pod is in, where it was made here: its workloads join it. */
function namespaceOfSandbox(runs: readonly ContainerRunSummary[], pod: PodRole | undefined): string | undefined {
  if (pod?.role !== 'workload') return undefined;
  const sandbox = findRun(runs, pod.sandboxId);
  if (sandbox === undefined || !isOpen(sandbox)) return undefined;
  const made = sandbox.resources.filter(isAlive).flatMap(({ resource }): NamespaceId[] => {
    return resource.kind === 'namespace' ? [resource.id] : [];
  });
  return made[0] ?? sandbox.request.networkNamespace;
}

/** The VM that the sandbox of the pod is in. */
function vmOfSandbox(runs: readonly ContainerRunSummary[], pod: PodRole | undefined): string | undefined {
  const sandbox = pod?.role === 'workload' ? findRun(runs, pod.sandboxId) : undefined;
  return sandbox !== undefined && isOpen(sandbox) ? sandbox.request.vm : undefined;
}

/**
 * The request as it is when it meets what slipway has made on the host before: a workload joins its sandbox.
 * @throws {Refusal} when the id is taken
 */
export function amongRuns(
  request: CreateRequest,
  pod: PodRole | undefined,
  runs: readonly ContainerRunSummary[],
): CreateRequest {
  refuseTaken(runs, request.id);
  return {
    ...request,
    networkNamespace: request.networkNamespace ?? namespaceOfSandbox(runs, pod),
    vm: request.vm ?? vmOfSandbox(runs, pod),
  };
}

/** The open runs of the workloads that live in the network of this sandbox. */
export function workloadsOf(
  runs: readonly ContainerRunSummary[],
  sandbox: ContainerRunSummary,
): readonly ContainerRunSummary[] {
  if (podOf(sandbox)?.role !== 'sandbox') return [];
  return runs.filter((run) => {
    const pod = podOf(run);
    return isOpen(run) && pod?.role === 'workload' && same(pod.sandboxId, sandbox.containerId);
  });
}

/**
 * What was made on the host before a create.
 * @throws {JournalUnwritable} when the journal cannot be looked at: it would take no new run either
 */
export async function runsBefore(provisioner: Pick<Provisioner, 'runs'>): Promise<readonly RunSummary[]> {
  try {
    return (await provisioner.runs()).runs;
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    throw unwritable(error instanceof Error && 'path' in error ? String(error.path) : 'the folder of the runs', error);
  }
}
