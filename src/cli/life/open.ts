/** Containers as commands get at them: to look after, or as guests of whoever does. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TakeUpOptions } from '../../engine/contract.ts';
import type { Container } from '../../engine/provision.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import type { HostPort } from '../../hcs/port.ts';
import { processIdentity } from '../../hcs/processIdentity.ts';
import { imaginedLedgerStore } from '../../journal/imaginedStore.ts';
import { type ContainerRunSummary, isContainerRun, summarize } from '../../journal/runSummary.ts';
import { redactSpec } from '../../oci/redact.ts';
import { isRecord } from '../bundle.ts';
import { type ChosenHost, type HostOptions, openHost } from '../hosts.ts';
import { Refusal, readJson } from '../input.ts';
import { runOf } from '../runs.ts';

export interface LifeArguments extends HostOptions {
  readonly json?: boolean | undefined;
  /** The file of the spec that the container was made from. */
  readonly spec?: string | undefined;
}

/** A run, and the host that its container is on. */
export interface Found {
  readonly chosen: ChosenHost;
  readonly run: ContainerRunSummary;
}

/** The newest run of that container as it is now. @throws {Refusal} for an unknown one */
export async function runNamed(chosen: Pick<ChosenHost, 'journal'>, id: string): Promise<ContainerRunSummary> {
  return runOf((await summarize(chosen.journal)).runs.filter(isContainerRun), id);
}

/** @throws {BadInput} {@link Refusal} for an unknown one */
export async function find(id: string, options: HostOptions): Promise<Found> {
  const chosen = openHost(options);
  return { chosen, run: await runNamed(chosen, id) };
}

const environmentOf = (spec: unknown): unknown =>
  isRecord(spec) && isRecord(spec.process) ? spec.process.env : undefined;

/** The spec with the values of its variables, if the file has the same variables; undefined otherwise. */
function withEnvironment(spec: unknown, file: string): unknown {
  const env = environmentOf(readJson(file, 'the spec'));
  const hidden = environmentOf(redactSpec({ process: { env } }));
  if (!isRecord(spec) || !isRecord(spec.process)) return undefined;
  if (JSON.stringify(hidden) !== JSON.stringify(spec.process.env)) return undefined;
  return { ...spec, process: { ...spec.process, env } };
}

/**
 * What the journal does not keep of the spec of a run, from where it was read.
 * @throws {Refusal} when the file that is named is another one
 */
export function specOf({ request, containerId }: ContainerRunSummary, { spec }: LifeArguments): TakeUpOptions {
  const inBundle = request.bundle === undefined ? undefined : join(request.bundle, 'config.json');
  const file = spec ?? (inBundle !== undefined && existsSync(inBundle) ? inBundle : undefined);
  const whole = file === undefined ? undefined : withEnvironment(request.spec, file);
  if (spec !== undefined && whole === undefined) {
    throw new Refusal(
      'spec-differs',
      `${spec} is not the spec of ${containerId}: its process has other variables`,
      'Give the file that it was created from.',
    );
  }
  return whole === undefined ? {} : { spec: whole };
}

/** A guest looks at the system itself: what becomes of the run when the service dies is for who looks after it. */
function withoutItsService({ onServiceDisconnect: _, ...host }: HostPort): HostPort {
  return host;
}

/** To a guest, whoever looks after a run is nobody. */
const nobodyElse = () => ({ own: processIdentity(), hasEnded: () => true });

/**
 * The container of a run that somebody else may be looking after: it can be looked at and changed, but not deleted, and
 * nothing is written down of it.
 * @throws {Refusal} when it is not there, or not yet
 */
export async function visit({ chosen, run }: Found, options: LifeArguments): Promise<Container> {
  if (run.status !== 'provisioned') throw notThere(run);
  const { journal, vms } = chosen;
  const provisioner = await createProvisioner({
    host: withoutItsService(chosen.host),
    journal: imaginedLedgerStore(journal),
    vms,
    processes: nobodyElse(),
  });
  const provision = await provisioner.takeUp(run.provisionId, specOf(run, options));
  return (await provision.result).container;
}

/** Makes this process the one that looks after the container. @throws {Refusal} {@link RunInProgress} */
export async function takeOver({ chosen, run }: Found, options: LifeArguments): Promise<Container> {
  if (run.status !== 'provisioned') throw notThere(run);
  const provisioner = await createProvisioner(chosen);
  return (await (await provisioner.takeUp(run.provisionId, specOf(run, options))).result).container;
}

function notThere({ containerId, status }: ContainerRunSummary): Refusal {
  return new Refusal(
    'container-not-there',
    `there is no container ${containerId} to do this with: it is ${status}`,
    `slipway state ${containerId} shows what is known of it.`,
  );
}
