import { basename, resolve } from 'node:path';
import { isAlive } from '../domain/resource.ts';
import { ProvisionFault } from '../engine/faults.ts';
import type { Provision } from '../engine/provision.ts';
import { createProvisioner } from '../engine/provisioner.ts';
import { type SimulatedHost, simulatedHost } from '../hcs/simulated/simulatedHost.ts';
import { describeHost } from './hostDescription.ts';
import { BadInput, readSpec } from './input.ts';
import { type CreateReport, EXIT } from './outcome.ts';

export interface CreateArguments {
  readonly id?: string | undefined;
  readonly bundle?: string | undefined;
  readonly spec?: string | undefined;
  readonly owner?: string | undefined;
  readonly netns?: string | undefined;
  readonly keepOnFailure?: boolean | undefined;
  readonly host: string;
  readonly facts?: string | undefined;
  /** Milliseconds that every call to the simulated host takes. */
  readonly latency?: number | undefined;
}

function hostFor(args: CreateArguments, spec: unknown): SimulatedHost {
  const { host, latency } = args;
  if (host === 'simulated' || host === 'simulated:memory') {
    return simulatedHost({ ...describeHost(args, spec), latencies: latency ?? 0 });
  }
  throw new BadInput(
    'host-unknown',
    `there is no host '${host}'`,
    'Use --host simulated: the real one is not there yet.',
  );
}

/** The id that was given, else the name of the bundle. */
export function idFor({ id, bundle }: Pick<CreateArguments, 'id' | 'bundle'>): string | undefined {
  return id ?? (bundle === undefined ? undefined : basename(resolve(bundle)));
}

/** The first Ctrl-C undoes the create; more of them cannot stop the undoing. */
function cancelOnInterrupt(provision: Provision, report: CreateReport): { interrupted: boolean; stop: () => void } {
  const state = { interrupted: false, stop: () => process.removeListener('SIGINT', onInterrupt) };
  const onInterrupt = (): void => {
    state.interrupted = true;
    report.interrupted();
    void provision.cancel('interrupted from the keyboard');
  };
  process.on('SIGINT', onInterrupt);
  return state;
}

async function provision(args: CreateArguments, report: CreateReport): Promise<number> {
  const spec = readSpec(args);
  const host = hostFor(args, spec);
  const provisioner = await createProvisioner({ host });
  const run = provisioner.create({
    id: idFor(args),
    owner: args.owner,
    spec,
    networkNamespace: args.netns,
    keepOnFailure: args.keepOnFailure,
    // A handle of this process would end the container together with the command.
    lifetime: 'host',
  });
  report.started(run.containerId);
  run.events$.subscribe((event) => report.event(event));
  const interrupt = cancelOnInterrupt(run, report);
  try {
    report.created(await run.result, host.snapshot());
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ProvisionFault)) throw error;
    report.failed(error, error.resources.filter(isAlive), host.snapshot());
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
    return EXIT.badInput;
  }
}
