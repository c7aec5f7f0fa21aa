/**
 * Proves the package where its users are: in a new folder, every program of the documentation and of examples/ is
 * compiled against the packed declarations, those of the libraries included, and run by plain Node.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { programsOf, reasonNotToRun } from './docs/pages.ts';
import { typeProblems } from './newFolder/compiled.ts';
import { type NewFolder, newFolder } from './newFolder/folder.ts';
import { installedProblems } from './newFolder/installed.ts';
import { shellProblems } from './newFolder/shell.ts';

/** What an example is given that goes on until it is ended. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = { 'examples/live-status.ts': ['--seconds', '1'] };

interface Program {
  readonly name: string;
  readonly code: string;
  /** Why it is shown alone. */
  readonly notRun?: string | undefined;
}

function programs(): readonly Program[] {
  const examples = readdirSync('examples').filter((file) => file.endsWith('.ts'));
  return [
    ...programsOf('.').map((block) => ({ name: block.name, code: block.code, notRun: reasonNotToRun(block) })),
    ...examples.map((file) => ({ name: `examples/${file}`, code: readFileSync(`examples/${file}`, 'utf8') })),
  ];
}

/** `docs/guides/life.md #2` as the name of a module. */
const moduleOf = ({ name }: Program): string => name.replace(/\.(?:md|ts)\b/, '').replaceAll(/[^\w]+/g, '-');

async function runProblem(folder: NewFolder, program: Program): Promise<readonly string[]> {
  const args = ARGUMENTS[program.name] ?? [];
  const { passed, output } = await folder.run('node', '--enable-source-maps', `out/${moduleOf(program)}.js`, ...args);
  if (!passed) return [`${program.name} fails:\n${output}`];
  return output.trim() === '' ? [`${program.name} shows nothing`] : [];
}

async function problemsIn(folder: NewFolder, all: readonly Program[]): Promise<readonly string[]> {
  const run = all.filter(({ notRun }) => notRun === undefined);
  for (const program of run) folder.write(`src/${moduleOf(program)}.ts`, program.code);
  const before = [...(await installedProblems(folder)), ...(await typeProblems(folder))];
  if (before.length > 0) return before;
  const atOnce = pLimit(availableParallelism());
  const problems = await Promise.all(run.map((program) => atOnce(() => runProblem(folder, program))));
  return [...problems.flat(), ...(await shellProblems(folder))];
}

const folder = await newFolder('.pack/slipway.tgz');
try {
  const all = programs();
  const problems = await problemsIn(folder, all);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  for (const { name, notRun } of all) if (notRun !== undefined) process.stdout.write(`${name} not run: ${notRun}\n`);
  process.stdout.write(
    `${all.filter(({ notRun }) => notRun === undefined).length} programs in a new folder, ${problems.length} problems\n`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  folder.remove();
}
