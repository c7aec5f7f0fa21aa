/** What test files import from jest, for a run of them in one plain process that ends with the first failure. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect } from 'expect';

type Body = (...row: readonly unknown[]) => unknown;
type Declare = (name: string, body: Body) => void;

interface Test {
  readonly name: string;
  readonly body: Body;
}

/** A test that takes longer has failed, whether it waits or never gives the thread back. */
const LIMIT_MS = 6_000;

/** Ends the process when it has not been told of a new test for so long: a thread of its own sees an endless loop too. */
const WATCH = `
  const { parentPort, workerData } = require('node:worker_threads');
  const end = () => process.kill(process.pid, 'SIGKILL');
  let timer = setTimeout(end, workerData);
  parentPort.on('message', () => {
    clearTimeout(timer);
    timer = setTimeout(end, workerData);
  });
`;

const tests: Test[] = [];
let above = '';

/** `%s` and the like become the values of the row, in order. */
function named(name: string, row: readonly unknown[]): string {
  let next = 0;
  return name.replace(/%[sdijpo]/g, () => {
    next += 1;
    return String(row[next - 1]);
  });
}

const each = (declare: Declare) => (rows: readonly unknown[]) => (name: string, body: Body) => {
  for (const one of rows) {
    const row: readonly unknown[] = Array.isArray(one) ? one : [one];
    declare(named(name, row), () => body(...row));
  }
};

const declareTest: Declare = (name, body) => void tests.push({ name: `${above}${name}`, body });
const declareGroup: Declare = (name, body) => {
  const before = above;
  above = `${before}${name} > `;
  body();
  above = before;
};

export const test = Object.assign(declareTest, { each: each(declareTest) });
export const describe = Object.assign(declareGroup, { each: each(declareGroup) });
export { expect };

/** What Stryker puts into the code that it changes looks here. */
interface Instrumented {
  currentTestId?: string;
  readonly mutantCoverage?: object;
}

const instrumented: Instrumented = {};
Object.assign(globalThis, { __stryker__: instrumented });

/** The tests that are to run, by their ids: all, unless some are chosen. */
function chosen(): ReadonlyArray<readonly [id: string, Test]> {
  const all = tests.map((test, index) => [String(index), test] as const);
  const file = process.env['SLIPWAY_TESTS_CHOSEN'];
  if (file === undefined) return all;
  const ids: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return Array.isArray(ids) ? all.filter(([id]) => ids.includes(id)) : all;
}

/** Ends the process with 1 when it ends before the tests have, or is not told of a new one for too long. */
function watched(): { readonly begins: (id: string) => void; readonly isDone: () => void } {
  let areDone = false;
  const watch = new Worker(WATCH, { eval: true, workerData: LIMIT_MS });
  // A test that waits for what can no longer happen leaves nothing to do, and the process ends by itself.
  watch.unref();
  process.once('exit', () => {
    if (!areDone) process.exitCode = 1;
  });
  return {
    begins: (id) => watch.postMessage(id),
    isDone: () => {
      areDone = true;
    },
  };
}

/** Ends the process: with 1 at the first test that fails, whose id and name are told; else with 0. */
export async function runAll(): Promise<never> {
  const watch = watched();
  const results: object[] = [];
  for (const [id, { name, body }] of chosen()) {
    watch.begins(id);
    instrumented.currentTestId = id;
    const at = performance.now();
    try {
      await body();
    } catch (error) {
      process.stderr.write(`${id}\n${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    }
    results.push({ id, name, status: 0, timeSpentMs: performance.now() - at });
  }
  watch.isDone();
  const report = process.env['SLIPWAY_TESTS_REPORT'];
  const { mutantCoverage } = instrumented;
  if (report !== undefined) writeFileSync(report, JSON.stringify({ tests: results, mutantCoverage }));
  process.stdout.write(`${results.length} tests passed\n`);
  process.exit(0);
}
