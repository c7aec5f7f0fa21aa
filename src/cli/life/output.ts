/** Where what a process writes goes. */
import type { Readable } from 'node:stream';
import type { ContainerProcess } from '../../engine/life/contract.ts';
import type { Streams } from '../outcome.ts';

export type OutputName = 'stdout' | 'stderr';

/** Takes the bytes of an output; whoever gives them waits until there is room for more. */
export type Sink = (name: OutputName, bytes: Buffer) => Promise<void>;

async function pump(from: Readable | undefined, name: OutputName, sink: Sink): Promise<void> {
  if (from === undefined) return;
  for await (const bytes of from) await sink(name, Buffer.from(bytes));
}

/** Resolves when all that the process has written is with the sink. */
export async function pumpAll({ stdout, stderr }: ContainerProcess, sink: Sink): Promise<void> {
  await Promise.all([pump(stdout, 'stdout', sink), pump(stderr, 'stderr', sink)]);
}

/**
 * The outputs of this process.
 * @param onLost told once when nobody reads them any more; what comes then is dropped
 */
export function ownOutputs(
  outputs: Readonly<Record<OutputName, NodeJS.WritableStream>>,
  onLost: () => void = () => {},
): Sink {
  let isLost = false;
  const lose = (): void => {
    if (!isLost) onLost();
    isLost = true;
  };
  for (const output of [outputs.stdout, outputs.stderr]) output.on('error', lose);
  return (name, bytes) =>
    new Promise((resolve) => {
      if (isLost) return resolve();
      outputs[name].write(bytes, () => resolve());
    });
}

const STRICT = { fatal: true, ignoreBOM: true } as const;

/** The bytes as text where they are UTF-8; in base64 otherwise. */
export function textOf(bytes: Buffer): { readonly text: string } | { readonly bytes: string } {
  try {
    return { text: new TextDecoder('utf-8', STRICT).decode(bytes) };
  } catch {
    return { bytes: bytes.toString('base64') };
  }
}

/** One object for each piece. */
export function jsonOutputs(streams: Pick<Streams, 'out'>): Sink {
  return async (stream, bytes) => {
    streams.out(`${JSON.stringify({ type: 'output', stream, ...textOf(bytes) })}\n`);
  };
}
