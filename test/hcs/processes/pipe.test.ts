import { describe, expect, test } from '@jest/globals';
import { PIPE_CAPACITY, Pipe } from '../../../src/hcs/simulated/processes/pipe.ts';
import { fc } from '../../support/property.ts';
import { idle } from '../../support/requests.ts';
import { codeOf } from '../../support/runningSystems.ts';

const bytes = (length: number, value = 1) => new Uint8Array(length).fill(value);

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => {
    settled = true;
  };
  promise.then(note, note);
  await idle(2);
  return settled;
}

describe('a pipe', () => {
  test('takes what it holds at once, and the rest when somebody reads', async () => {
    const pipe = new Pipe();
    await pipe.write(bytes(PIPE_CAPACITY));
    const more = pipe.write(bytes(10, 2));
    expect(await isSettled(more)).toBe(false);
    expect((await pipe.read())?.length).toBe(PIPE_CAPACITY);
    await more;
    expect(await pipe.read()).toEqual(bytes(10, 2));
  });

  test('keeps a reader waiting until something is written, or nothing more will be', async () => {
    const pipe = new Pipe();
    const first = pipe.read();
    expect(await isSettled(first)).toBe(false);
    expect(await codeOf(pipe.read())).toBe('ERROR_BUSY');
    await pipe.write(bytes(3));
    expect(await first).toEqual(bytes(3));
    const second = pipe.read();
    pipe.end();
    expect([await second, await pipe.read()]).toEqual([null, null]);
  });

  test('whose writer has closed it gives what was written, and takes nothing more', async () => {
    const pipe = new Pipe();
    const waiting = pipe.write(bytes(2 * PIPE_CAPACITY));
    pipe.end();
    expect(await codeOf(pipe.write(bytes(1)))).toBe('ERROR_BROKEN_PIPE');
    expect([(await pipe.read())?.length, (await pipe.read())?.length]).toEqual([PIPE_CAPACITY, PIPE_CAPACITY]);
    await waiting;
    expect(await pipe.read()).toBe(null);
  });

  test('whose writer is gone gives what it holds', async () => {
    const pipe = new Pipe();
    const waiting = codeOf(pipe.write(bytes(2 * PIPE_CAPACITY)));
    pipe.cutOff();
    expect(await waiting).toBe('ERROR_BROKEN_PIPE');
    expect([(await pipe.read())?.length, await pipe.read()]).toEqual([PIPE_CAPACITY, null]);
  });

  test('that nobody reads any more refuses what waits and what comes', async () => {
    const pipe = new Pipe();
    const waiting = codeOf(pipe.write(bytes(2 * PIPE_CAPACITY)));
    pipe.stopReading();
    expect([await waiting, await codeOf(pipe.write(bytes(1)))]).toEqual(['ERROR_BROKEN_PIPE', 'ERROR_NO_DATA']);
    expect(await codeOf(pipe.read())).toBe('ERROR_INVALID_HANDLE');
  });

  test('lets a read that is on its way find the end when its reader closes it', async () => {
    const pipe = new Pipe();
    const read = pipe.read();
    pipe.stopReading();
    expect(await read).toBe(null);
  });

  test('has its own copy of what it has taken', async () => {
    const pipe = new Pipe();
    const mine = bytes(4);
    await pipe.write(mine);
    mine.fill(9);
    expect(await pipe.read()).toEqual(bytes(4));
  });

  test('gives all bytes in the order of the writes, whoever is faster', async () => {
    const size = fc.integer({ min: 0, max: 3 * PIPE_CAPACITY });
    const step = fc.oneof(fc.record({ write: size }), fc.constant('read' as const));
    const run = async (steps: ReadonlyArray<{ write: number } | 'read'>) => {
      const pipe = new Pipe();
      const [written, got]: [number[], Uint8Array[]] = [[], []];
      let reading: Promise<unknown> = Promise.resolve();
      const readOne = async () => {
        const next = await pipe.read();
        if (next !== null) got.push(next);
        return next;
      };
      const writes: Promise<void>[] = [];
      for (const [index, one] of steps.entries()) {
        if (one === 'read') reading = reading.then(readOne);
        else {
          written.push(one.write);
          writes.push(pipe.write(bytes(one.write, index % 256)));
        }
        if (index % 3 === 0) await Promise.resolve();
      }
      pipe.end();
      await reading;
      while ((await readOne()) !== null);
      await Promise.all(writes);
      const values = steps.flatMap((one, index) => (one === 'read' ? [] : [bytes(one.write, index % 256)]));
      expect(Buffer.concat(got).equals(Buffer.concat(values))).toBe(true);
      expect(Math.max(0, ...got.map(({ length }) => length))).toBeLessThanOrEqual(PIPE_CAPACITY);
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 20 }), run), { numRuns: 100 });
  });
});
