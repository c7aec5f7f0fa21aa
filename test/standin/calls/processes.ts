/** computecore.dll: processes in the guests of VMs. */
import type { GuestProcess } from '../../../src/domain/guestProcess.ts';
import { vmId } from '../../../src/domain/ids.ts';
import { HRESULT } from '../../../src/hcs/codeTable.ts';
import { HostError } from '../../../src/hcs/hostError.ts';
import { type Fields, textOf } from '../../../src/hcs/simulated/fields.ts';
import { answerOf } from '../../../src/hcs/simulated/vm/exec.ts';
import { EVENT, type GuestProgram, type Session } from '../session.ts';
import { type Calls, documentOf, type Given, NOTHING, type Outcome } from './call.ts';
import { liveSystem } from './systems.ts';

const PROCESS_ALREADY_STOPPED = 0x8037011f;

/** The streams of a process by the bits under which the libraries open pipes for them. */
const PIPES = { input: 1n, output: 2n, error: 4n } as const;

/** A Windows guest is told no folder as no text. */
function processOf(document: Fields): GuestProcess {
  return { ...document, WorkingDirectory: textOf(document.WorkingDirectory) };
}

function pipesOf({ CreateStdInPipe, CreateStdOutPipe, CreateStdErrPipe }: Fields): bigint {
  const asked = (pipe: unknown, bit: bigint) => (pipe === true ? bit : 0n);
  return (
    asked(CreateStdInPipe, PIPES.input) | asked(CreateStdOutPipe, PIPES.output) | asked(CreateStdErrPipe, PIPES.error)
  );
}

function statusOf({ pid, exitCode }: GuestProgram): object {
  return { ProcessId: pid, Exited: true, ExitCode: exitCode, LastWaitResult: 0 };
}

/** What each stream of the process says; the port gives them as one. */
function outputsOf(session: Session, process: GuestProcess): readonly (readonly [number, string])[] {
  const { CreateStdOutPipe: out, CreateStdErrPipe: err, ...rest } = process;
  const { exec } = session.world.state;
  const rule = answerOf(exec, { ...process });
  const onlyOut = out === true && err !== true;
  if (onlyOut) return [[1, rule.output]];
  if (err === true && out !== true) return [[2, rule.output]];
  const error = answerOf(exec, { ...rest, CreateStdErrPipe: true }).output;
  return out === true
    ? [
        [1, rule.output.slice(0, rule.output.length - error.length)],
        [2, error],
      ]
    : [];
}

async function create(session: Session, given: Given): Promise<Outcome> {
  const [system, value] = [given.number(0), given.number(1)];
  const document = given.document(2);
  const process = processOf(document);
  const vm = vmId((await liveSystem(session, given.function, system)).id);
  const { exitCode } = await session.process.guest.exec(vm, process);
  const program = { pid: session.nextPid(), exitCode };
  session.programs.set(value, program);
  return {
    fields: [undefined, value, BigInt(program.pid), pipesOf(document)],
    afterwards: () => {
      for (const [stream, text] of outputsOf(session, process)) {
        session.send({ kind: 'output', id: value, code: stream, fields: [Buffer.from(text)] });
      }
      session.send({ kind: 'outputEnd', id: value, code: 0, fields: [] });
      session.tell(value, EVENT.processExited, statusOf(program));
    },
  };
}

function programOf({ programs }: Session, given: Given, index = 0): GuestProgram {
  const program = programs.get(given.number(index));
  if (program === undefined) throw new HostError(given.function, HRESULT.invalidHandle);
  return program;
}

function open(session: Session, given: Given): Outcome {
  const program = [...session.programs.values()].find(({ pid }) => BigInt(pid) === given.number(2));
  if (program === undefined) throw new HostError(given.function, HRESULT.elementNotFound);
  session.programs.set(given.number(1), program);
  return NOTHING;
}

function status(session: Session, given: Given): Outcome {
  if (session.world.isDown) throw new HostError(given.function, HRESULT.serverUnavailable);
  return documentOf(statusOf(programOf(session, given)));
}

function refuseStopped(session: Session, given: Given): Outcome {
  programOf(session, given);
  throw new HostError(given.function, PROCESS_ALREADY_STOPPED);
}

export const PROCESSES: Calls = {
  HcsCreateProcess: create,
  HcsOpenProcess: open,
  HcsCloseProcess: (session, given) => {
    session.programs.delete(given.number(0));
    return NOTHING;
  },
  HcsGetProcessInfo: (session, given) => ({
    fields: [undefined, given.number(0), BigInt(programOf(session, given).pid), 0n],
  }),
  HcsGetProcessProperties: status,
  HcsWaitForProcessExit: status,
  HcsTerminateProcess: refuseStopped,
  HcsSignalProcess: refuseStopped,
  HcsModifyProcess: refuseStopped,
};
