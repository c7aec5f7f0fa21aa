import type { Provisioner } from '../../engine/contract.ts';
import { type ReleaseReport, VmInUse } from '../../engine/faults.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import { leftOf } from '../../engine/recovering.ts';
import { isOpen, type VmRunSummary } from '../../journal/runSummary.ts';
import { type HostOptions, openHost } from '../hosts.ts';
import { Refusal } from '../input.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { outliveInterrupts, refuseRunning, showEvent, showReport } from '../release.ts';
import { vmRunOf } from './runs.ts';

export interface VmDeleteOptions extends HostOptions {
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

async function stop(provisioner: Provisioner, run: VmRunSummary, { force, json }: VmDeleteOptions, streams: Streams) {
  const provision = await provisioner.takeUpVm(run.provisionId);
  try {
    const { vm } = await provision.result;
    vm.events$.subscribe((event) => json === true || showEvent(event, streams));
    return await vm.stop({ force: force === true });
  } catch (error) {
    return leftOf(error);
  }
}

/** @throws {Refusal} */
function refuse(error: unknown): never {
  if (!(error instanceof VmInUse)) return refuseRunning(error);
  const ids = error.users.join(' ');
  const hint = `Release them first (slipway release ${ids}), or say --force.`;
  throw new Refusal(error.code, error.message, hint);
}

/** `slipway vm delete ID`: ends a VM and gives back what it stood on. Exit code 1: something is left. */
export async function deleteVm(id: string, options: VmDeleteOptions, streams: Streams): Promise<number> {
  const provisioner = await createProvisioner(openHost(options));
  const run = vmRunOf((await provisioner.runs()).runs, id);
  const restore = outliveInterrupts(streams);
  try {
    const nothing: ReleaseReport = { released: [], residue: [] };
    const report = isOpen(run) ? await stop(provisioner, run, options, streams).catch(refuse) : nothing;
    const ok = report.residue.length === 0;
    if (options.json === true) streams.out(`${JSON.stringify({ ok, id: run.containerId, ...report })}\n`);
    else showReport(run, report, `slipway vm delete ${run.containerId}`, streams);
    return ok ? EXIT.done : EXIT.failed;
  } finally {
    restore();
  }
}
