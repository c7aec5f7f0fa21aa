import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { BENCHMARKS } from '../../bench/benchmarks.ts';
import { SHORTEST } from '../../bench/measure.ts';
import { markdownOf, report, withFigures } from '../../bench/report.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8');

describe('the benchmarks', () => {
  test.each(BENCHMARKS.map((benchmark) => [benchmark.name, benchmark] as const))(
    '%s runs, and gives figures with names and units',
    async (name, benchmark) => {
      const { benchmarks, node } = await report([benchmark], SHORTEST);
      expect(node).toBe(process.version);
      expect(benchmarks).toEqual([{ name, title: benchmark.title, rows: expect.any(Array) }]);
      const rows = benchmarks.flatMap((result) => result.rows);
      const isMeasured = !rows.some((row) => row.name.startsWith('not measured'));
      if (!isMeasured) process.stdout.write(`${name}: ${rows[0]?.name}\n`);
      else expect(rows.length).toBeGreaterThanOrEqual(2);
      for (const { figures } of rows) {
        expect(Object.keys(figures).every((figure) => / (us|ms|kB|MB|%)$|^samples$/.test(figure))).toBe(true);
        expect(Object.values(figures).every(Number.isFinite)).toBe(true);
      }
    },
  );

  test('a report becomes a table for each benchmark, between the markers of the page', () => {
    const machine = { processor: 'a processor', cores: 2, memoryGB: 4, os: 'an os' };
    const rows = [{ name: 'first', figures: { 'median us': 12.345, samples: 7 } }];
    const benchmarks = [{ name: 'one', title: 'One', rows }];
    const figures = markdownOf({ date: '2026-01-02', node: 'v20', machine, benchmarks });
    expect(figures).toBe(
      [
        '2026-01-02, Node v20, 2 cores of a processor, 4 GB, an os.\n',
        '**One**\n',
        '|       | median us | samples |',
        '| :---- | --------: | ------: |',
        '| first |      12.3 |       7 |\n',
      ].join('\n'),
    );
    expect(withFigures(PAGE, figures)).toContain(figures);
    expect(withFigures(withFigures(PAGE, figures), 'other')).not.toContain('| first |');
  });

  test('the page says what each benchmark is', () => {
    for (const { name } of BENCHMARKS) expect(PAGE).toContain(`\`${name}\``);
  });
});
