import pc from 'picocolors';
import type { ProvisionEvent } from '../domain/events.ts';
import { describeResource } from '../domain/resource.ts';
import type { Provisioner } from '../engine/contract.ts';
import { type ReleaseReport, RunEnded, RunInProgress } from '../engine/faults.ts';
import { createProvisioner } from '../engine/provisioner.ts';
import { leftOf } from '../engine/recovering.ts';
import { type ContainerRunSummary, isContainerRun, isOpen, type RunSummary } from '../journal/runSummary.ts';
import { type HostOptions, openHost } from './hosts.ts';
import { BadInput, Refusal } from './input.ts';
import { EXIT, type Streams } from './outcome.ts';
import { podOf, runOf, workloadsOf } from './runs.ts';

export interface ReleaseOptions extends HostOptions {
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Workloads before the sandbox whose network they use. */
function inOrder(runs: readonly ContainerRunSummary[]): readonly ContainerRunSummary[] {
  const isSandbox = (run: ContainerRunSummary) => (podOf(run)?.role === 'sandbox' ? 1 : 0);
  return runs.toSorted((a, b) => isSandbox(a) - isSandbox(b));
}

function chosen(
  ids: readonly string[],
  { all }: ReleaseOptions,
  runs: readonly ContainerRunSummary[],
): readonly ContainerRunSummary[] {
  if ((ids.length === 0) !== (all === true)) {
    throw new BadInput(
      'container-not-chosen',
      all === true ? '--all and ids exclude each other' : 'no container was named',
      'Name one or more (slipway list shows them), or say --all.',
    );
  }
  return inOrder(all === true ? runs.filter(isOpen) : ids.map((id) => runOf(runs, id)));
}

/** @throws {Refusal} when somebody who is not released as well lives in the network of one that is. */
export function refuseUsed(released: readonly ContainerRunSummary[], runs: readonly ContainerRunSummary[]): void {
  for (const run of released) {
    const users = workloadsOf(runs, run).filter((workload) => !released.includes(workload));
    if (users.length === 0) continue;
    const names = users.map(({ containerId }) => containerId).join(', ');
    throw new Refusal(
      'sandbox-in-use',
      `the sandbox ${run.containerId} lends its network to ${names}`,
      `Release them first, or together: slipway release ${run.containerId} ${names.replaceAll(', ', ' ')}`,
    );
  }
}

async function giveBack(provisioner: Provisioner, run: ContainerRunSummary, watch: (event: ProvisionEvent) => void) {
  const provision = await provisioner.takeUp(run.provisionId);
  try {
    const { container } = await provision.result;
    container.events$.subscribe(watch);
    return await container.release();
  } catch (error) {
    return leftOf(error);
  }
}

export async function releaseOne(
  provisioner: Provisioner,
  run: ContainerRunSummary,
  watch: (event: ProvisionEvent) => void,
) {
  if (!isOpen(run)) return { released: [], residue: [] };
  try {
    return await giveBack(provisioner, run, watch);
  } catch (error) {
    // Another process was first.
    if (error instanceof RunEnded) return { released: [], residue: [] };
    return refuseRunning(error);
  }
}

/** @throws {Refusal} when another process is at it, and else what was thrown */
export function refuseRunning(error: unknown): never {
  if (!(error instanceof RunInProgress)) throw error;
  throw new Refusal(error.code, error.message, 'slipway list shows when it is done.');
}

export function showEvent(event: ProvisionEvent, { out }: Streams): void {
  if (event.type !== 'resource.changed') return;
  const { state, resource, wentWith } = event.entry;
  const how = wentWith === undefined ? '' : pc.dim(`  (it went with the VM ${wentWith})`);
  if (state === 'released') out(`${pc.yellow('↶')} released     ${describeResource(resource)}${how}\n`);
  if (state === 'handedOver') out(`${pc.dim('–')} stays yours  ${describeResource(resource)}\n`);
}

/** @param again the command that tries again what is left */
export function showReport(run: RunSummary, { residue }: ReleaseReport, again: string, { out, err }: Streams): void {
  const { containerId } = run;
  if (residue.length === 0) {
    const how = isOpen(run) ? 'is released' : `was ${run.status} before`;
    out(`${pc.bold(containerId)} ${pc.green(how)}: nothing of it is left that is not yours\n`);
    return;
  }
  err(`${pc.red('left')} of ${pc.bold(containerId)}, to be tried again with ${again}:\n`);
  for (const { resource, fault } of residue) {
    err(`  ${describeResource(resource)}\n    ${fault?.message ?? ''}\n    ${pc.cyan('→')} ${fault?.hint ?? ''}\n`);
  }
}

/** A release cannot be cancelled; the process that does it should not be ended either. */
export function outliveInterrupts({ err }: Streams): () => void {
  const onInterrupt = (): void => err(`${pc.yellow('a release is not interrupted')}: it goes on to its end\n`);
  process.on('SIGINT', onInterrupt);
  return () => process.removeListener('SIGINT', onInterrupt);
}

/** `slipway release`: gives containers back, also what a failed or interrupted create has left. Exit code 1: something is left. */
export async function release(ids: readonly string[], options: ReleaseOptions, streams: Streams): Promise<number> {
  const provisioner = await createProvisioner(openHost(options));
  const runs = (await provisioner.runs()).runs.filter(isContainerRun);
  const released = chosen(ids, options, runs);
  refuseUsed(released, runs);
  const stop = outliveInterrupts(streams);
  let left = 0;
  try {
    for (const run of released) {
      const report = await releaseOne(provisioner, run, (event) => options.json === true || showEvent(event, streams));
      left += report.residue.length;
      if (options.json !== true) showReport(run, report, `slipway release ${run.containerId}`, streams);
      else streams.out(`${JSON.stringify({ ok: report.residue.length === 0, id: run.containerId, ...report })}\n`);
    }
  } finally {
    stop();
  }
  return left === 0 ? EXIT.done : EXIT.failed;
}
