/** Reading and writing the pipes of a process without blocking any thread, and no faster than the other end does. */
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { PipeReader, PipeWriter } from '../port.ts';
import { KERNEL32 } from './bindings/kernel32.ts';
import { CANCELLING, IoStatus, isError, STATUS, TRANSFERS } from './bindings/pipes.ts';
import type { Bound, Libraries } from './ffi/declaring.ts';
import type { Polling } from './polling.ts';

/** Bytes that are asked for, or written, at once. */
const CHUNK = 64 * 1024;

const ENDS: readonly number[] = [STATUS.endOfFile, STATUS.pipeBroken, STATUS.pipeClosing, STATUS.pipeDisconnected];

const FACILITY_NT_BIT = 0x10000000;

function hresultOf(status: number): number {
  if (status === STATUS.pipeBroken) return HRESULT.brokenPipe;
  if (status === STATUS.pipeClosing || status === STATUS.pipeDisconnected) return HRESULT.noData;
  return (status | FACILITY_NT_BIT) >>> 0;
}

interface Transferred {
  /** NTSTATUS */
  readonly status: number;
  readonly bytes: number;
}

export class NativePipes {
  readonly #kernel32: Bound<typeof KERNEL32 & typeof CANCELLING>;
  readonly #ntdll: Bound<typeof TRANSFERS>;
  readonly #polling: Polling;

  constructor(libraries: Libraries, polling: Polling) {
    this.#kernel32 = libraries.bind('kernel32', { ...KERNEL32, ...CANCELLING });
    this.#ntdll = libraries.bind('ntdll', TRANSFERS);
    this.#polling = polling;
  }

  /** The end of a pipe that is read; it is closed with the reader. */
  reader(pipe: bigint): PipeReader {
    return new NativeReader(this, pipe);
  }

  /** The end of a pipe that is written; it is closed with the writer, when all is written. */
  writer(pipe: bigint): PipeWriter {
    return new NativeWriter(this, pipe);
  }

  /** Fills `into` with what there is, one byte at least, once there is any. */
  read(pipe: bigint, into: Buffer, block: IoStatus): Promise<Transferred> {
    return this.#transfer('NtReadFile', pipe, into, block);
  }

  write(pipe: bigint, from: Buffer): Promise<Transferred> {
    return this.#transfer('NtWriteFile', pipe, from, new IoStatus());
  }

  /** What is on its way ends soon. */
  cancel(pipe: bigint, block: IoStatus): void {
    this.#kernel32.CancelIoEx.now(pipe, block.bytes);
  }

  close(pipe: bigint): void {
    this.#kernel32.CloseHandle.now(pipe);
  }

  async #transfer(name: keyof typeof TRANSFERS, pipe: bigint, bytes: Buffer, block: IoStatus): Promise<Transferred> {
    const begin = this.#ntdll[name];
    const status = begin.now(pipe, 0n, 0n, 0n, block.bytes, bytes, bytes.length, Buffer.alloc(8), 0n) >>> 0;
    // One that is refused at once leaves its block as it was.
    if (isError(status)) return { status, bytes: 0 };
    // Until then, native code may write into the bytes and the block.
    await this.#polling.until(() => (block.status === STATUS.pending ? undefined : bytes));
    return { status: block.status, bytes: block.transferred };
  }
}

class NativeReader implements PipeReader {
  readonly #pipes: NativePipes;
  readonly #pipe: bigint;
  #chunk: Buffer | undefined;
  #block: IoStatus | undefined;
  #isOpen = true;

  constructor(pipes: NativePipes, pipe: bigint) {
    this.#pipes = pipes;
    this.#pipe = pipe;
  }

  async read(): Promise<Uint8Array | null> {
    const call = 'processes.read';
    if (!this.#isOpen) throw new HostError(call, HRESULT.invalidHandle);
    if (this.#block !== undefined) throw new HostError(call, HRESULT.resourceInUse, 'another read has not ended');
    this.#chunk ??= Buffer.allocUnsafeSlow(CHUNK);
    const block = new IoStatus();
    this.#block = block;
    const { status, bytes } = await this.#pipes.read(this.#pipe, this.#chunk, block);
    this.#block = undefined;
    if (!this.#isOpen || ENDS.includes(status)) return null;
    if (isError(status)) throw new HostError(call, hresultOf(status));
    return bytes === 0 ? null : Uint8Array.from(this.#chunk.subarray(0, bytes));
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#block !== undefined) this.#pipes.cancel(this.#pipe, this.#block);
    this.#pipes.close(this.#pipe);
  }
}

class NativeWriter implements PipeWriter {
  readonly #pipes: NativePipes;
  readonly #pipe: bigint;
  #written: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isOpen = true;

  constructor(pipes: NativePipes, pipe: bigint) {
    this.#pipes = pipes;
    this.#pipe = pipe;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen) throw new HostError('processes.write', HRESULT.brokenPipe);
    this.#waiting += 1;
    const written = this.#written.then(() => this.#writeAll(bytes));
    this.#written = written.catch(() => {});
    try {
      await written;
    } finally {
      this.#waiting -= 1;
      this.#closeWhenDone();
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closeWhenDone();
  }

  #closeWhenDone(): void {
    if (!this.#isOpen && this.#waiting === 0) this.#pipes.close(this.#pipe);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      // A copy stays where it is, and as it is, whatever becomes of the caller's bytes.
      const written = await this.#pipes.write(this.#pipe, Buffer.from(bytes.subarray(at, at + CHUNK)));
      if (isError(written.status)) throw new HostError('processes.write', hresultOf(written.status));
      at += written.bytes;
    }
  }
}
