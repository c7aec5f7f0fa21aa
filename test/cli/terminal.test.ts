import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { folderOfTests } from '../support/folderOfTests.ts';
import { ROOT } from '../support/slipway.ts';
import { nodeInTerminal, type Screen, slipwayInTerminal, type TerminalOptions } from '../support/terminal.ts';

const BUNDLE = ['create', '--bundle', join(ROOT, 'examples/web')];
const EXAMPLE = [...BUNDLE, '--facts', join(ROOT, 'examples/host.json'), '--latency', '60'];
/** Slow enough that a key can be pressed in the middle of a step. */
const SLOWLY = [...EXAMPLE.slice(0, -1), '150'];
const CTRL_C = '\u0003';
const ESCAPE = '\u001B';
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]+m`);
const SPINNING = /^ *[⠁-⣿] /;
const SIZES = [
  { cols: 80, rows: 24 },
  { cols: 40, rows: 24 },
];

const folder = folderOfTests('terminal');

const noEndpoint = join(folder, 'no-endpoint.json');
writeFileSync(
  noEndpoint,
  JSON.stringify({
    files: ['C:\\data\\web', 'C:\\layers\\web', 'C:\\layers\\nanoserver'].map((path) => ({ path, dir: true })),
    endpoints: ['99999999-9999-4999-8999-999999999999'],
  }),
);

interface Look {
  readonly lines: readonly string[];
  readonly wrapped: readonly string[];
}

/** Runs it, and keeps what stood on the screen whenever something had changed, until the outcome came. */
async function watch(args: readonly string[], outcome: string, options: TerminalOptions) {
  const looks: Look[] = [];
  const run = await slipwayInTerminal(args, {
    ...options,
    onScreen: (screen, press) => {
      const { lines, wrappedLines: wrapped } = screen;
      if (lines.length > 0 && !lines.some((line) => line.startsWith(outcome))) looks.push({ lines, wrapped });
      options.onScreen?.(screen, press);
    },
  });
  return { ...run, looks };
}

/** What stands above the outcome. */
function treeOf({ lines }: Screen, outcome: string): readonly string[] {
  const end = lines.findIndex((line) => line.startsWith(outcome));
  return lines.slice(lines.indexOf('', 1) + 1, end).filter((line) => line !== '');
}

/** The marks and the names, which never depend on the size. */
const marksOf = (tree: readonly string[]): readonly string[] => tree.map((line) => line.trim().split(/ {2,}/)[0] ?? '');

/** Every frame was one whole tree on one screen, and nothing of an earlier one was left beside it. */
function expectCleanFrames(looks: readonly Look[], rows: number): void {
  // Only a frame has a spinner: the final tree has none, and may be higher than the screen. Nor is it looked at when the
  // terminal itself has just written ^C below it, which the next frame takes away.
  const frames = looks.filter(({ lines }) => lines.some((line) => SPINNING.test(line)) && lines.at(-1) !== '^C');
  expect(frames.length).toBeGreaterThan(0);
  for (const { lines, wrapped } of frames) {
    expect(wrapped).toEqual([]);
    expect(lines.length).toBeLessThan(rows);
    // One below the header, one above the rollback.
    expect(lines.filter((line) => line === '').length).toBeLessThanOrEqual(2);
    expect(lines.filter((line) => line.startsWith('creating web'))).toHaveLength(1);
    expect(lines.join(' ')).toMatch(/simulated host: +nothing happens on this machine\]/);
    const names = marksOf(lines).map((line) => line.slice(2));
    const steps = names.filter((name) => /^[a-z]+[A-Z]\w+$/.test(name));
    expect(new Set(steps).size).toBe(steps.length);
    expect(lines).not.toContainEqual(expect.stringContaining('^C'));
  }
}

function expectCursorBack(bytes: string): void {
  expect(bytes.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(bytes.lastIndexOf(`${ESCAPE}[?25l`));
  expect(bytes).toContain(`${ESCAPE}[?25l`);
}

describe('slipway create on a terminal', () => {
  test.each(SIZES)(
    'of $cols x $rows shows a success, and leaves the tree above the outcome',
    async ({ cols, rows }) => {
      const { code, bytes, screen, looks } = await watch(EXAMPLE, 'created', { cols, rows });
      expect(code).toBe(0);
      expect(marksOf(treeOf(screen, 'created web'))).toEqual([
        '✓ initializing',
        '✓ validating',
        '– installingDrivers',
        '✓ networking',
        '✓ allocating',
        '✓ creatingScratch',
        '✓ mountingLayers',
        '✓ resolvingMounts',
        '– creatingCredentials',
        '– assigningDevices',
        '– reinstallingDrivers',
        '✓ documenting',
        '✓ creatingComputeSystem',
      ]);
      expect(screen.text).toContain('\n  computeSystem web\n');
      expect(bytes).toMatch(COLOUR);
      expectCleanFrames(looks, rows);
      expectCursorBack(bytes);
    },
    30_000,
  );

  test.each(SIZES)(
    'of $cols x $rows shows a failure and its rollback, and then all that is known of it',
    async ({ cols, rows }) => {
      const args = [...BUNDLE, '--facts', noEndpoint, '--latency', '60'];
      const { code, bytes, screen, looks } = await watch(args, 'failed in', { cols, rows });
      expect(code).toBe(1);
      const tree = treeOf(screen, 'failed in networking  endpoint-not-found');
      expect(marksOf(tree).slice(2, 5)).toEqual(['– installingDrivers', '✗ networking', '· allocating']);
      expect(tree.at(-3)).toMatch(/^↶ rolled back +\d+ ms {2}2 of 2$/);
      expect(tree.at(-2)).toMatch(/^ {2}↶ endpoint 1b2f4a5e-.*… +\d+ ms$/);
      expect(tree.at(-1)).toMatch(/^ {2}↶ namespace [0-9a-f-]+…? +\d+ ms$/);
      expect(screen.lines.join('')).toContain('the host said: HCN_E_ENDPOINT_NOT_FOUND (0x803B0002)');
      expect(screen.text).toContain('on the simulated host:\n  nothing\n');
      expectCleanFrames(looks, rows);
      expectCursorBack(bytes);
    },
    30_000,
  );

  test.each([...SIZES, { cols: 80, rows: 12 }])(
    'of $cols x $rows shows how Ctrl-C undoes it all',
    async ({ cols, rows }) => {
      let pressed = false;
      const { code, bytes, screen, looks } = await watch(SLOWLY, 'failed in', {
        cols,
        rows,
        onScreen: ({ lines }, press) => {
          if (pressed || !lines.some((line) => /[⠁-⣿] creatingScratch/.test(line))) return;
          pressed = true;
          press(CTRL_C);
        },
      });
      expect(code).toBe(130);
      const tree = treeOf(screen, 'failed in creatingScratch  cancelled');
      expect(marksOf(tree)).toContain('■ creatingScratch');
      expect(tree).toContainEqual(expect.stringMatching(/^■ cancelled {14}interrupted f/));
      expect(tree).toContainEqual(expect.stringMatching(/^↶ rolled back +\d+ ms {2}(\d) of \1$/));
      expect(looks.some(({ lines }) => lines.some((line) => line.includes(' rolling back ')))).toBe(true);
      expect(screen.text).toContain('on the simulated host:\n  nothing\n');
      expectCleanFrames(looks, rows);
      expectCursorBack(bytes);
    },
    30_000,
  );

  test('says in full what a warning is about, below the tree', async () => {
    const spec = join(folder, 'warned.json');
    const annotations = { 'io.microsoft.container.memory.sizeinmb': 'much' };
    writeFileSync(spec, JSON.stringify({ annotations, windows: { layerFolders: ['C:\\a', 'C:\\b'] } }));
    const { code, screen } = await slipwayInTerminal(['create', '--spec', spec, 'web-1']);
    expect(code).toBe(0);
    const text = screen.lines.join('');
    expect(text).toContain('which is not a number: it counts as not set');
    expect(text).toContain('→ Write it in decimal digits only, below 2^64.');
  }, 30_000);

  test.each([
    ['NO_COLOR', EXAMPLE, { TERM: 'xterm-256color', NO_COLOR: '1' }],
    ['--no-color', [...EXAMPLE, '--no-color'], { TERM: 'xterm-256color' }],
  ])(
    'draws the tree without colours with %s',
    async (_, args, env) => {
      const { code, bytes, screen } = await slipwayInTerminal(args, { env });
      expect(code).toBe(0);
      expect(bytes).not.toMatch(COLOUR);
      expect(marksOf(treeOf(screen, 'created web'))).toContain('✓ networking');
      expectCursorBack(bytes);
    },
    30_000,
  );

  test('that cannot move its cursor (TERM=dumb) prints lines', async () => {
    const { code, bytes, screen } = await slipwayInTerminal(EXAMPLE, { env: { TERM: 'dumb' } });
    expect(code).toBe(0);
    expect(bytes).not.toContain(ESCAPE);
    expect(screen.text).toMatch(/✓ networking +\d+ ms/);
  }, 30_000);

  test('whose output goes into a pipe prints lines', async () => {
    const { bytes, screen } = await slipwayInTerminal(EXAMPLE, { cols: 200, pipedInto: 'cat' });
    expect(bytes).not.toContain(ESCAPE);
    expect(screen.text).toMatch(/✓ networking +\d+ ms/);
    expect(screen.text).toContain('created web');
  }, 30_000);

  test('gives the cursor back and ends when something throws in the middle', async () => {
    const program = `
      import { treeReport } from './src/cli/tree.ts';
      const report = treeReport({ terminal: process.stdout, err: () => {} });
      report.started('web');
      setTimeout(() => { throw new Error('a defect') }, 200);
    `;
    const { code, bytes, screen } = await nodeInTerminal(['--input-type=module', '--eval', program]);
    expect(code).toBe(1);
    expect(screen.text).toContain('a defect');
    expectCursorBack(bytes);
  }, 30_000);
});
