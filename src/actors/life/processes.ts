/** What is done with one process in a container. */
import { type AnyEventObject, fromCallback } from 'xstate';
import type { ProcessStatus } from '../../domain/process.ts';
import type { LifePhase } from '../../domain/step.ts';
import { isGone, isInvalidHandle } from '../../hcs/hostError.ts';
import type { ContainerRef } from '../../machines/container/contract.ts';
import type {
  ExitSaid,
  ProcessEvent,
  ProcessOrigin,
  ProcessRef,
  ReopenedProcess,
} from '../../machines/process/contract.ts';
import { signalFor } from '../../oci/signals.ts';
import { Failure, toFault } from '../faults.ts';
import { inRun } from '../inRun.ts';
import type { Run, Runs } from '../run.ts';
import type { OpenProcess, ProcessTable } from './processTable.ts';
import { handleOf } from './systems.ts';

const PHASE: LifePhase = 'executing';

const targetOf = ({ containerId }: ProcessRef, pid?: number): string =>
  pid === undefined ? containerId : `${containerId}/${pid}`;

/** Tries of what nobody comes back to. */
const TRIES = 3;

/** @param isDone whether what went wrong says that there is nothing to do any more */
async function insist(isDone: (error: unknown) => boolean, work: () => Promise<void>): Promise<void> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (isDone(error)) return;
      if (left === 0) throw error;
    }
  }
}

/** One that is not valid any more was closed with its service, or by a try before this one. */
function closeHandle(run: Run, ref: ProcessRef, { handle, pid }: OpenProcess): Promise<void> {
  const { processes } = run.host;
  const target = targetOf(ref, pid);
  return insist(isInvalidHandle, () => run.call('running', 'processes.close', target, () => processes.close(handle)));
}

/** Ended and closed, as well as that can be done: nobody waits for it. */
async function end(run: Run, ref: ProcessRef, open: OpenProcess): Promise<void> {
  const { processes } = run.host;
  const target = targetOf(ref, open.pid);
  const isDone = (error: unknown): boolean => isGone(error) || isInvalidHandle(error);
  await insist(isDone, () =>
    run.call(PHASE, 'processes.terminate', target, () => processes.terminate(open.handle)),
  ).catch(() => {});
  await closeHandle(run, ref, open).catch(() => {});
}

/** `os` does not matter to the system itself. */
const systemRef = ({ provisionId, containerId }: ProcessRef): ContainerRef => ({
  provisionId,
  containerId,
  os: 'windows',
});

type CreateInput = ProcessRef & { readonly origin: ProcessOrigin };

async function create(
  run: Run,
  table: ProcessTable,
  input: CreateInput,
  signal: AbortSignal,
): Promise<{ pid: number }> {
  const { origin } = input;
  if (origin.kind !== 'new') throw new RangeError('a process that is known is not made');
  const system = await handleOf(run, PHASE, systemRef(input));
  const started = await run.call(PHASE, 'processes.create', targetOf(input), () =>
    run.host.processes.create(system, origin.parameters),
  );
  if (signal.aborted) {
    await end(run, input, started);
    throw new Failure({
      code: 'stopped',
      message: 'the process came when nobody waited for it any more, and was ended',
      hint: 'Nothing to do: the container had ended, or was ended.',
      step: PHASE,
      transient: false,
    });
  }
  table.set(input, started);
  return { pid: started.pid };
}

const statusOf = ({ Exited, ExitCode }: ProcessStatus): ReopenedProcess =>
  Exited ? { status: 'exited', ...(ExitCode === undefined ? {} : { exitCode: ExitCode }) } : { status: 'running' };

async function properties(run: Run, ref: ProcessRef, { handle, pid }: OpenProcess): Promise<ProcessStatus> {
  const { processes } = run.host;
  return run.call('running', 'processes.properties', targetOf(ref, pid), () => processes.properties(handle));
}

/** The pipes of a process are its maker's, whatever becomes of its handles. */
async function reopen(
  run: Run,
  table: ProcessTable,
  ref: ProcessRef & { pid: number },
  signal: AbortSignal,
): Promise<ReopenedProcess> {
  const { processes } = run.host;
  const { pid } = ref;
  const before = table.find(ref);
  if (before !== undefined) await closeHandle(run, ref, before);
  try {
    const system = await handleOf(run, 'running', systemRef(ref));
    const handle = await run.call('running', 'processes.open', targetOf(ref, pid), () => processes.open(system, pid));
    const open = { ...before, handle, pid };
    if (signal.aborted) await closeHandle(run, ref, open);
    else table.set(ref, open);
    return statusOf(await properties(run, ref, open));
  } catch (error) {
    if (!isGone(error)) throw error;
    return { status: 'gone' };
  }
}

