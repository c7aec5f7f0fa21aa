/** The pipes of a process as streams of Node: they hold back whoever writes faster than is read. */
import { Readable, Writable } from 'node:stream';
import type { PipeReader, PipeWriter } from '../../hcs/port.ts';

/** How much is read ahead, in bytes. */
const AHEAD = 64 * 1024;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** What is not read stays in the process. */
export function readableOf(pipe: PipeReader): Readable {
  return new Readable({
    highWaterMark: AHEAD,
    read() {
      pipe.read().then(
        (bytes) => this.push(bytes),
        (error: unknown) => this.destroy(asError(error)),
      );
    },
    destroy(error, done) {
      pipe.close().then(
        () => done(error),
        () => done(error),
      );
    },
  });
}

/**
 * @param end has the process read to an end
 */
export function writableOf(pipe: PipeWriter, end: () => Promise<void>): Writable {
  const stream = new Writable({
    highWaterMark: AHEAD,
    write(chunk: Uint8Array, _encoding, done) {
      pipe.write(chunk).then(() => done(), done);
    },
    final(done) {
      end().then(() => done(), done);
    },
    destroy(error, done) {
      pipe.close().then(
        () => done(error),
        () => done(error),
      );
    },
  });
  // A process may end before it has read everything; that ends nobody who did not ask.
  stream.on('error', () => {});
  return stream;
}
