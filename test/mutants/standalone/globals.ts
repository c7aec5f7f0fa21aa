/** What test files import from jest, for a run of them in one plain process that ends with the first failure. */
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
let areDone = false;

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

/** Ends the process: with 1 at the first test that fails, whose name is told; else with 0. */
export async function runAll(): Promise<never> {
  const watch = new Worker(WATCH, { eval: true, workerData: LIMIT_MS });
  // A test that waits for what can no longer happen leaves nothing to do, and the process ends by itself.
  watch.unref();
  process.once('exit', () => {
    if (!areDone) process.exitCode = 1;
  });
  for (const { name, body } of tests) {
    watch.postMessage(name);
    try {
      await body();
    } catch (error) {
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    }
  }
  areDone = true;
  process.stdout.write(`${tests.length} tests passed\n`);
  process.exit(0);
}
