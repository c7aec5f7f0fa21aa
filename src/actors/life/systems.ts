/** What is done with the system of a container. */
import { type AnyEventObject, fromCallback } from 'xstate';
import type { VmId } from '../../domain/ids.ts';
import type { SystemExit } from '../../domain/process.ts';
import type { LifePhase } from '../../domain/step.ts';
import { isGone, isInvalidHandle } from '../../hcs/hostError.ts';
import type { SystemHandle } from '../../hcs/port.ts';
import type { ContainerEvent, ContainerRef, SystemFoundAgain } from '../../machines/container/contract.ts';
import { closeLook } from '../handles.ts';
import { inRun } from '../inRun.ts';
import { lookAtSystem, type SystemFound } from '../looking.ts';
import type { Run, Runs } from '../run.ts';

/** The handle that the run has to its system, or a new one. */
export async function handleOf(run: Run, phase: LifePhase, { containerId }: ContainerRef): Promise<SystemHandle> {
  const handles = run.handlesOf(containerId);
  const [known] = handles;
  if (known !== undefined) return known;
  const handle = await run.call(phase, 'compute.open', containerId, () => run.host.compute.open(containerId));
  handles.push(handle);
  return handle;
}

type SystemCall = (run: Run, handle: SystemHandle) => Promise<void>;

/** One call to the system. */
function onSystem(runs: Runs, phase: LifePhase, call: string, make: SystemCall) {
  return inRun<ContainerRef, void>(runs, phase, async (run, ref) => {
    const handle = await handleOf(run, phase, ref);
    await run.call(phase, call, ref.containerId, () => make(run, handle));
  });
}

/** A system that runs already was started by a call whose answer was lost. */
async function start(run: Run, ref: ContainerRef): Promise<void> {
  const phase = 'startingContainer';
  const { compute } = run.host;
  const handle = await handleOf(run, phase, ref);
  const { State } = await run.call(phase, 'compute.properties', ref.containerId, () => compute.properties(handle));
  if (State === 'Running') return;
  await run.call(phase, 'compute.start', ref.containerId, () => compute.start(handle));
}

/** What has ended already is ended. */
async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function terminateThrough(run: Run, ref: ContainerRef, handle: SystemHandle): Promise<void> {
  const { compute } = run.host;
  await unlessGone(run.call('stopping', 'compute.terminate', ref.containerId, () => compute.terminate(handle)));
}

/** Through a fresh handle where the one of the run is dead. */
async function terminate(run: Run, ref: ContainerRef): Promise<void> {
  const { containerId } = ref;
  try {
    await terminateThrough(run, ref, await handleOf(run, 'stopping', ref));
  } catch (error) {
    if (isGone(error)) return;
    if (!isInvalidHandle(error)) throw error;
    const { compute } = run.host;
    await unlessGone(
      run
        .call('stopping', 'compute.open', containerId, () => compute.open(containerId))
        .then(async (fresh) => {
          await terminateThrough(run, ref, fresh);
          await closeLook(run, 'stopping', containerId, fresh);
        }),
    );
  }
}

/** The VM that hosts the container, if one does. */
function vmOf(run: Run, { containerId }: ContainerRef): VmId | undefined {
  for (const { resource } of run.ledger.entries) {
    if (resource.kind === 'computeSystem' && resource.id === containerId) return resource.vm;
  }
  return undefined;
}

async function wentWithVm(run: Run, ref: ContainerRef): Promise<boolean> {
  const vm = vmOf(run, ref);
  if (vm === undefined) return false;
  const found = await inTime(run, lookAtVm(run, vm)).catch(() => undefined);
  return found === 'gone' || found === 'Stopped';
}

/** How long a VM is asked whether it is the one that ended, in milliseconds. */
const LOOK_MS = 10_000;

/** That the host does not answer says nothing of the VM. */
async function inTime<T>(run: Run, look: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([look, run.sleepUntil(LOOK_MS, over.signal)]);
  } finally {
    over.abort();
  }
}

