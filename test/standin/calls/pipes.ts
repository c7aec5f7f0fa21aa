/** What the libraries say of the pipes of processes: their streams are 0 for input, 1 for output, 2 for errors. */
import { HRESULT } from '../../../src/hcs/codeTable.ts';
import { HostError } from '../../../src/hcs/hostError.ts';
import type { PipeReader } from '../../../src/hcs/port.ts';
import type { Session } from '../session.ts';
import { type Calls, type Given, NOTHING, type Outcome } from './call.ts';

function readerOf(session: Session, process: bigint, stream: number): PipeReader | undefined {
  const pipes = session.pipes.get(process);
  return stream === 1 ? pipes?.stdout : stream === 2 ? pipes?.stderr : undefined;
}

/** Sends what comes out of a stream next, or that nothing will. */
export async function feed(session: Session, process: bigint, stream: number): Promise<void> {
  const reader = readerOf(session, process, stream);
  if (reader === undefined) return;
  const bytes = await reader.read().catch(() => null);
  if (bytes === null) session.send({ kind: 'outputEnd', id: process, code: stream, fields: [] });
  else session.send({ kind: 'output', id: process, code: stream, fields: [bytes] });
}

/** The input of a process in the guest of a VM is taken, and lost: it has run already. */
async function write(session: Session, given: Given): Promise<Outcome> {
  const process = given.number(0);
  const stdin = session.pipes.get(process)?.stdin;
  if (stdin !== undefined) await stdin.write(given.bytes(2));
  else if (!session.programs.has(process)) throw new HostError(given.function, HRESULT.noData);
  return NOTHING;
}

async function close(session: Session, given: Given): Promise<Outcome> {
  const [process, stream] = [given.number(0), Number(given.number(1))];
  const { stdin, ...readers } = session.pipes.get(process) ?? {};
  if (stream === 0) await stdin?.close();
  else await (stream === 1 ? readers.stdout : readers.stderr)?.close();
  return NOTHING;
}

export const PIPES: Calls = {
  PipeRead: async (session, given) => {
    await feed(session, given.number(0), Number(given.number(1)));
    return NOTHING;
  },
  PipeWrite: write,
  PipeClose: close,
};
