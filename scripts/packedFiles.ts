/** Packs the package into .pack/slipway.tgz, and fails where it holds what no user needs, or lacks what one does. */
import { execSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const FOLDER = '.pack';
const BESIDES_DIST = ['LICENSE', 'README.md', 'package.json'];
const PAGE = ['index.html', 'page.js', 'style.css', 'icon.svg', 'licenses.txt'].map(
  (file) => `dist/inspector/page/${file}`,
);
/** What is there without a file of its own in src. */
const MADE = [...BESIDES_DIST, ...PAGE, 'dist/inspector/drawing/drawings.json'];

const packed = z.array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })).length(1);
const sourceMap = z.object({ sourcesContent: z.array(z.string()).min(1) });

function pack(): readonly string[] {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  const answer = execSync(`npm pack --json --ignore-scripts --pack-destination ${FOLDER}`, { encoding: 'utf8' });
  const [{ filename, files } = { filename: '', files: [] }] = packed.parse(JSON.parse(answer));
  renameSync(join(FOLDER, filename), join(FOLDER, 'slipway.tgz'));
  return files.map(({ path }) => path);
}

/** What is wrong with one file of the package; undefined when nothing is. */
function problemOf(path: string, all: ReadonlySet<string>): string | undefined {
  if (MADE.includes(path)) return undefined;
  const [, name = '', kind = ''] = /^dist\/(.+?)(\.js|\.js\.map|\.d\.ts)$/.exec(path) ?? [];
  if (kind === '') return 'is nothing that a user needs';
  if (!existsSync(join('src', `${name}.ts`))) return `comes from no src/${name}.ts: build again`;
  if (/\.test$/.test(name)) return 'is a test';
  const missing = ['.d.ts', '.js.map'].filter((end) => !all.has(`dist/${name}${end}`));
  if (missing.length > 0) return `lacks its ${missing.join(' and ')}`;
  if (kind === '.js.map' && !sourceMap.safeParse(JSON.parse(readFileSync(path, 'utf8'))).success) {
    return 'does not hold its source, and src is not in the package';
  }
  return undefined;
}

const files = new Set(pack());
const problems = [
  ...[...files].map((path) => [path, problemOf(path, files)] as const),
  ...[...MADE, 'dist/index.js'].map((path) => [path, files.has(path) ? undefined : 'is missing'] as const),
].filter(([, problem]) => problem !== undefined);

for (const [path, problem] of problems) process.stderr.write(`${path} ${problem}\n`);
process.stdout.write(`${files.size} files packed\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
