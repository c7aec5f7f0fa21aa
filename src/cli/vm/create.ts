import pc from 'picocolors';
import { isAlive } from '../../domain/resource.ts';
import { ProvisionFault } from '../../engine/faults.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import type { VmProvisioned } from '../../engine/vmProvision.ts';
import { beforeOn, cancelOnInterrupt, heldOf, seenSince } from '../create.ts';
import { hostNameOf } from '../hostName.ts';
import { type HostOptions, openHost } from '../hosts.ts';
import { jsonReport } from '../json.ts';
import { type LeaseOptions, patienceOf } from '../leaseOption.ts';
import { lineReport } from '../lines.ts';
import { EXIT, type Seen, type Streams } from '../outcome.ts';
import { aliveLines, resourceLines } from '../outcomeText.ts';
import { runsBefore } from '../runs.ts';
import { assumedByVm, type VmArguments, vmRequestOf } from './request.ts';
import { refuseTakenVm } from './runs.ts';

export interface VmCreateArguments extends VmArguments, HostOptions, LeaseOptions {
  readonly keepOnFailure?: boolean | undefined;
  readonly json?: boolean | undefined;
}

function show({ vm, resources }: VmProvisioned, seen: Seen | undefined, json: boolean): string {
  if (json)
    return `${JSON.stringify({ type: 'result', ok: true, vmId: vm.id, traits: vm.traits, resources, alive: seen?.alive })}\n`;
  const { guest, processorCount } = vm.traits;
  const about = `${guest} guest, ${processorCount} processors`;
  return `\n${pc.green('running')} ${pc.bold(vm.id)}  ${pc.dim(about)}\nits resources:\n${resourceLines(resources)}${aliveLines(seen)}`;
}

/** `slipway vm create`: resolves with the exit code. @throws {BadInput} {@link Refusal} */
export async function createVm(args: VmCreateArguments, streams: Streams): Promise<number> {
  const json = args.json === true;
  const request = vmRequestOf(args);
  const { host, simulated, journal, vms } = openHost(args, { assumed: assumedByVm(request), namespace: undefined });
  const provisioner = await createProvisioner({ host, journal, vms, ...patienceOf(args) });
  refuseTakenVm(await runsBefore(provisioner), request.id);
  const report = json ? jsonReport(streams.out, hostNameOf(args.host)) : lineReport(streams, hostNameOf(args.host));
  const before = beforeOn(simulated);
  const run = provisioner.createVm(request, { keepOnFailure: args.keepOnFailure === true });
  report.started(run.vmId);
  run.events$.subscribe((event) => report.event(event));
  const interrupt = cancelOnInterrupt(run, report);
  try {
    streams.out(show(await run.result, seenSince(before), json));
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ProvisionFault)) throw error;
    const held = await heldOf(provisioner, error);
    report.failed(error, error.resources.filter(isAlive), seenSince(before), held);
    if (interrupt.interrupted) return EXIT.interrupted;
    return error.code === 'invalid-request' ? EXIT.badInput : EXIT.failed;
  } finally {
    interrupt.stop();
  }
}
