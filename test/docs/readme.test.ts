import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const ROOT = new URL('../..', import.meta.url).pathname;
const run = promisify(execFile);
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));
const blocks = (page: string, language: string): readonly string[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, code = '']) => code,
  );
const programs = PAGES.flatMap((page) =>
  blocks(page, 'ts').map((code, index) => [`${page} #${index + 1}`, code] as const),
);

describe('the documentation', () => {
  test.each(programs)('%s runs', async (_, code) => {
    // The package is built by `npm test`; a program of the documentation imports it by name, as a user would.
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: ROOT });
    expect(stdout.trim()).not.toBe('');
  });

  test('the README shows a create and its release', async () => {
    const [program = ''] = blocks('README.md', 'ts');
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: ROOT });
    expect(stdout).toContain('provisioned provisioned');
    expect(stdout).toContain('computeSystem web-1');
    expect(stdout.trimEnd().endsWith("[ 'disk.scratchLayer C:\\\\scratch\\\\web-1' ]")).toBe(true);
  });

  test('the README shows a pod in a VM, whose containers share a layer, and what is left of it', async () => {
    const [, program = ''] = blocks('README.md', 'ts');
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: ROOT });
    const [during = '', after = ''] = stdout.split('is used by pod-1, web-1');
    expect(during).toMatch(/computeSystem pod-1'[\s\S]*computeSystem web-1'[\s\S]*utilityVm pod-1-vm'/);
    expect(during.match(/vsmbShare/g)).toHaveLength(1);
    expect(after).not.toMatch(/computeSystem|utilityVm|vsmbShare|grant|namespace/);
    expect(after).toContain('disk.scratchLayer C:\\\\scratch\\\\web-1');
  });

  test('every link to a file leads to one', () => {
    for (const page of PAGES) {
      for (const [, target = ''] of readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        expect([page, target, existsSync(join(ROOT, page, '..', target))]).toEqual([page, target, true]);
      }
    }
  });
});
