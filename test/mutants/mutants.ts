/**
 * `npm run mutants [-- PART]`: makes each mistake of the list in a copy of the tree, and sees whether the tests notice.
 * `npm run mutants -- --lines FILE...`: the same with every line of these files that code can do without.
 */
import { availableParallelism } from 'node:os';
import { markdownTable } from 'markdown-table';
import { linesOf } from './lines.ts';
import { MUTANTS } from './list.ts';
import { type Mutant, testsOf } from './mutant.ts';
import { type Judged, Workshop } from './workshop.ts';

function chosen(): readonly Mutant[] {
  const [part = '', ...files] = process.argv.slice(2);
  if (part === '--lines') return files.flatMap(linesOf);
  return MUTANTS.filter(({ file, why }) => `${file} ${why}`.includes(part));
}

const workshops = Array.from({ length: availableParallelism() }, () => new Workshop());

/** Nothing can be said of a mutant where the tests fail without one. */
async function proveTests(mutants: readonly Mutant[]): Promise<void> {
  const suites = [...new Set(mutants.flatMap(({ file, tests = testsOf(file) }) => tests))];
  const shares = workshops.map((_, share) => suites.filter((__, index) => index % workshops.length === share));
  const runs = workshops.map((one, share) => (shares[share]?.length ? one.run(shares[share]) : 'survived'));
  if ((await Promise.all(runs)).some((verdict) => verdict !== 'survived')) {
    throw new Error(`the tests fail without any mutant: ${suites.join(' ')}`);
  }
}

/** Judges what is left, and says so, until nothing is. */
async function judge(workshop: Workshop, left: Mutant[], verdicts: Judged[]): Promise<void> {
  for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
    const one = await workshop.judge(mutant);
    verdicts.push(one);
    process.stdout.write(`${one.verdict}: ${mutant.why} (${mutant.file}, ${one.seconds} s)\n`);
  }
}

const verdicts: Judged[] = [];
try {
  const mutants = chosen();
  await proveTests(mutants);
  const left = [...mutants];
  await Promise.all(workshops.map((workshop) => judge(workshop, left, verdicts)));
} finally {
  for (const workshop of workshops) workshop.close();
}
const rows = verdicts.map(({ mutant, verdict, seconds }) => [mutant.file, mutant.why, verdict, `${seconds} s`]);
process.stdout.write(`\n${markdownTable([['file', 'what goes wrong', 'verdict', 'time'], ...rows])}\n`);
const noticed = verdicts.filter(({ verdict }) => verdict === 'killed' || verdict === 'hangs').length;
process.stdout.write(`\n${noticed} of ${verdicts.length} killed\n`);
process.exitCode = noticed === verdicts.length && noticed > 0 ? 0 : 1;
