/** A process in a guest, from its start to its exit, with what it says. */
import { setTimeout as after } from 'node:timers/promises';
import { z } from 'zod';
import type { GuestProcess, GuestProcessResult } from '../../domain/guestProcess.ts';
import { HostError } from '../hostError.ts';
import { PROCESSES } from './bindings/computecore.ts';
import { isFailure } from './blocking.ts';
import type { Bound } from './ffi/declaring.ts';
import { Out, wide } from './ffi/memory.ts';
import { documentOf } from './json.ts';
import type { NativeParts } from './nativeParts.ts';
import { NativePipes } from './pipes.ts';

const processStatus = z.object({
  Exited: z.boolean().default(false),
  ExitCode: z.number().default(0),
  LastWaitResult: z.number().default(0),
});

const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 250;

function valueOrThrow<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

export class GuestProcesses {
  readonly #parts: NativeParts;
  readonly #native: Bound<typeof PROCESSES>;
  readonly #pipes: NativePipes;

  constructor(parts: NativeParts) {
    this.#parts = parts;
    this.#native = parts.libraries.bind('computecore', PROCESSES);
    this.#pipes = new NativePipes(parts.libraries, parts.polling);
  }

  /** HcsCreateProcess in an open system; resolves when the process has ended and its pipes are empty. */
  async run(call: string, system: bigint, parameters: GuestProcess): Promise<GuestProcessResult> {
    const out = new Out();
    try {
      const pipes = await this.#parts.operations.runProcess(call, (operation) =>
        this.#native.HcsCreateProcess.later(system, wide(JSON.stringify(parameters)), operation, null, out.bytes),
      );
      const read = [pipes.stdOutput, pipes.stdError].map((pipe) => this.#readAll(pipe));
      if (pipes.stdInput !== 0n) this.#pipes.close(pipes.stdInput);
      // The pipes are read to their ends also where the exit cannot be learned.
      const [exit, ...outputs] = await Promise.allSettled([this.#exitCode(call, out.address), ...read]);
      const output = outputs.map(valueOrThrow) as readonly Buffer[];
      return { exitCode: valueOrThrow(exit), output: Buffer.concat(output).toString('utf8') };
    } finally {
      const process = out.address;
      if (process !== 0n) await this.#parts.turns.short(call, () => this.#native.HcsCloseProcess.later(process));
    }
  }

  /** What comes out of a pipe until its end; nothing of one that was not asked for (0). */
  async #readAll(pipe: bigint): Promise<Buffer> {
    if (pipe === 0n) return Buffer.alloc(0);
    const reader = this.#pipes.reader(pipe);
    const chunks: Uint8Array[] = [];
    try {
      for (let chunk = await reader.read(); chunk !== null; chunk = await reader.read()) chunks.push(chunk);
      return Buffer.concat(chunks);
    } finally {
      await reader.close();
    }
  }

  async #exitCode(call: string, process: bigint): Promise<number> {
    for (let delay = FIRST_LOOK_MS; ; delay *= 2) {
      const document = await this.#parts.operations.run(call, (operation) =>
        this.#native.HcsGetProcessProperties.later(process, operation, null),
      );
      const { Exited, ExitCode, LastWaitResult } = documentOf(call, processStatus, document);
      if (isFailure(LastWaitResult)) throw new HostError(call, LastWaitResult);
      if (Exited) return ExitCode;
      await after(Math.min(delay, LONGEST_LOOK_MS));
    }
  }
}
