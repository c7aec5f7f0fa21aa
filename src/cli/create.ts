import { isAlive } from '../domain/resource.ts';
import { ProvisionFault } from '../engine/faults.ts';
import type { Provision } from '../engine/provision.ts';
import { createProvisioner } from '../engine/provisioner.ts';
import type { SimulatedHost } from '../hcs/simulated/simulatedHost.ts';
import { difference } from '../hcs/simulated/snapshot.ts';
import { isContainerRun } from '../journal/runSummary.ts';
import { type BundleLocation, type RequestOptions, readBundle, requestOf } from './bundle.ts';
import { withoutDocument } from './effects.ts';
import { assumedBy } from './hostDescription.ts';
import { type HostOptions, openHost } from './hosts.ts';
import { BadInput, Refusal } from './input.ts';
import { type CreateReport, EXIT } from './outcome.ts';
import { amongRuns } from './runs.ts';

export type CreateArguments = BundleLocation & RequestOptions & HostOptions;

/** The first Ctrl-C undoes the create; more of them cannot stop the undoing. */
export function cancelOnInterrupt(
  provision: Pick<Provision, 'cancel'>,
  report: CreateReport,
): { interrupted: boolean; stop: () => void } {
  const state = { interrupted: false, stop: () => process.removeListener('SIGINT', onInterrupt) };
  const onInterrupt = (): void => {
    state.interrupted = true;
    report.interrupted();
    void provision.cancel('interrupted from the keyboard');
  };
  process.on('SIGINT', onInterrupt);
  return state;
}

interface Started {
  readonly run: Provision;
  readonly host: SimulatedHost;
  /** What was on the host before. */
  readonly before: readonly string[];
}

/** What is on the host that was not before. The handles of this command close when it ends. */
export function newOn({ host, before }: Pick<Started, 'host' | 'before'>): readonly string[] {
  return difference(before, host.snapshot()).appeared.filter((line) => !line.startsWith('handle.'));
}

async function startOn(args: CreateArguments): Promise<Started> {
  const bundle = readBundle(args);
  const request = requestOf(args, bundle);
  const subject = { assumed: assumedBy(bundle.parsed), namespace: request.networkNamespace };
  const { host, journal } = openHost(args, subject);
  const provisioner = await createProvisioner({ host, journal });
  const runs = (await provisioner.runs()).runs.filter(isContainerRun);
  return { host, before: host.snapshot(), run: provisioner.create(amongRuns(request, bundle.pod, runs)) };
}

async function provision(args: CreateArguments, report: CreateReport): Promise<number> {
  const started = await startOn(args);
  const { run, host } = started;
  report.started(run.containerId);
  run.events$.subscribe((event) => report.event(event));
  const interrupt = cancelOnInterrupt(run, report);
  try {
    report.created(await run.result, newOn(started), host.effects.map(withoutDocument));
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ProvisionFault)) throw error;
    report.failed(error, error.resources.filter(isAlive), newOn(started));
    if (interrupt.interrupted) return EXIT.interrupted;
    return error.code === 'invalid-request' ? EXIT.badInput : EXIT.failed;
  } finally {
    interrupt.stop();
  }
}

/** `slipway create`: resolves with the exit code. */
export async function create(args: CreateArguments, report: CreateReport): Promise<number> {
  try {
    return await provision(args, report);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    report.refused(error);
    return error instanceof Refusal ? EXIT.failed : EXIT.badInput;
  }
}
