/** Stryker's way to the bundle of tests: for each mutant a process of its own, which runs the tests that reach it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COMMAND = ['--conditions=development', '.stryker/tests.mjs'];
/** What the tests may print, which nobody reads. */
const MAX_OUTPUT = 2 ** 26;

class BundleRunner {
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
    const filter = join(this.#folder, 'filter.json');
    if (testFilter !== undefined) writeFileSync(filter, JSON.stringify(testFilter));
    const chosen = testFilter === undefined ? {} : { SLIPWAY_TESTS_CHOSEN: filter };
    const { error, stderr } = await this.#run({ __STRYKER_ACTIVE_MUTANT__: activeMutant.id, ...chosen }, timeout);
    if (error === null) return { status: 'survived', nrOfTests: testFilter?.length ?? 1 };
    if (error.killed) return { status: 'timeout', reason: `no end after ${timeout} ms` };
    const [killedBy = 'none', ...message] = stderr.split('\n');
    return { status: 'killed', killedBy: [killedBy], failureMessage: message.join('\n'), nrOfTests: 1 };
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
