import { describeResource } from '../domain/resource.ts';
import { type ContainerRunSummary, isContainerRun, type RunSummary, summarize } from '../journal/runSummary.ts';
import { parseSpec } from '../oci/spec.ts';
import { type HostOptions, openHost } from './hosts.ts';
import { EXIT, type Streams } from './outcome.ts';
import { lifeFields, nextFor, pidOf, type RunStatus, statusOf } from './runState.ts';
import { podOf, runOf } from './runs.ts';

export interface StateOptions extends HostOptions {
  /** On one line. */
  readonly json?: boolean | undefined;
}

/** What is told of the run itself. */
export function provisionOf(run: RunSummary): object {
  return {
    id: run.provisionId,
    status: run.status,
    startedAt: run.startedAt,
    statusSince: run.statusSince,
    heldUntil: run.heldUntil ?? null,
    next: nextFor(run.status) ?? null,
    fault: run.fault ?? null,
    resources: run.resources.map(({ id, resource, state, step, attempts, fault, wentWith }) => ({
      id,
      what: describeResource(resource),
      state,
      step,
      attempts,
      ...(fault === undefined ? {} : { fault }),
      ...(wentWith === undefined ? {} : { wentWith }),
      resource,
    })),
  };
}

/** The state of the OCI runtime spec (runtime.md, State), and beside it what slipway knows more. */
function stateOf(run: ContainerRunSummary, status: RunStatus): object {
  const { spec } = parseSpec(run.request.spec);
  const pid = pidOf(run, status);
  return {
    ociVersion: spec.ociVersion ?? '1.1.0',
    id: run.containerId,
    status,
    ...(pid === undefined ? {} : { pid }),
    ...(run.request.bundle === undefined ? {} : { bundle: run.request.bundle }),
    annotations: spec.annotations ?? {},
    life: lifeFields(run),
    provision: { ...provisionOf(run), pod: podOf(run) ?? null, vm: run.request.vm ?? null },
  };
}

/** `slipway state ID`: the state of a container as JSON, and its resources. @throws {Refusal} for an unknown one. */
export async function state(id: string, options: StateOptions, { out }: Streams): Promise<number> {
  const { host, journal } = openHost(options);
  const run = runOf((await summarize(journal)).runs.filter(isContainerRun), id);
  const shown = stateOf(run, await statusOf(host, run));
  out(`${JSON.stringify(shown, null, options.json === true ? 0 : 2)}\n`);
  return EXIT.done;
}