function exitOf({ ExitCode }: ProcessStatus): { readonly exitCode?: number } {
  return ExitCode === undefined ? {} : { exitCode: ExitCode };
}

/** One that exited before anybody listened does not tell: it is looked at once more, after that. */
async function watch(
  run: Run,
  ref: ProcessRef,
  open: OpenProcess,
  tell: (event: ProcessEvent) => void,
): Promise<() => void> {
  const stop = run.host.processes.onExit(open.handle, (status) => tell({ type: 'process.exited', ...exitOf(status) }));
  try {
    const status = await properties(run, ref, open);
    if (status.Exited) tell({ type: 'process.exited', ...exitOf(status) });
    return stop;
  } catch (error) {
    stop();
    throw error;
  }
}

function watcherOn(runs: Runs, table: ProcessTable) {
  return fromCallback<AnyEventObject, ProcessRef, ProcessEvent>(({ input, sendBack }) => {
    let isOver = false;
    let stop: (() => void) | undefined;
    const tell = (event: ProcessEvent): void => {
      if (!isOver) sendBack(event);
    };
    const begin = async (): Promise<void> => {
      const unwatch = await watch(await runs.get(input.provisionId), input, table.get(input), tell);
      if (isOver) unwatch();
      else stop = unwatch;
    };
    void begin().catch((error: unknown) => tell({ type: 'watch.failed', fault: toFault(error, 'running') }));
    return () => {
      isOver = true;
      stop?.();
    };
  });
}

async function close(run: Run, table: ProcessTable, ref: ProcessRef): Promise<void> {
  const open = table.find(ref);
  if (open === undefined) return;
  await open.stdin?.close().catch(() => {});
  try {
    await closeHandle(run, ref, open);
  } finally {
    table.delete(ref);
  }
}

/** The actors of a process. */
export function processActorsOn(runs: Runs, table: ProcessTable) {
  return {
    createProcess: inRun<CreateInput, { pid: number }>(runs, PHASE, (run, input, signal) =>
      create(run, table, input, signal),
    ),
    reopenProcess: inRun<ProcessRef & { pid: number }, ReopenedProcess>(runs, 'running', (run, ref, signal) =>
      reopen(run, table, ref, signal),
    ),
    watchProcess: watcherOn(runs, table),
    lastWords: inRun<ProcessRef, ExitSaid>(runs, 'running', async (run, ref) =>
      exitOf(await properties(run, ref, table.get(ref))),
    ),
    endProcess: inRun<ProcessRef, void>(runs, PHASE, async (run, ref) => {
      const open = table.find(ref);
      if (open !== undefined) await end(run, ref, open);
      table.delete(ref);
    }),
    closeProcess: inRun<ProcessRef, void>(runs, 'running', (run, ref) => close(run, table, ref)),
  };
}

/** @throws {Failure} for a signal that there is not; a {@link HostError} of the call. Resolves with false when it had exited. */
export async function signalProcess(
  run: Run,
  ref: ProcessRef & Pick<ContainerRef, 'os'>,
  open: OpenProcess,
  signal: string | number,
): Promise<boolean> {
  const chosen = signalFor(ref.os, signal);
  if (chosen === undefined) throw unknownSignal(ref.os, signal);
  const { processes } = run.host;
  const target = targetOf(ref, open.pid);
  try {
    if (chosen.kind === 'kill') {
      await run.call('running', 'processes.terminate', target, () => processes.terminate(open.handle));
    } else {
      await run.call('running', 'processes.signal', target, () => processes.signal(open.handle, chosen.options));
    }
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

export function unknownSignal(os: ContainerRef['os'], signal: string | number): Failure {
  return new Failure({
    code: 'signal-unknown',
    message: `a ${os} container knows no signal ${signal}`,
    hint:
      os === 'windows'
        ? 'Send INT, TERM, KILL, HUP, BREAK, or CtrlC, CtrlBreak, ...'
        : 'Send a name or number of signal(7).',
    step: 'running',
    transient: false,
  });
}