/** A handle that could not be closed is closed with the others of the run. */
function lookAtVm(run: Run, id: VmId): Promise<SystemFound> {
  return lookAtSystem(run.host, id, (handle) => {
    void closeLook(run, 'running', id, handle).catch(() => {});
  });
}

const STATES = { Created: 'created', Running: 'running', Paused: 'paused', Stopped: 'stopped' } as const;

/** Handles that are dead are not used again; one that lives may be the last that keeps the system. */
async function dropDead(run: Run, ref: ContainerRef): Promise<void> {
  const { compute } = run.host;
  for (const handle of [...run.handlesOf(ref.containerId)]) {
    await compute.properties(handle).catch((error: unknown) => {
      if (isInvalidHandle(error)) forget(run, ref, handle);
    });
  }
}

/** What the host says of the system now; through a handle that is kept, for a system may end with its last one. */
export async function lookAgain(run: Run, ref: ContainerRef): Promise<SystemFoundAgain> {
  const { compute } = run.host;
  await dropDead(run, ref);
  try {
    const handle = await handleOf(run, 'running', ref);
    return { state: STATES[(await compute.properties(handle)).State] };
  } catch (error) {
    if (!isGone(error)) throw error;
    return { state: 'gone' };
  }
}

/** One that is dead is not used again. */
function forget(run: Run, { containerId }: ContainerRef, handle: SystemHandle): void {
  const handles = run.handlesOf(containerId);
  const at = handles.indexOf(handle);
  if (at >= 0) handles.splice(at, 1);
}

type Tell = (event: ContainerEvent) => void;

/** One that exited before anybody listened does not tell: it is looked at once more, after that. */
async function watch(run: Run, ref: ContainerRef, tell: (exit: SystemExit) => void): Promise<() => void> {
  const { compute } = run.host;
  const handle = await handleOf(run, 'running', ref);
  const stop = compute.onExit(handle, tell);
  try {
    const { State } = await run.call('running', 'compute.properties', ref.containerId, () =>
      compute.properties(handle),
    );
    if (State === 'Stopped') tell({ Status: 0, ExitType: 'Unknown' });
    return stop;
  } catch (error) {
    stop();
    if (isInvalidHandle(error)) forget(run, ref, handle);
    throw error;
  }
}

function watcherOn(runs: Runs) {
  return fromCallback<AnyEventObject, ContainerRef, ContainerEvent>(({ input, sendBack }) => {
    let [isOver, hasTold] = [false, false];
    let stop = (): void => {};
    const tell: Tell = (event) => {
      if (!isOver) sendBack(event);
    };
    const begin = async (): Promise<void> => {
      const run = await runs.get(input.provisionId);
      const exited = async (exit: SystemExit): Promise<void> => {
        if (hasTold) return;
        hasTold = true;
        tell({ type: 'system.exited', exit, withVm: await wentWithVm(run, input) });
      };
      const end = await watch(run, input, (exit) => void exited(exit));
      if (isOver) end();
      else stop = end;
    };
    // What cannot be watched is looked at, until the host answers.
    void begin().catch(() => tell({ type: 'service.disconnected' }));
    return () => {
      isOver = true;
      stop();
    };
  });
}

/** The actors of a container that work on its system. */
export function systemActorsOn(runs: Runs) {
  return {
    watchSystem: watcherOn(runs),
    startSystem: inRun<ContainerRef, void>(runs, 'startingContainer', start),
    pauseSystem: onSystem(runs, 'pausing', 'compute.pause', (run, handle) => run.host.compute.pause(handle)),
    resumeSystem: onSystem(runs, 'resuming', 'compute.resume', (run, handle) => run.host.compute.resume(handle)),
    shutDownSystem: onSystem(runs, 'stopping', 'compute.shutdown', (run, handle) =>
      unlessGone(run.host.compute.shutdown(handle)),
    ),
    terminateSystem: inRun<ContainerRef, void>(runs, 'stopping', terminate),
    lookAtSystem: inRun<ContainerRef, SystemFoundAgain>(runs, 'running', lookAgain),
  };
}
