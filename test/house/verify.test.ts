import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const ROOT = new URL('../..', import.meta.url).pathname;
const TIMEOUT_MS = 600_000;
const copy = mkdtempSync(join(tmpdir(), 'slipway-house-'));

/** The files of the tree as git knows them, without the recorded cases: no check reads those. */
function filesOfTheTree(): readonly string[] {
  const listing = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  return execFileSync('git', listing, { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && !file.includes('conformance/cases/') && file !== 'node_modules')
    .filter((file) => existsSync(join(ROOT, file)));
}

beforeAll(() => {
  for (const file of filesOfTheTree()) cpSync(join(ROOT, file), join(copy, file));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true, maxRetries: 10 }));

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

/** Runs one script of package.json in the copy. */
function npmRun(script: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: copy, maxBuffer: 2 ** 26, env: { ...process.env, NO_COLOR: '1' } };
    execFile('npm', ['run', ...script.split(' ')], options, (error, out, err) => {
      resolve({ passed: error === null, output: `${out}${err}` });
    });
  });
}

/** One change to the tree, and where the script that must refuse it has to point. */
interface Mutation {
  readonly file: string;
  readonly change: (text: string) => string;
  readonly script: string;
  readonly says: readonly string[];
}

/** Its own group of verify; it takes a minute, most of which these changes spare. */
const NEW_FOLDER = 'new-folder';

const append = (line: string) => (text: string) => `${text}${line}\n`;

async function outcomeOf({ file, change, script }: Mutation): Promise<Outcome> {
  const path = join(copy, file);
  const original = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const changed = change(original ?? '');
  expect(changed).not.toBe(original);
  writeFileSync(path, changed);
  try {
    return await npmRun(script);
  } finally {
    if (original === undefined) rmSync(path);
    else writeFileSync(path, original);
  }
}

