/**
 * The output of containers in files, in the format that Kubernetes gives the logs of containers (CRI logging): a time,
 * the stream, F for a whole line or P for a part of one, and the bytes of it.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProvisionId } from '../../domain/ids.ts';
import { makeFolder } from '../../journal/folders.ts';
import type { OutputName, Sink } from './output.ts';

const NEW_LINE = 0x0a;
const BLANK = 0x20;
/** Bytes; longer lines are kept in parts. */
const MOST_IN_A_LINE = 16 * 1024;

export interface LogEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly stream: OutputName;
  /** With the end of its line, where it has one. */
  readonly bytes: Buffer;
}

/** Where the output of the container of a run is kept. */
export const logFileOf = (folder: string, run: ProvisionId): string => join(folder, 'logs', `${run}.log`);

function* linesOf(bytes: Buffer): Generator<{ readonly line: Buffer; readonly isWhole: boolean }> {
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(NEW_LINE, from);
    yield { line: bytes.subarray(from, end < 0 ? bytes.length : end), isWhole: end >= 0 };
    from = end < 0 ? bytes.length : end + 1;
  }
}

function recordsOf(stream: OutputName, bytes: Buffer): Buffer {
  const at = new Date().toISOString();
  const pieces = Array.from({ length: Math.ceil(bytes.length / MOST_IN_A_LINE) }, (_, index) =>
    bytes.subarray(index * MOST_IN_A_LINE, (index + 1) * MOST_IN_A_LINE),
  );
  const lines = pieces.flatMap((piece) => [...linesOf(piece)]);
  const parts = lines.flatMap(({ line, isWhole }) => [
    Buffer.from(`${at} ${stream} ${isWhole ? 'F' : 'P'} `),
    line,
    Buffer.from('\n'),
  ]);
  return Buffer.concat(parts);
}

/** A file that takes outputs, readable for its owner alone: what programs write may be secret. */
export async function logInto(
  folder: string,
  run: ProvisionId,
): Promise<Sink & { readonly close: () => Promise<void> }> {
  await makeFolder(join(folder, 'logs'));
  const file = await open(logFileOf(folder, run), 'a', 0o600);
  let written: Promise<unknown> = Promise.resolve();
  const sink: Sink = (stream, bytes) => {
    const done = written.then(() => file.appendFile(recordsOf(stream, bytes)));
    written = done.catch(() => {});
    return done;
  };
  const close = async (): Promise<void> => {
    await written;
    await file.close();
  };
  return Object.assign(sink, { close });
}

/** One line of a file, without its end; undefined for what is none. */
function entryOf(line: Buffer): LogEntry | undefined {
  const [first, second] = [line.indexOf(BLANK), line.indexOf(BLANK, line.indexOf(BLANK) + 1)];
  const stream = line.subarray(first + 1, second).toString();
  if (first < 0 || second < 0 || (stream !== 'stdout' && stream !== 'stderr')) return undefined;
  const text = line.subarray(second + 3);
  const isWhole = line.subarray(second + 1, second + 2).toString() === 'F';
  const bytes = isWhole ? Buffer.concat([text, Buffer.from('\n')]) : Buffer.from(text);
  return { at: line.subarray(0, first).toString(), stream, bytes };
}

/** The entries of a file, and how far they reach: the last line may be on its way. */
export function readLog(bytes: Buffer): { readonly entries: readonly LogEntry[]; readonly length: number } {
  const whole = bytes.subarray(0, bytes.lastIndexOf(NEW_LINE) + 1);
  const entries = [...linesOf(whole)].flatMap(({ line }) => entryOf(line) ?? []);
  return { entries, length: whole.length };
}
