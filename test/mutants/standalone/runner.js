/** Stryker's way to the bundle of tests: for each mutant a process of its own, which runs the tests that reach it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COMMAND = ['--conditions=development', '.stryker/tests.mjs'];
/** What the tests may print, which nobody reads. */
const MAX_OUTPUT = 2 ** 26;

/** How a test that fails says so: its id in a line of its own, and why. */
const FAILED = /^(\d+)\n(.*)/ms;

class BundleRunner {
  /** By the id of a test: how many mutants it has noticed. */
  #kills = new Map();
  #folder = mkdtempSync(join(tmpdir(), 'slipway-stryker-'));

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun({ timeout }) {
    const report = join(this.#folder, 'dry-run.json');
    const { error, stderr } = await this.#run({ SLIPWAY_TESTS_REPORT: report }, timeout);
    if (error !== null) return { status: 'error', errorMessage: stderr || error.message };
    return { status: 'complete', ...JSON.parse(readFileSync(report, 'utf8')) };
  }

  async mutantRun({ activeMutant, testFilter, timeout }) {
    const order = join(this.#folder, 'order.json');
    writeFileSync(order, JSON.stringify({ chosen: testFilter, first: this.#quickest() }));
    const env = { __STRYKER_ACTIVE_MUTANT__: activeMutant.id, SLIPWAY_TESTS_ORDER: order };
    const { error, stderr } = await this.#run(env, timeout);
    if (error === null) return { status: 'survived', nrOfTests: testFilter?.length ?? 1 };
    if (error.killed) return { status: 'timeout', reason: `no end after ${timeout} ms` };
    const [, id, message] = FAILED.exec(stderr) ?? [undefined, 'none', stderr];
    this.#kills.set(id, (this.#kills.get(id) ?? 0) + 1);
    return { status: 'killed', killedBy: [id], failureMessage: message, nrOfTests: 1 };
  }

  /** The tests that have noticed most mutants so far: they notice the next one, too. */
  #quickest() {
    return [...this.#kills].toSorted(([, a], [, b]) => b - a).map(([id]) => id);
  }

  dispose() {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  #run(env, timeout) {
    // Stryker ends this process when the time is over; the process of the tests has to end before.
    const limit = Math.floor(timeout * 0.9);
    const options = { env: { ...process.env, ...env }, timeout: limit, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT };
    return new Promise((resolve) => {
      execFile(process.execPath, COMMAND, options, (error, _, stderr) => resolve({ error, stderr }));
    });
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'bundle', factory: () => new BundleRunner() }];
