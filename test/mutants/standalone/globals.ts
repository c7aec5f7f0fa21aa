/** What test files import from jest, for a run of them in one plain process that ends with the first failure. */
import { expect } from 'expect';

type Body = (...row: readonly unknown[]) => unknown;
type Declare = (name: string, body: Body) => void;

interface Test {
  readonly name: string;
  readonly body: Body;
}

/** A test that waits for longer has failed. */
const LIMIT_MS = 30_000;

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

async function inTime(body: Body): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  await Promise.race([body(), late]);
  clearTimeout(timer);
}

/** Ends the process: with 1 at the first test that fails, whose name is told; else with 0. */
export async function runAll(): Promise<never> {
  for (const { name, body } of tests) {
    try {
      await inTime(body);
    } catch (error) {
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    }
  }
  process.stdout.write(`${tests.length} tests passed\n`);
  process.exit(0);
}
