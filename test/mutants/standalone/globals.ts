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
  const end = (id) => {
    require('node:fs').writeSync(2, id + '\\nis not done after ' + workerData + ' ms\\n');
    process.kill(process.pid, 'SIGKILL');
  };
  let timer;
  parentPort.on('message', (id) => {
    clearTimeout(timer);
    timer = setTimeout(end, workerData, id);
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

interface Order {
  /** Absent: all. */
  readonly chosen?: readonly string[];
  readonly first: readonly string[];
}

/** The tests that are to run, by their ids: all of them as they are declared, unless a file says otherwise. */
function inOrder(): ReadonlyArray<readonly [id: string, Test]> {
  const all = tests.map((test, index) => [String(index), test] as const);
  const file = process.env.SLIPWAY_TESTS_ORDER;
  if (file === undefined) return all;
  const { chosen, first } = JSON.parse(readFileSync(file, 'utf8')) as Order;
  const asked = chosen === undefined ? all : all.filter(([id]) => chosen.includes(id));
  const placeOf = (id: string): number => (first.includes(id) ? first.indexOf(id) : first.length);
  return asked.toSorted(([a], [b]) => placeOf(a) - placeOf(b));
}

/** Has every test told of before it begins; a process that ends by itself has waited for what can no longer happen. */
function watched(): (id: string | undefined) => void {
  const watch = new Worker(WATCH, { eval: true, workerData: LIMIT_MS });
  watch.unref();
  let current: string | undefined;
  process.once('exit', () => {
    if (current === undefined) return;
    process.stderr.write(`${current}\nwaits for what never happens\n`);
    process.exitCode = 1;
  });
  return (id) => {
    current = id;
    if (id !== undefined) watch.postMessage(id);
  };
}

/** Ends the process: with 1 at the first test that fails, whose id and name are told; else with 0. */
export async function runAll(): Promise<never> {
  const tell = watched();
  const results: object[] = [];
  for (const [id, { name, body }] of inOrder()) {
    tell(id);
    instrumented.currentTestId = id;
    const at = performance.now();
    try {
      await body();
    } catch (error) {
      tell(undefined);
      process.stderr.write(`${id}\n${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    }
    results.push({ id, name, status: 0, timeSpentMs: performance.now() - at });
  }
  tell(undefined);
  const report = process.env.SLIPWAY_TESTS_REPORT;
  const { mutantCoverage } = instrumented;
  if (report !== undefined) writeFileSync(report, JSON.stringify({ tests: results, mutantCoverage }));
  process.stdout.write(`${results.length} tests passed\n`);
  process.exit(0);
}
