import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { hasEnded } from '../../hcs/processIdentity.ts';
import { Refusal } from '../input.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { type LogEntry, logFileOf, readLog } from './logFile.ts';
import { type Found, find, type LifeArguments, runNamed } from './open.ts';
import { ownOutputs, textOf } from './output.ts';
import { pause, untilInterrupted } from './untilInterrupted.ts';

export interface LogsArguments extends LifeArguments {
  readonly follow?: boolean | undefined;
}

const LOOK_AGAIN_MS = 100;
/** Bytes read at once. */
const PIECE = 1024 * 1024;

type Show = (entry: LogEntry) => Promise<void>;

/** Everything from `from` on, a piece at a time. */
function pieceAt(file: string, from: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(PIECE);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, PIECE, from));
  } finally {
    closeSync(descriptor);
  }
}

/** Shows what is there from `from` on; gives where it ends. */
async function showFrom(file: string, from: number, show: Show): Promise<number> {
  let at = from;
  for (;;) {
    const { entries, length } = readLog(pieceAt(file, at));
    if (length === 0) return at;
    for (const entry of entries) await show(entry);
    at += length;
  }
}

/** Whether more may come: the container has not stopped, and whoever keeps its output lives. */
async function isGoingOn({ chosen, run }: Found): Promise<boolean> {
  const { life, process } = await runNamed(chosen, run.provisionId);
  return life?.status !== 'stopped' && !hasEnded(process);
}

async function follow(found: Found, file: string, show: Show, signal: AbortSignal): Promise<void> {
  let at = 0;
  while (!signal.aborted) {
    const goesOn = await isGoingOn(found);
    at = await showFrom(file, at, show);
    if (!goesOn) return;
    await pause(LOOK_AGAIN_MS, signal);
  }
}

/** @throws {Refusal} when its output was not kept */
function fileOf({ chosen: { folder }, run }: Found): string {
  const file = folder === undefined ? undefined : logFileOf(folder, run.provisionId);
  if (file !== undefined && existsSync(file)) return file;
  throw new Refusal(
    'logs-not-kept',
    `the output of ${run.containerId} is not kept`,
    'It is for containers that slipway run --detach or slipway start has started; others have shown it where they ran.',
  );
}

/** `slipway logs ID`: what it has written, to the outputs that it was written to. @throws {Refusal} */
export async function logs(id: string, options: LogsArguments, streams: Streams): Promise<number> {
  const found = await find(id, options);
  const file = fileOf(found);
  const sink = ownOutputs(process);
  const show: Show = async ({ at, stream, bytes }) => {
    if (options.json !== true) await sink(stream, bytes);
    else streams.out(`${JSON.stringify({ at, stream, ...textOf(bytes) })}\n`);
  };
  if (options.follow === true) return untilInterrupted((signal) => follow(found, file, show, signal));
  await showFrom(file, 0, show);
  return EXIT.done;
}
