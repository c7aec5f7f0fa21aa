/** `npm run mutants [-- PART]`: makes each mistake in a copy of the tree, and sees whether the tests notice. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { MUTANTS, type Mutant } from './list.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const COPIED = ['src', 'test', 'types', 'package.json', 'jest.config.js', 'tsconfig.json'];
const TABLES = ['test/model/tables'];
/** A mutant that hangs is noticed too. */
const LIMIT_MS = 120_000;

const copy = mkdtempSync(join(tmpdir(), 'slipway-mutants-'));
for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

interface Verdict {
  readonly mutant: Mutant;
  readonly verdict: 'killed' | 'survived' | 'does not apply';
  readonly seconds: string;
}

/** Whether the tests fail, in the copy as it is now. */
function fail(tests: readonly string[]): Promise<boolean> {
  const jest = ['--experimental-vm-modules', '--conditions=development', 'node_modules/jest/bin/jest.js', '--bail'];
  const noBuild = '--globalSetup=<rootDir>/test/support/noBuild.js';
  return new Promise((resolve) => {
    const options = { cwd: copy, timeout: LIMIT_MS, maxBuffer: 2 ** 26 };
    execFile(process.execPath, [...jest, noBuild, ...tests], options, (error) => resolve(error !== null));
  });
}

async function judge(mutant: Mutant): Promise<Verdict> {
  const at = performance.now();
  const verdictOf = (verdict: Verdict['verdict']): Verdict => ({
    mutant,
    verdict,
    seconds: ((performance.now() - at) / 1000).toFixed(1),
  });
  const path = join(copy, mutant.file);
  const original = readFileSync(path, 'utf8');
  if (original.split(mutant.find).length !== 2) return verdictOf('does not apply');
  writeFileSync(
    path,
    original.replace(mutant.find, () => mutant.replace),
  );
  try {
    return verdictOf((await fail(mutant.tests ?? TABLES)) ? 'killed' : 'survived');
  } finally {
    writeFileSync(path, original);
  }
}

const [, , part = ''] = process.argv;
const verdicts: Verdict[] = [];
try {
  const chosen = MUTANTS.filter(({ file, why }) => `${file} ${why}`.includes(part));
  const suites = new Set(chosen.flatMap(({ tests = TABLES }) => tests));
  if (await fail([...suites])) throw new Error('the tests fail without any mutant: nothing can be said');
  for (const mutant of chosen) {
    const verdict = await judge(mutant);
    verdicts.push(verdict);
    process.stdout.write(`${verdict.verdict}: ${mutant.why} (${mutant.file}, ${verdict.seconds} s)\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const rows = verdicts.map(({ mutant, verdict, seconds }) => [mutant.file, mutant.why, verdict, `${seconds} s`]);
process.stdout.write(`\n${markdownTable([['file', 'what goes wrong', 'verdict', 'time'], ...rows])}\n`);
const killed = verdicts.filter(({ verdict }) => verdict === 'killed').length;
process.stdout.write(`\n${killed} of ${verdicts.length} killed\n`);
process.exitCode = killed === verdicts.length && killed > 0 ? 0 : 1;
