/** Those who look at runs and do not take what they are told. */
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { RunLine } from '../../src/index.ts';
import type { InspectorMessage } from '../../src/inspector/protocol.ts';
import { Clients } from '../../src/inspector/server/clients.ts';
import { type KnownRun, Registry } from '../../src/inspector/server/registry.ts';

const MIB = 1024 * 1024;
/** A line of a run of one KiB. */
const LINE: RunLine = { type: 'note.state', atMs: 1, path: 'x'.repeat(1000) };

let registry: Registry;
let clients: Clients;
let run: KnownRun;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  registry = new Registry();
  clients = new Clients(registry);
  run = registry.begin('a', () => false);
});
afterEach(() => {
  clients.close();
  jest.useRealTimers();
});

/** One who looks at the run and reads only when it is told to. */
function looker(): PassThrough {
  const stream = new PassThrough();
  clients.add(stream, 'a');
  return stream;
}

/** How many lines of the run are among what it can read now. */
function linesIn(stream: PassThrough): number {
  let text = '';
  for (let chunk: Buffer | null = stream.read(); chunk !== null; chunk = stream.read()) text += chunk.toString();
  const messages = text.split('\n\n').filter((block) => block.startsWith('data: '));
  const told = messages.map((block) => JSON.parse(block.slice('data: '.length)) as InspectorMessage);
  return told.reduce((count, message) => count + (message.type === 'lines' ? message.lines.length : 0), 0);
}

const tellMany = (count: number): void => registry.tell(run, Array<RunLine>(count).fill(LINE));

test('what is held for one who does not read is bounded, and another one is told all the same', async () => {
  const [slow, quick] = [looker(), looker()];
  tellMany(10_000);
  let seen = 0;
  for (let turn = 0; turn < 30; turn += 1) {
    await jest.advanceTimersByTimeAsync(100);
    seen += linesIn(quick);
  }
  expect(seen).toBe(10_000);
  expect(slow.writableLength + slow.readableLength).toBeLessThan(2 * MIB);
  expect(slow.destroyed).toBe(false);
});

test('one who reads again is told every line once', async () => {
  const stream = looker();
  tellMany(5_000);
  await jest.advanceTimersByTimeAsync(10_000);
  let seen = linesIn(stream);
  expect(seen).toBeLessThan(5_000);
  for (let turn = 0; turn < 30; turn += 1) {
    await jest.advanceTimersByTimeAsync(100);
    seen += linesIn(stream);
  }
  expect(seen).toBe(5_000);
});

test('one who takes nothing for 20 s is let go', async () => {
  const stream = looker();
  tellMany(5_000);
  await jest.advanceTimersByTimeAsync(19_000);
  expect(stream.destroyed).toBe(false);
  await jest.advanceTimersByTimeAsync(3_000);
  expect(stream.destroyed).toBe(true);
});
