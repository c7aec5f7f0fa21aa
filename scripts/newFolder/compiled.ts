/** The programs as a user compiles them: strict, and with the declarations of all libraries checked too. */
import type { NewFolder } from './folder.ts';

const OPTIONS = {
  module: 'nodenext',
  target: 'es2023',
  strict: true,
  skipLibCheck: false,
  rootDir: 'src',
  outDir: 'out',
};

/** What users set besides. `lib` without the DOM is that of a server; the default one has it. */
const VARIANTS: Readonly<Record<string, object>> = {
  strict: { lib: ['es2023'] },
  'strict, with the DOM': {},
  'strict, with exactOptionalPropertyTypes': { exactOptionalPropertyTypes: true },
};

/** XState's own declarations do not hold under exactOptionalPropertyTypes; those of everybody else must. */
const isOfXstate = (line: string): boolean => line.startsWith('node_modules/xstate/');

const ERROR = /^\S+\(\d+,\d+\): error TS\d+: /;

/** What the compiler has against the programs in `src/`, by every variant; the compiled ones are in `out/` then. */
export async function typeProblems(folder: NewFolder): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [variant, besides] of Object.entries(VARIANTS)) {
    const compilerOptions = { ...OPTIONS, ...besides };
    folder.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }));
    const { passed, output } = await folder.run('tsc', '--pretty', 'false');
    const errors = output.split('\n').filter((line) => ERROR.test(line));
    if (!passed && errors.length === 0) problems.push(`${variant}: ${output}`);
    const allowed = 'exactOptionalPropertyTypes' in besides ? isOfXstate : () => false;
    problems.push(...errors.filter((line) => !allowed(line)).map((line) => `${variant}: ${line}`));
  }
  return problems;
}