/** Forty lines of some file of src. */
const block = (file: string): string => readFileSync(join(ROOT, file), 'utf8').split('\n').slice(0, 40).join('\n');

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'an import from the machines into hcs': {
    file: 'src/machines/faults.ts',
    change: append("export { formatHresult } from '../hcs/codes.ts';"),
    script: 'arrows',
    says: ['machines-imports-only-what-lies-below-it', 'src/machines/faults.ts', 'src/hcs/codes.ts'],
  },
  'node:fs in the machines': {
    file: 'src/machines/faults.ts',
    change: append("export { readFileSync } from 'node:fs';"),
    script: 'arrows',
    says: ['machines-hold-no-io', 'src/machines/faults.ts'],
  },
  'an import cycle': {
    file: 'src/hcs/codes/com.ts',
    change: append("export { HRESULT } from '../codeTable.ts';"),
    script: 'arrows',
    says: ['no-cycles', 'src/hcs/codes/com.ts', 'src/hcs/codeTable.ts'],
  },
  'an export that nobody uses': {
    file: 'src/domain/ids.ts',
    change: append('export const nobodyUsesThis = 1;'),
    script: 'unused',
    says: ['nobodyUsesThis', 'src/domain/ids.ts'],
  },
  'a state whose description is not in its picture': {
    file: 'src/machines/createContainer/allocating.ts',
    change: (text) => text.replace("description: '", "description: 'Changed. "),
    script: 'machines -- --check',
    says: ['docs/machines/createContainer.md is stale'],
  },
  'a parameter of type any': {
    file: 'src/domain/ids.ts',
    change: append('export const hole = (value: any): number => Number(value);'),
    script: 'lint',
    says: ['noExplicitAny', 'src/domain/ids.ts'],
  },
  'a cast to any': {
    file: 'src/domain/ids.ts',
    change: append('export const hole: number = ({} as any).size;'),
    script: 'lint',
    says: ['noExplicitAny', 'src/domain/ids.ts'],
  },
  'a non-null assertion': {
    file: 'src/domain/ids.ts',
    change: append('export const hole: number = [1][0]!;'),
    script: 'lint',
    says: ['noNonNullAssertion', 'src/domain/ids.ts'],
  },
  '@ts-ignore': {
    file: 'src/domain/ids.ts',
    change: append('// @ts-ignore\nexport const hole: string = 1;'),
    script: 'lint',
    says: ['noTsIgnore', 'src/domain/ids.ts'],
  },
  'a promise that nobody waits for': {
    file: 'src/domain/ids.ts',
    change: append('export function hole(): void {\n  Promise.reject(new Error("lost"));\n}'),
    script: 'lint',
    says: ['noFloatingPromises', 'src/domain/ids.ts'],
  },
  'export * in the public list': {
    file: 'src/index.ts',
    change: append("export * from './domain/ids.ts';"),
    script: 'lint',
    says: ['noReExportAll', 'src/index.ts'],
  },
  'a file that is not formatted': {
    file: 'src/domain/ids.ts',
    change: append('export const   hole = "1"'),
    script: 'lint',
    says: ['src/domain/ids.ts format'],
  },
  '@ts-expect-error and biome-ignore in src': {
    file: 'src/domain/ids.ts',
    change: append('// @ts-expect-error\nexport const hole: string = 1; // biome-ignore lint: no'),
    script: 'unit -- test/house/holes',
    says: ['src/domain/ids.ts', '@ts-expect-error', 'biome-ignore'],
  },
  'a type error, an implicit any, and an any that comes out of JSON.parse': {
    file: 'src/domain/holes.ts',
    change: append(
      "export const one: string = 1;\nexport const two = (x) => x;\nexport const three: string = JSON.parse('');",
    ),
    script: 'types',
    says: ['src/domain/holes.ts(1,14): error TS2322', 'holes.ts(2,21): error TS7006', 'holes.ts(3,14): error TS2322'],
  },
  'forty lines that are there already': {
    file: 'src/domain/copied.ts',
    change: () => block('src/hcs/codes.ts'),
    script: 'duplicates',
    says: ['domain/copied.ts', 'hcs/codes.ts', 'Clone found'],
  },
  'a public entry that points at nothing': {
    file: 'package.json',
    change: (text) => text.replace('./dist/machines/index.js', './dist/machines/nothing.js'),
    script: 'package',
    says: ['./dist/machines/nothing.js', 'does not exist'],
  },
  'a test in the package': {
    file: 'dist/domain/ids.test.js',
    change: append('export {};'),
    script: 'package',
    says: ['dist/domain/ids.test.js comes from no src/domain/ids.test.ts'],
  },
  'a program of a guide that does not compile': {
    file: 'docs/guides/life.md',
    change: append("\n```ts\nimport { createProvisioner } from 'slipway';\nawait createProvisioner({});\n```"),
    script: NEW_FOLDER,
    says: ['strict: src/docs-guides-life-2.ts(2,25): error TS2769'],
  },
  'types that a consumer would have to install': {
    file: 'package.json',
    change: (text) => text.replace(/^.*"@types\/node".*\n/m, ''),
    script: NEW_FOLDER,
    says: ['node_modules/slipway/dist/index.d.ts(1,23): error TS'],
  },
};

describe('verify', () => {
  const scripts = new Set(['build', ...Object.values(MUTATIONS).map(({ script }) => script)]);
  scripts.delete(NEW_FOLDER);

  test.each([...scripts])(
    'lets the tree as it is pass npm run %s',
    async (script) => {
      const { passed, output } = await npmRun(script);
      expect(passed ? 'passed' : output).toBe('passed');
    },
    TIMEOUT_MS,
  );

  test.each(Object.entries(MUTATIONS))(
    'refuses %s',
    async (_, mutation) => {
      const { passed, output } = await outcomeOf(mutation);
      expect({ passed, output }).toEqual({ passed: false, output: expect.any(String) });
      for (const words of mutation.says) expect(output).toContain(words);
    },
    TIMEOUT_MS,
  );

  test(
    'stops at the first check that fails, and names it',
    async () => {
      const mutation: Mutation = {
        file: 'src/domain/ids.ts',
        change: append('export const   hole = "1"'),
        script: 'verify',
        says: [],
      };
      const { passed, output } = await outcomeOf(mutation);
      expect(passed).toBe(false);
      expect(output).toContain('verify failed at: npm run lint');
      expect(output).not.toContain('✓');
    },
    TIMEOUT_MS,
  );

  test('npm test is verify, and so is CI', () => {
    const { scripts: all } = Object(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
    expect(all.test).toBe('npm run verify');
    expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(/^npm install\nnpm test$/m);
  });
});
