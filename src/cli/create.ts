import type { CreateRequest } from '../domain/request.ts';
import { isAlive } from '../domain/resource.ts';
import type { CreateVmRequest } from '../domain/vmRequest.ts';
import type { Provisioner } from '../engine/contract.ts';
import { ProvisionFault, VmInUse } from '../engine/faults.ts';
import type { HeldRun } from '../engine/leftovers.ts';
import type { Provisioned } from '../engine/provision.ts';
import { createProvisioner } from '../engine/provisioner.ts';
import type { UtilityVm } from '../engine/vmProvision.ts';
import type { SimulatedHost } from '../hcs/simulated/simulatedHost.ts';
import { difference } from '../hcs/simulated/snapshot.ts';
import { isContainerRun, type RunSummary } from '../journal/runSummary.ts';
import { type BundleLocation, type RequestOptions, readBundle, requestOf } from './bundle.ts';
import { withoutDocument } from './effects.ts';
import { type HostOptions, openHost } from './hosts.ts';
import { BadInput } from './input.ts';
import { type LeaseOptions, patienceOf } from './leaseOption.ts';
import { type CreateReport, EXIT, type Seen } from './outcome.ts';
import { exitOfRefused } from './problems.ts';
import { amongRuns, runsBefore } from './runs.ts';
import { makeOwnVm, ownVmOf, subjectOf } from './vm/hosting.ts';

export type CreateArguments = BundleLocation & RequestOptions & HostOptions & LeaseOptions;

/** The first Ctrl-C undoes the create; more of them cannot stop the undoing. */
export function cancelOnInterrupt(
  provision: { cancel(reason: string): Promise<unknown> },
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

/** A simulated host, and what was on it before. */
export interface Before {
  readonly simulated: SimulatedHost;
  readonly lines: readonly string[];
}

export const beforeOn = (simulated: SimulatedHost | undefined): Before | undefined =>
  simulated && { simulated, lines: simulated.snapshot() };

export interface Ground {
  readonly before: Before | undefined;
  readonly provisioner: Provisioner;
  readonly runs: readonly RunSummary[];
  readonly request: CreateRequest;
  /** The VM to make for the container alone. */
  readonly ownVm: CreateVmRequest | undefined;
}

/** What is kept of a create that failed; undefined when nothing is. */
export async function heldOf(provisioner: Provisioner, { provisionId }: ProvisionFault): Promise<HeldRun | undefined> {
  return (await provisioner.held()).find(({ run }) => run.provisionId === provisionId);
}

/** What is to be seen on a simulated host that was not before. The handles of this command close when it ends. */
export function seenSince(before: Before | undefined): Seen | undefined {
  if (before === undefined) return undefined;
  const { simulated, lines } = before;
  const alive = difference(lines, simulated.snapshot()).appeared.filter((line) => !line.startsWith('handle.'));
  return { alive, effects: simulated.effects.map(withoutDocument) };
}

async function groundOf(args: CreateArguments): Promise<Ground> {
  const bundle = readBundle(args);
  const ownVm = ownVmOf(args, bundle);
  const { host, simulated, journal, vms } = openHost(args, subjectOf(args, bundle, ownVm));
  const provisioner = await createProvisioner({ host, journal, vms, ...patienceOf(args) });
  const runs = await runsBefore(provisioner);
  const request = amongRuns(requestOf(args, bundle), bundle.pod, runs.filter(isContainerRun));
  return { before: beforeOn(simulated), provisioner, runs, request, ownVm };
}

/** Creates the container; the VM that was made for it alone does not outlive its failure. */
async function createIn(ground: Ground, report: CreateReport, signal: AbortSignal): Promise<Omit<Made, 'ground'>> {
  const { provisioner, ownVm, request } = ground;
  const vm = ownVm && (await makeOwnVm(ground.provisioner, ownVm, ground.runs, { signal }));
  const run = provisioner.create({ ...request, vm: vm?.id ?? request.vm }, { signal });
  report.started(run.containerId);
  run.events$.subscribe((event) => report.event(event));
  try {
    return { created: await run.result, vm };
  } catch (error) {
    if (request.keepOnFailure !== true) await vm?.stop().catch(keepUsed);
    throw error;
  }
}

/** A VM with something in it that could not be released stays, for that to be released. */
function keepUsed(error: unknown): void {
  if (!(error instanceof VmInUse)) throw error;
}

/** What came of a create; `vm`: that was made for the container alone. */
export interface Made {
  readonly ground: Ground;
  readonly created: Provisioned;
  readonly vm: UtilityVm | undefined;
}

/** Creates, and tells of it: what was created, or the exit code. @throws {BadInput} */
export async function carryOut(args: CreateArguments, report: CreateReport): Promise<Made | number> {
  const ground = await groundOf(args);
  const abort = new AbortController();
  const interrupt = cancelOnInterrupt({ cancel: async (reason) => abort.abort(reason) }, report);
  try {
    const made = await createIn(ground, report, abort.signal);
    report.created(made.created, seenSince(ground.before));
    return { ground, ...made };
  } catch (error) {
    if (!(error instanceof ProvisionFault)) throw error;
    const held = await heldOf(ground.provisioner, error);
    report.failed(error, error.resources.filter(isAlive), seenSince(ground.before), held);
    if (interrupt.interrupted) return EXIT.interrupted;
    return error.code === 'invalid-request' ? EXIT.badInput : EXIT.failed;
  } finally {
    interrupt.stop();
  }
}

/** `slipway create`: resolves with the exit code. */
export async function create(args: CreateArguments, report: CreateReport): Promise<number> {
  try {
    const made = await carryOut(args, report);
    return typeof made === 'number' ? made : EXIT.done;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    report.refused(error);
    return exitOfRefused(error);
  }
}
