/** One container of a pod, from its create until all that it stood on is given back. */
import { filter, firstValueFrom } from 'rxjs';
import {
  type Clock,
  type Container,
  type ContainerExit,
  type ContainerState,
  type LifeStatus,
  type Provision,
  ProvisionFault,
} from 'slipway';
import { until } from '../waits.ts';
import { giveBack, type Persistence, untilDone } from './givingBack.ts';
import type { PodState } from './pod.ts';
import type { Ending } from './restarting.ts';
import { type Why, whyOf } from './why.ts';

export interface AttemptContext {
  readonly clock: Clock;
  /** The pod is not wanted to run any more. */
  readonly stop: AbortSignal;
  /** Milliseconds that its first process has when it is asked to end. */
  readonly graceMs: () => number;
  /** Gives the provision and waits until it has settled; undefined when `stop` was given first. */
  readonly provide: () => Promise<Provision | undefined>;
  /** Whether its first process may have run, of a container that could not be provided. */
  readonly mayHaveRun: () => boolean;
  /** Writes down that the first process may run from now on. */
  readonly noteStart: () => Promise<void>;
  /** Writes down how it has ended, before what tells of it is gone. */
  readonly noteExit: (exit: ContainerExit) => Promise<void>;
  readonly publish: (change: Partial<PodState> & Pick<PodState, 'phase'>) => void;
  readonly persistence: Persistence;
}

/** `stopped`: as it was asked to. */
export type AttemptEnd = Ending | { readonly kind: 'stopped' };

const STOPPED: AttemptEnd = { kind: 'stopped' };
/** `stuck` and `unreachable` go nowhere by themselves. */
const AT_REST: readonly LifeStatus[] = ['stopped', 'stuck', 'unreachable', 'deleting', 'deleted'];

const failed = (error: unknown, wasStarted: boolean): Ending => ({ kind: 'failed', why: whyOf(error), wasStarted });

const NOT_THERE: Why = {
  code: 'container-lost',
  message: 'the container does not answer, and nothing says how it ended',
  hint: 'It is given back, and made anew.',
  transient: true,
};

/** Never rejects; when it resolves, nothing of the container is left, or the orchestrator is closed. */
export async function attempt(context: AttemptContext): Promise<AttemptEnd> {
  let provision: Provision | undefined;
  try {
    provision = await context.provide();
  } catch (error) {
    return failed(error, context.mayHaveRun());
  }
  if (provision === undefined) return STOPPED;
  try {
    const { container } = await provision.result;
    return await livedThrough(container, context);
  } catch (error) {
    return await undone(error, context);
  }
}

/** A create that failed has rolled itself back; what it could not give back is tried until it can. */
async function undone(error: unknown, { persistence, publish, stop }: AttemptContext): Promise<AttemptEnd> {
  const why = whyOf(error);
  const held = error instanceof ProvisionFault ? error.held : undefined;
  if (held !== undefined) {
    publish({ phase: 'releasing', why });
    await giveBack(() => held.release(), persistence);
  }
  return stop.aborted ? STOPPED : { kind: 'failed', why, wasStarted: false };
}

async function livedThrough(container: Container, context: AttemptContext): Promise<AttemptEnd> {
  const end = await lifeOf(container, context);
  if (end.kind === 'exited') await untilDone(async () => void (await context.noteExit(end.exit)), context.persistence);
  context.publish({ phase: 'releasing', ...(end.kind === 'failed' ? { why: end.why } : {}) });
  await giveBack(() => container.delete({ force: true }), context.persistence);
  return end;
}

async function lifeOf(container: Container, context: AttemptContext): Promise<AttemptEnd> {
  const { clock, stop } = context;
  if (stop.aborted) return stopped(container, context);
  try {
    if (container.life.status === 'created') await started(container, context);
  } catch (error) {
    return stop.aborted ? STOPPED : (exited(container, 0) ?? failed(error, container.init !== undefined));
  }
  const runsSince = clock.now();
  if (!stop.aborted) await restOf(container, context);
  if (context.persistence.closed.aborted) return STOPPED;
  if (stop.aborted) return stopped(container, context);
  return exited(container, clock.now() - runsSince) ?? lost(container.life);
}

/** Its output goes nowhere: a pipe that nobody reads would hold it up. */
async function started(container: Container, { noteStart, publish, stop, persistence }: AttemptContext): Promise<void> {
  publish({ phase: 'starting' });
  await noteStart();
  const start = container.start({ stdio: { stdout: 'none', stderr: 'none' } });
  await until(start, stop, persistence.closed);
}

async function restOf(container: Container, { publish, stop, persistence }: AttemptContext): Promise<void> {
  const { pid } = container.life;
  publish({ phase: 'running', ...(pid === undefined ? {} : { pid }) });
  const rest = firstValueFrom(container.life$.pipe(filter(({ status }) => AT_REST.includes(status))), {
    defaultValue: container.life,
  });
  await until(rest, stop, persistence.closed);
}

/** What does not end is ended by the delete that follows. */
async function stopped(container: Container, { graceMs, publish }: AttemptContext): Promise<AttemptEnd> {
  publish({ phase: 'stopping' });
  await container.shutdown({ timeoutMs: graceMs() }).catch(() => {});
  return STOPPED;
}

function exited({ life: { exit } }: Container, ranMs: number): Ending | undefined {
  return exit === undefined || exit.how === 'neverStarted' ? undefined : { kind: 'exited', exit, ranMs };
}

function lost({ fault }: ContainerState): Ending {
  const why = fault === undefined ? NOT_THERE : { ...NOT_THERE, message: fault.message, step: fault.step };
  return { kind: 'failed', why, wasStarted: true };
}
