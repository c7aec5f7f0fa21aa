/** Commands that change a container and end. */
import pc from 'picocolors';
import type { ContainerExit } from '../../domain/containerLife.ts';
import { RunInProgress } from '../../engine/faults.ts';
import type { ResourceUpdate } from '../../engine/life/contract.ts';
import type { Container } from '../../engine/provision.ts';
import { BadInput } from '../input.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { exitInWords } from './exitStatus.ts';
import { type Found, find, type LifeArguments, takeOver, visit } from './open.ts';

function say(id: string, fields: object, text: string, { json }: LifeArguments, { out }: Streams): void {
  out(json === true ? `${JSON.stringify({ ok: true, id, ...fields })}\n` : `${pc.bold(id)} ${text}\n`);
}

/** `slipway kill ID [SIGNAL]`: to its first process. */
export async function kill(id: string, signal: string, options: LifeArguments, streams: Streams): Promise<number> {
  const container = await visit(await find(id, options), options);
  const wasSent = await container.signal(signal);
  say(container.id, { signal, wasSent }, wasSent ? `was sent ${signal}` : 'had ended before', options, streams);
  return EXIT.done;
}

/** By whoever looks after it, where nobody does by this process: how it ends is written down then. */
async function ownOrVisit(found: Found, options: LifeArguments): Promise<Container> {
  try {
    return await takeOver(found, options);
  } catch (error) {
    if (error instanceof RunInProgress) return visit(found, options);
    throw error;
  }
}

const stopped = (container: Container, exit: ContainerExit, options: LifeArguments, streams: Streams): void =>
  say(container.id, { exit }, exitInWords(exit), options, streams);

export interface StopArguments extends LifeArguments {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: string;
}

/** `slipway stop ID`: asks it to end, and ends it by force after a while. */
export async function stop(id: string, options: StopArguments, streams: Streams): Promise<number> {
  const container = await ownOrVisit(await find(id, options), options);
  const exit = await container.shutdown({ signal: options.signal, timeoutMs: options.timeout });
  stopped(container, exit, options, streams);
  return EXIT.done;
}

/** `slipway pause ID`. */
export async function pause(id: string, options: LifeArguments, streams: Streams): Promise<number> {
  const container = await visit(await find(id, options), options);
  await container.pause();
  say(container.id, { status: 'paused' }, 'is paused', options, streams);
  return EXIT.done;
}

/** `slipway resume ID`. */
export async function resume(id: string, options: LifeArguments, streams: Streams): Promise<number> {
  const container = await visit(await find(id, options), options);
  await container.resume();
  say(container.id, { status: 'running' }, 'runs', options, streams);
  return EXIT.done;
}

export interface UpdateArguments extends LifeArguments {
  /** Bytes. */
  readonly memory?: number | undefined;
  readonly cpuCount?: number | undefined;
  readonly cpuMaximum?: number | undefined;
  readonly cpuShares?: number | undefined;
}

const given = <K extends string>(name: K, value: number | undefined): { readonly [N in K]?: number } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [N in K]: number });

/** @throws {BadInput} when there is nothing to change */
function resourcesOf({ memory, cpuCount, cpuMaximum, cpuShares }: UpdateArguments): ResourceUpdate {
  const cpu = { ...given('count', cpuCount), ...given('maximum', cpuMaximum), ...given('shares', cpuShares) };
  const resources = {
    ...(memory === undefined ? {} : { memory: { limit: memory } }),
    ...(Object.keys(cpu).length === 0 ? {} : { cpu }),
  };
  if (Object.keys(resources).length > 0) return resources;
  throw new BadInput(
    'update-empty',
    'there is nothing to change',
    'Give --memory, or one of --cpu-count, --cpu-maximum and --cpu-shares.',
  );
}

/** `slipway update ID`: other limits. */
export async function update(id: string, options: UpdateArguments, streams: Streams): Promise<number> {
  const resources = resourcesOf(options);
  const container = await visit(await find(id, options), options);
  await container.update(resources);
  say(container.id, { resources }, 'has its new limits', options, streams);
  return EXIT.done;
}
