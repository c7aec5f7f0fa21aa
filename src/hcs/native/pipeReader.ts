/** Reading a pipe to its end without blocking any thread. */
import { KERNEL32 } from './bindings/kernel32.ts';
import { Overlapped, PIPES } from './bindings/pipes.ts';
import type { Bound, Libraries } from './ffi/declaring.ts';
import type { Polling } from './polling.ts';

const CHUNK = 64 * 1024;

export class PipeReader {
  readonly #kernel32: Bound<typeof KERNEL32>;
  readonly #pipes: Bound<typeof PIPES>;
  readonly #polling: Polling;

  constructor(libraries: Libraries, polling: Polling) {
    this.#kernel32 = libraries.bind('kernel32', KERNEL32);
    this.#pipes = libraries.bind('kernel32', PIPES);
    this.#polling = polling;
  }

  /**
   * All that comes out of a pipe; it is closed then. Nothing for a pipe that was not asked for (0).
   * @param writerEnded whether whoever writes into it has ended
   */
  async read(pipe: bigint, writerEnded: () => boolean): Promise<Buffer> {
    if (pipe === 0n) return Buffer.alloc(0);
    const chunks: Buffer[] = [];
    try {
      for (;;) {
        const chunk = await this.#next(pipe, writerEnded);
        if (chunk === undefined) return Buffer.concat(chunks);
        chunks.push(chunk);
      }
    } finally {
      this.close(pipe);
    }
  }

  close(pipe: bigint): void {
    if (pipe !== 0n) this.#kernel32.CloseHandle.now(pipe);
  }

  /** What was written next; undefined at the end. */
  async #next(pipe: bigint, writerEnded: () => boolean): Promise<Buffer | undefined> {
    const chunk = Buffer.alloc(CHUNK);
    const overlapped = new Overlapped();
    const wasAtOnce = this.#pipes.ReadFile.now(pipe, chunk, CHUNK, null, overlapped.bytes) !== 0;
    let isLast = false;
    await this.#polling.until(() => {
      if (!overlapped.isPending || isLast) return true;
      // A read that is refused at once leaves no trace that could be relied upon on any thread: it stays pending.
      if (!wasAtOnce && writerEnded() && this.#pipes.PeekNamedPipe.now(pipe, null, 0, null, null, null) === 0) {
        this.#pipes.CancelIoEx.now(pipe, overlapped.bytes);
        isLast = true;
      }
      return undefined;
    });
    if (!overlapped.isDone || overlapped.transferred === 0) return undefined;
    return chunk.subarray(0, overlapped.transferred);
  }
}
