/** computecore.dll: processes in containers, and in the guests of VMs. */
import { HRESULT } from '../../../src/hcs/codeTable.ts';
import { HostError } from '../../../src/hcs/hostError.ts';
import type { StartedProcess } from '../../../src/hcs/port.ts';
import { fieldsOf, textOf } from '../../../src/hcs/simulated/fields.ts';
import type { OpenProcess, Session } from '../session.ts';
import { type Calls, documentOf, exitIn, type Given, NOTHING, type Outcome } from './call.ts';
import { programWithPid, runProgram, statusOfProgram } from './guestPrograms.ts';
import { feed } from './pipes.ts';

/** Which pipes the libraries are to open, a bit for each stream. */
function pipesOf({ stdin, stdout, stderr }: StartedProcess): bigint {
  const bit = (pipe: unknown, stream: bigint) => (pipe === undefined ? 0n : 1n << stream);
  return bit(stdin, 0n) | bit(stdout, 1n) | bit(stderr, 2n);
}

async function create(session: Session, given: Given): Promise<Outcome> {
  const { open, handle } = await session.systemOf(given.function, given.number(0));
  if (open.system?.vm !== undefined) return runProgram(session, given);
  const value = given.number(1);
  const started = await session.process.processes.create(handle, given.document(2));
  session.addProcess(value, started.handle, started.pid);
  session.pipes.set(value, started);
  return {
    fields: [undefined, value, BigInt(started.pid), pipesOf(started)],
    afterwards: () => {
      for (const stream of [1, 2]) void feed(session, value, stream);
    },
  };
}

function processOf({ processes }: Session, given: Given): OpenProcess {
  const open = processes.get(given.number(0));
  if (open === undefined) throw new HostError(given.function, HRESULT.invalidHandle);
  return open;
}

async function open(session: Session, given: Given): Promise<Outcome> {
  const [value, pid] = [given.number(1), given.number(2)];
  const { open: system, handle } = await session.systemOf(given.function, given.number(0));
  if (system.system?.vm === undefined) {
    session.addProcess(value, await session.process.processes.open(handle, Number(pid)), Number(pid));
    return NOTHING;
  }
  const program = programWithPid(session, pid);
  if (program === undefined) throw new HostError(given.function, HRESULT.elementNotFound);
  session.programs.set(value, program);
  return NOTHING;
}

async function close(session: Session, given: Given): Promise<Outcome> {
  const value = given.number(0);
  const process = session.processes.get(value);
  session.programs.delete(value);
  session.processes.delete(value);
  if (process !== undefined) await session.process.processes.close(process.handle);
  return NOTHING;
}

async function status(session: Session, given: Given): Promise<Outcome> {
  const program = session.programs.get(given.number(0));
  if (program !== undefined) return statusOfProgram(session, given, program);
  const found = await session.process.processes.properties(processOf(session, given).handle);
  return documentOf({ ...found, LastWaitResult: 0 });
}

async function waitForExit(session: Session, given: Given): Promise<Outcome> {
  const value = given.number(0);
  if (!session.programs.has(value)) {
    const { handle, exitWaiters } = processOf(session, given);
    const waiting = exitIn(exitWaiters, given.number(1));
    const { Exited } = await session.process.processes.properties(handle);
    if (!Exited && !(await waiting)) throw new HostError(given.function, HRESULT.operationTimeout);
  }
  return status(session, given);
}

/** A program in the guest of a VM has ended whenever it could be told anything. */
function needProcess(session: Session, given: Given): OpenProcess {
  if (session.programs.has(given.number(0))) throw new HostError(given.function, HRESULT.processAlreadyStopped);
  return processOf(session, given);
}

async function signal(session: Session, given: Given): Promise<Outcome> {
  const { handle } = needProcess(session, given);
  const { Signal } = given.document(1);
  await session.process.processes.signal(handle, { Signal: Signal as number });
  return NOTHING;
}

/** HCS: ProcessModifyRequest. */
async function modify(session: Session, given: Given): Promise<Outcome> {
  const { handle } = needProcess(session, given);
  const { Operation, ConsoleSize, CloseHandle } = given.document(1);
  const { processes } = session.process;
  const { Height, Width } = fieldsOf(ConsoleSize);
  if (Operation === 'ConsoleSize') await processes.resize(handle, Number(Height), Number(Width));
  else if (Operation === 'CloseHandle' && textOf(fieldsOf(CloseHandle).Handle) === 'StdIn') {
    await processes.closeStdin(handle);
  } else throw new HostError(given.function, HRESULT.invalidParameter);
  return NOTHING;
}

export const PROCESSES: Calls = {
  HcsCreateProcess: create,
  HcsOpenProcess: open,
  HcsCloseProcess: close,
  HcsGetProcessInfo: (session, given) => {
    const value = given.number(0);
    const { pid } = session.programs.get(value) ?? processOf(session, given);
    return { fields: [undefined, value, BigInt(pid), 0n] };
  },
  HcsGetProcessProperties: status,
  HcsWaitForProcessExit: waitForExit,
  HcsTerminateProcess: async (session, given) => {
    await session.process.processes.terminate(needProcess(session, given).handle);
    return NOTHING;
  },
  HcsSignalProcess: signal,
  HcsModifyProcess: modify,
};
