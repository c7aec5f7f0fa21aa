import { cpus, platform, release, totalmem } from 'node:os';
import { markdownTable } from 'markdown-table';
import type { Benchmark, Budget, Row } from './measure.ts';

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Report {
  readonly date: string;
  readonly node: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGB: number;
    readonly os: string;
  };
  readonly benchmarks: readonly Result[];
}

/** Runs the benchmarks one after the other. */
export async function report(benchmarks: readonly Benchmark[], budget: Budget): Promise<Report> {
  const results: Result[] = [];
  for (const { name, title, run } of benchmarks) results.push({ name, title, rows: await run(budget) });
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: {
      processor: cpu?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryGB: Math.round(totalmem() / 2 ** 30),
      os: `${platform()} ${release()}`,
    },
    benchmarks: results,
  };
}

/** Three digits are as many as a measurement is good for. */
function figureText(figure: number | undefined): string {
  if (figure === undefined) return '';
  return Math.abs(figure) >= 100 || Number.isInteger(figure) ? figure.toFixed(0) : figure.toPrecision(3);
}

function tableOf(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  const lines = rows.map(({ name, figures }) => [name, ...columns.map((column) => figureText(figures[column]))]);
  return markdownTable([['', ...columns], ...lines], { align: ['l', ...columns.map(() => 'r')] });
}

/** A report as Markdown: where it was made, then a table for each benchmark. */
export function markdownOf({ date, node, machine, benchmarks }: Report): string {
  const { processor, cores, memoryGB, os } = machine;
  const where = `${date}, Node ${node}, ${cores} cores of ${processor}, ${memoryGB} GB, ${os}.`;
  const tables = benchmarks.map(({ title, rows }) => `**${title}**\n\n${tableOf(rows)}`);
  return `${[where, ...tables].join('\n\n')}\n`;
}

const PLACE = /(<!-- figures: written by npm run bench -- --write -->\n)[\s\S]*?(<!-- end of figures -->)/;

/** @throws {RangeError} when the page has no place for figures. */
export function withFigures(page: string, figures: string): string {
  if (!PLACE.test(page)) throw new RangeError('the page has no place for figures');
  return page.replace(PLACE, (_, begin: string, end: string) => `${begin}\n${figures}\n${end}`);
}
