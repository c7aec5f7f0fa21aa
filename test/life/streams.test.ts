import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import type { Program } from '../../src/testing/index.ts';
import { outputOf, startedLife } from '../support/lives.ts';
import { idle } from '../support/requests.ts';

const MIB = 1024 * 1024;
const AMOUNT = 100 * MIB;
/** What may be held on the way, over all buffers. */
const HELD = 8 * MIB;

/** Bytes of which none is where another one is that looks like it: each block is numbered. */
function* blocks(): Generator<Buffer> {
  for (let n = 0; n * 64 * 1024 < AMOUNT; n += 1) {
    const block = Buffer.alloc(64 * 1024, n % 251);
    block.writeUInt32LE(n);
    yield block;
  }
}

function digestOf(parts: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');
// For this file alone: others of the same process would find it, and measure what they do not without.
setFlagsFromString('--no-expose-gc');

/** What is held; what the collector has not come to yet is not. */
const memory = (): number => {
  if (typeof collectGarbage !== 'function') throw new Error('there is no collector to be called');
  collectGarbage();
  // The first collection frees the views, this one their bytes.
  collectGarbage();
  const { external, arrayBuffers, heapUsed } = process.memoryUsage();
  return external + arrayBuffers + heapUsed;
};

test('100 MB go through an exec byte for byte, and only a little of them is ever held', async () => {
  const { container, nothingIsLeft } = await startedLife();
  const echo = await container.exec({ args: ['echo'], stdio: { stdin: 'pipe' } });
  if (echo.stdin === undefined || echo.stdout === undefined) throw new Error('it has no pipes');
  const hash = createHash('sha256');
  const before = memory();
  let [size, most, seen] = [0, 0, 0];
  const read = pipeline(echo.stdout, async (source: AsyncIterable<Buffer>) => {
    for await (const bytes of source) {
      hash.update(bytes);
      size += bytes.length;
      if (size - seen > 8 * MIB) [seen, most] = [size, Math.max(most, memory() - before)];
    }
  });
  await Promise.all([pipeline(Readable.from(blocks(), { objectMode: false }), echo.stdin), read]);
  expect(size).toBe(AMOUNT);
  expect(hash.digest('hex')).toBe(digestOf(blocks()));
  expect(await echo.wait()).toEqual({ exitCode: 0 });
  expect(most).toBeLessThan(HELD);
  await container.delete({ force: true });
  await nothingIsLeft();
}, 120_000);

test('a reader that stalls stops the writer, and loses nothing', async () => {
  let written = 0;
  const writer: Program = async ({ stdout }) => {
    for (const block of blocks()) {
      await stdout.write(block);
      written += block.length;
      if (written >= 4 * MIB) break;
    }
    return 7;
  };
  const { container, nothingIsLeft } = await startedLife({ host: { programs: [{ match: 'writer', run: writer }] } });
  const process = await container.exec({ args: ['writer'] });
  if (process.stdout === undefined) throw new Error('it has no output');
  await once(process.stdout, 'readable');
  await idle(200);
  const stalledAt = written;
  expect(stalledAt).toBeLessThan(MIB / 2);
  await idle(200);
  expect(written).toBe(stalledAt);
  expect(process.state.status).toBe('running');
  const parts: Buffer[] = [];
  for await (const bytes of process.stdout) parts.push(bytes as Buffer);
  const wanted = [...blocks()].slice(0, (4 * MIB) / (64 * 1024));
  expect(digestOf(parts)).toBe(digestOf(wanted));
  expect(await process.wait()).toEqual({ exitCode: 7 });
  await container.delete({ force: true });
  await nothingIsLeft();
}, 120_000);

test('1,000 short execs at once have their output and their codes, and leave nothing', async () => {
  const { host, container, nothingIsLeft } = await startedLife();
  const before = host.snapshot();
  const ends = await Promise.all(
    Array.from({ length: 1_000 }, async () => {
      const process = await container.exec({ args: ['short'] });
      return [await outputOf(process), (await process.wait()).exitCode];
    }),
  );
  expect(ends.filter(([said, code]) => said !== 'hello\n' || code !== 3)).toEqual([]);
  await idle();
  expect(host.snapshot()).toEqual(before);
  await container.delete({ force: true });
  await nothingIsLeft();
}, 120_000);
