import { createProvisioner } from '../../engine/provisioner.ts';
import { virtualClock } from '../../hcs/simulated/clock.ts';
import { summarize } from '../../journal/runSummary.ts';
import { type HostOptions, imagineHost } from '../hosts.ts';
import type { Streams } from '../outcome.ts';
import { type PlanOptions, printPlan, rehearsalOf } from '../plan.ts';
import { assumedByVm, type VmArguments, vmRequestOf } from './request.ts';
import { refuseTakenVm } from './runs.ts';

export type VmPlanArguments = VmArguments & HostOptions & PlanOptions;

async function rehearse(args: VmPlanArguments) {
  const request = vmRequestOf(args);
  const clock = virtualClock({ autoAdvance: true });
  const { host, journal, vms } = await imagineHost(
    args,
    { assumed: assumedByVm(request), namespace: undefined },
    clock,
  );
  refuseTakenVm((await summarize(journal)).runs, request.id);
  const provisioner = await createProvisioner({ host, clock, vms });
  return rehearsalOf(provisioner.createVm(request), host, args);
}

/** `slipway vm plan`: the create of a VM on a host that is only imagined. */
export function planVm(args: VmPlanArguments, streams: Streams): Promise<number> {
  return printPlan(args, rehearse(args), streams);
}
