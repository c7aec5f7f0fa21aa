/** Processes in the guests of VMs, which have run when their creation completes. */
import type { GuestProcess } from '../../../src/domain/guestProcess.ts';
import { vmId } from '../../../src/domain/ids.ts';
import { HRESULT } from '../../../src/hcs/codeTable.ts';
import { HostError } from '../../../src/hcs/hostError.ts';
import { type Fields, textOf } from '../../../src/hcs/simulated/fields.ts';
import { answerOf } from '../../../src/hcs/simulated/vm/exec.ts';
import { EVENT, type GuestProgram, type Session } from '../session.ts';
import { documentOf, type Given, type Outcome } from './call.ts';
import { liveSystem } from './systems.ts';

/** Under which all pipes of a process end. */
const ALL_STREAMS = 3;

/** A Windows guest is told no folder as no text. */
function processOf(document: Fields): GuestProcess {
  return { ...document, WorkingDirectory: textOf(document.WorkingDirectory) };
}

function pipesOf({ CreateStdInPipe, CreateStdOutPipe, CreateStdErrPipe }: Fields): bigint {
  const asked = [CreateStdInPipe, CreateStdOutPipe, CreateStdErrPipe];
  return asked.reduce((bits: bigint, pipe, stream) => (pipe === true ? bits | (1n << BigInt(stream)) : bits), 0n);
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

export async function runProgram(session: Session, given: Given): Promise<Outcome> {
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
      session.send({ kind: 'outputEnd', id: value, code: ALL_STREAMS, fields: [] });
      session.tell(value, EVENT.processExited, statusOf(program));
    },
  };
}

export function statusOfProgram(session: Session, given: Given, program: GuestProgram): Outcome {
  if (session.world.isDown) throw new HostError(given.function, HRESULT.serverUnavailable);
  return documentOf(statusOf(program));
}

export function programWithPid({ programs }: Session, pid: bigint): GuestProgram | undefined {
  return [...programs.values()].find((program) => BigInt(program.pid) === pid);
}
