/** `npm run contract -- [--only COLUMN] [--host windows] [--soak]`: see docs/contract.md. */
import { parseArgs } from 'node:util';
import { CLAIMS } from './claims/index.ts';
import { COLUMNS, type Column, WINDOWS } from './columns.ts';
import { type ColumnResult, runColumn } from './launch.ts';
import { type Obstacles, prepare } from './prepare.ts';
import { remarksOn, tableOf } from './report.ts';
import { soakAll } from './soak.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, host: { type: 'string' }, soak: { type: 'boolean' } },
});

/** Columns at the same time. */
const AT_ONCE = 2;

function chosen(): readonly Column[] {
  if (values.host === 'windows') return [WINDOWS];
  const only = values.only?.toLowerCase();
  return COLUMNS.filter(({ name }) => only === undefined || name.toLowerCase().includes(only));
}

function skipped({ name }: Column, why: string): ColumnResult {
  return {
    column: name,
    seconds: 0,
    outcomes: CLAIMS.map(({ suite, says }) => ({ suite, says, verdict: 'skipped' as const, why })),
  };
}

async function resultOf(column: Column, obstacles: Obstacles): Promise<ColumnResult> {
  const why = column.platform === 'here' ? undefined : obstacles[column.platform];
  if (why !== undefined) return skipped(column, why);
  return runColumn(column);
}

async function run(columns: readonly Column[]): Promise<readonly ColumnResult[]> {
  const obstacles = prepare(columns);
  const waiting = [...columns.entries()];
  const results: ColumnResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, column] = next;
      results[index] = await resultOf(column, obstacles);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function contract(): Promise<number> {
  const columns = chosen();
  if (columns.length === 0) {
    process.stderr.write(`no column is named so; there are: ${COLUMNS.map(({ name }) => `'${name}'`).join(' ')}\n`);
    return 2;
  }
  const results = await run(columns);
  const { lines, isWell } = remarksOn(results);
  process.stdout.write(`${tableOf(results)}\n${lines.length === 0 ? '' : `\n${lines.join('\n')}\n`}`);
  return isWell ? 0 : 1;
}

async function longRun(): Promise<number> {
  const why = prepare([{ platform: 'linux' }]).linux;
  if (why === undefined) return (await soakAll()) ? 0 : 1;
  process.stderr.write(`${why}\n`);
  return 1;
}

process.exitCode = await (values.soak === true ? longRun() : contract());
