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
import { Failure } from '../faults.ts';
import { inRun } from '../inRun.ts';
import type { Run, Runs } from '../run.ts';
import type { OpenProcess, ProcessTable } from './processTable.ts';
import { handleOf } from './systems.ts';

const PHASE: LifePhase = 'executing';

const targetOf = ({ containerId }: ProcessRef, pid?: number): string =>
  pid === undefined ? containerId : `${containerId}/${pid}`;

/** Ended and closed, as well as that can be done: nobody waits for it. */
async function end(run: Run, ref: ProcessRef, { handle, pid }: OpenProcess): Promise<void> {
  const { processes } = run.host;
  const target = targetOf(ref, pid);
  await run.call(PHASE, 'processes.terminate', target, () => processes.terminate(handle)).catch(() => {});
  await run.call(PHASE, 'processes.close', target, () => processes.close(handle)).catch(() => {});
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

async function reopen(run: Run, table: ProcessTable, ref: ProcessRef & { pid: number }): Promise<ReopenedProcess> {
  const { processes } = run.host;
  try {
    const system = await handleOf(run, 'running', systemRef(ref));
    const { pid } = ref;
    const handle = await run.call('running', 'processes.open', targetOf(ref, pid), () => processes.open(system, pid));
    table.set(ref, { handle, pid });
    return statusOf(await properties(run, ref, { handle, pid }));
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
      const run = await runs.get(input.provisionId);
      const stopWatching = await watch(run, input, table.get(input), tell);
      if (isOver) stopWatching();
      else stop = stopWatching;
    };
    // A handle that cannot be asked has nothing more to tell.
    void begin().catch(() => tell({ type: 'system.ended' }));
    return () => {
      isOver = true;
      stop?.();
    };
  });
}

/** One that is not valid any more was closed with its service. */
async function close(run: Run, table: ProcessTable, ref: ProcessRef): Promise<void> {
  const open = table.find(ref);
  if (open === undefined) return;
  const { processes } = run.host;
  await open.stdin?.close().catch(() => {});
  try {
    await run.call('running', 'processes.close', targetOf(ref, open.pid), () => processes.close(open.handle));
  } catch (error) {
    if (!isInvalidHandle(error)) throw error;
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
    reopenProcess: inRun<ProcessRef & { pid: number }, ReopenedProcess>(runs, 'running', (run, ref) =>
      reopen(run, table, ref),
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
