/** A copy of the tree in which mistakes are made, one at a time. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, testsOf } from './mutant.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const COPIED = ['src', 'test', 'types', 'package.json', 'jest.config.js', 'tsconfig.json'];
/** A mutant that hangs is noticed too: by a test that waits for so long, or in the end by this. */
const TEST_LIMIT_MS = 30_000;
const LIMIT_MS = 300_000;

export type Verdict = 'killed' | 'hangs' | 'survived' | 'does not apply';

export interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  readonly seconds: string;
}

export class Workshop {
  readonly #copy = mkdtempSync(join(tmpdir(), 'slipway-mutants-'));

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.#copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.#copy, 'node_modules'));
  }

  close(): void {
    rmSync(this.#copy, { recursive: true, force: true, maxRetries: 10 });
  }

  /** What becomes of the tests in the copy as it is now: they pass, so that a mutant in it has survived, or not. */
  run(tests: readonly string[]): Promise<Exclude<Verdict, 'does not apply'>> {
    const node = ['--experimental-vm-modules', '--conditions=development', 'node_modules/jest/bin/jest.js'];
    const jest = ['--runInBand', '--reporters=<rootDir>/test/mutants/stopAtFailure.js'];
    const limits = ['--globalSetup=<rootDir>/test/support/noBuild.js', `--testTimeout=${TEST_LIMIT_MS}`];
    const options = { cwd: this.#copy, timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 } as const;
    return new Promise((resolve) => {
      execFile(process.execPath, [...node, ...jest, ...limits, ...tests], options, (error) => {
        if (error === null) resolve('survived');
        else resolve(error.killed === true ? 'hangs' : 'killed');
      });
    });
  }

  async judge(mutant: Mutant): Promise<Judged> {
    const at = performance.now();
    const verdict = await this.#verdictOn(mutant);
    return { mutant, verdict, seconds: ((performance.now() - at) / 1000).toFixed(1) };
  }

  async #verdictOn({ file, find, replace, tests }: Mutant): Promise<Verdict> {
    const path = join(this.#copy, file);
    const original = readFileSync(path, 'utf8');
    if (original.split(find).length !== 2) return 'does not apply';
    writeFileSync(
      path,
      original.replace(find, () => replace),
    );
    try {
      return await this.run(tests ?? testsOf(file));
    } finally {
      writeFileSync(path, original);
    }
  }
}
