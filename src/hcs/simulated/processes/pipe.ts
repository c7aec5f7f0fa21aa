import { HRESULT } from '../../codeTable.ts';
import { HostError } from '../../hostError.ts';

/** Bytes that a pipe holds which nobody has read yet. */
export const PIPE_CAPACITY = 64 * 1024;

interface WaitingWrite {
  rest: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: HostError) => void;
}

interface WaitingRead {
  readonly resolve: (bytes: Uint8Array | null) => void;
}

/** An anonymous pipe: whoever writes more than it holds waits for the reader, and the other way round. */
export class Pipe {
  #held: Uint8Array[] = [];
  #size = 0;
  #writes: WaitingWrite[] = [];
  #read: WaitingRead | undefined;
  #hasEnded = false;
  #isRead = true;

  /** Resolves when the pipe has taken all of it; the bytes are the caller's again then. */
  write(bytes: Uint8Array): Promise<void> {
    if (!this.#isRead) return Promise.reject(new HostError('processes.write', HRESULT.noData));
    if (this.#hasEnded) return Promise.reject(new HostError('processes.write', HRESULT.brokenPipe));
    return new Promise((resolve, reject) => {
      this.#writes.push({ rest: bytes, resolve, reject });
      this.#pump();
    });
  }

  /** Puts in what cannot wait, whether there is room or not. */
  append(bytes: Uint8Array): void {
    if (!this.#isRead || this.#hasEnded || bytes.length === 0) return;
    this.#hold(bytes);
    this.#pump();
  }

  /** The next bytes, at most what the pipe holds; null at the end. */
  read(): Promise<Uint8Array | null> {
    if (this.#read !== undefined) {
      return Promise.reject(new HostError('processes.read', HRESULT.resourceInUse, 'another read has not ended'));
    }
    if (!this.#isRead) return Promise.reject(new HostError('processes.read', HRESULT.invalidHandle));
    return new Promise((resolve) => {
      this.#read = { resolve };
      this.#pump();
    });
  }

  /** The writer closes its end: the reader still gets all that was written. */
  end(): void {
    this.#hasEnded = true;
    this.#pump();
  }

  /** The writer is gone: what did not fit yet is never written. */
  cutOff(): void {
    this.#refuseWrites();
    this.end();
  }

  /** The reader closes its end: what nobody has read is lost, and a read on its way finds the end. */
  stopReading(): void {
    if (!this.#isRead) return;
    this.#isRead = false;
    this.#held = [];
    this.#size = 0;
    this.#refuseWrites();
    this.#answerRead(null);
  }

  #refuseWrites(): void {
    const writes = this.#writes;
    this.#writes = [];
    for (const { reject } of writes) reject(new HostError('processes.write', HRESULT.brokenPipe));
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(Uint8Array.from(bytes));
    this.#size += bytes.length;
  }

  #answerRead(bytes: Uint8Array | null): void {
    const read = this.#read;
    this.#read = undefined;
    read?.resolve(bytes);
  }

  #takeHeld(): Uint8Array {
    const [first, ...more] = this.#held;
    const all = first !== undefined && more.length === 0 ? first : Uint8Array.from(Buffer.concat(this.#held));
    this.#held = [];
    this.#size = 0;
    return all;
  }

  /** Moves what waits to be written into the pipe, as far as there is room. */
  #fill(): void {
    for (let first = this.#writes[0]; first !== undefined; first = this.#writes[0]) {
      const room = PIPE_CAPACITY - this.#size;
      if (room <= 0 && first.rest.length > 0) return;
      const taken = first.rest.subarray(0, room);
      if (taken.length > 0) this.#hold(taken);
      first.rest = first.rest.subarray(taken.length);
      if (first.rest.length > 0) return;
      this.#writes.shift();
      first.resolve();
    }
  }

  #pump(): void {
    this.#fill();
    if (this.#read === undefined) return;
    if (this.#size > 0) {
      this.#answerRead(this.#takeHeld());
      this.#fill();
    } else if (this.#hasEnded && this.#writes.length === 0) {
      this.#answerRead(null);
    }
  }
}
