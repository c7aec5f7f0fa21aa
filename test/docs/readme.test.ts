import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { blocksIn, pagesOf, programsOf, reasonNotToRun } from '../../scripts/docs/pages.ts';
import { outputOf } from '../support/programs.ts';
import { ROOT } from '../support/slipway.ts';

const PAGES = pagesOf(ROOT);
const RUN = programsOf(ROOT).filter((program) => reasonNotToRun(program) === undefined);
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** The headings of a page as its links name them. */
const anchorsIn = (page: string): readonly string[] =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  );

describe('the documentation', () => {
  test.each(RUN.map(({ name, code }) => [name, code] as const))('%s runs', async (_, code) => {
    expect((await outputOf(code)).trim()).not.toBe('');
  });

  test('a program that is shown is a ts block, which is run, or says why it is not', () => {
    expect(PAGES.filter((page) => /^```(?:typescript|javascript|[jt]sx|[mc]?js|mts)$/m.test(read(page)))).toEqual([]);
    for (const program of programsOf(ROOT)) {
      const reason = reasonNotToRun(program);
      if (reason !== undefined) process.stdout.write(`${program.name} is not run: ${reason}\n`);
    }
  });

  test('the README shows a create and its release', async () => {
    const [program] = blocksIn(ROOT, 'README.md', 'ts');
    const out = await outputOf(program?.code ?? '');
    expect(out).toContain('provisioned provisioned');
    expect(out).toContain('computeSystem web-1');
    expect(out.trimEnd().endsWith("[ 'disk.scratchLayer C:\\\\scratch\\\\web-1' ]")).toBe(true);
  });

  test('the README shows a pod in a VM, whose containers share a layer, and what is left of it', async () => {
    const [, program] = blocksIn(ROOT, 'README.md', 'ts');
    const out = await outputOf(program?.code ?? '');
    const [during = '', after = ''] = out.split('is used by pod-1, web-1');
    expect(during).toMatch(/computeSystem pod-1'[\s\S]*computeSystem web-1'[\s\S]*utilityVm pod-1-vm'/);
    expect(during.match(/vsmbShare/g)).toHaveLength(1);
    expect(after).not.toMatch(/computeSystem|utilityVm|vsmbShare|grant|namespace/);
    expect(after).toContain('disk.scratchLayer C:\\\\scratch\\\\web-1');
  });

  test('every link leads to a file, and to a heading of it', () => {
    for (const page of PAGES) {
      for (const [, file = '', anchor] of read(page).matchAll(/\]\(([^)#:]*)(?:#([^)]*))?\)/g)) {
        const target = file === '' ? page : join(page, '..', file);
        expect([page, target, existsSync(join(ROOT, target))]).toEqual([page, target, true]);
        if (anchor !== undefined)
          expect([page, target, anchorsIn(read(target))]).toEqual([page, target, expect.arrayContaining([anchor])]);
      }
    }
  });

  test('every guide is in the index', () => {
    const index = read('docs/README.md');
    const missing = PAGES.filter((page) => /^docs\/(?:guides\/)?[a-z-]+\.md$/.test(page)).filter(
      (page) => !index.includes(`](${page.slice('docs/'.length)})`),
    );
    expect(missing).toEqual([]);
  });
});
