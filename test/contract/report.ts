/** What came out, as one table and a word on everything that is not well. */
import { readFileSync } from 'node:fs';
import { markdownTable } from 'markdown-table';
import picomatch from 'picomatch';
import type { Outcome } from './claim.ts';
import type { ColumnResult } from './launch.ts';

interface AllowedSkip {
  /** Globs on the names. */
  readonly columns: string;
  readonly suites: string;
  readonly reason: string;
}

const ALLOWED = JSON.parse(
  readFileSync(new URL('allowedSkips.json', import.meta.url), 'utf8'),
) as readonly AllowedSkip[];

const matches = (glob: string, name: string): boolean => picomatch.isMatch(name, glob, { bash: true });

/** Why a skip is all right; undefined when it is not. */
export function reasonOf(column: string, suite: string): string | undefined {
  return ALLOWED.find(({ columns, suites }) => matches(columns, column) && matches(suites, suite))?.reason;
}

const count = (outcomes: readonly Outcome[], verdict: Outcome['verdict']): number =>
  outcomes.filter((outcome) => outcome.verdict === verdict).length;

function cellOf(outcomes: readonly Outcome[]): string {
  const [passed, skipped, failed] = (['passed', 'skipped', 'failed'] as const).map((verdict) =>
    count(outcomes, verdict),
  );
  const parts = [
    ...(passed === 0 ? [] : [String(passed)]),
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(failed === 0 ? [] : [`${failed} FAILED`]),
  ];
  return parts.join(', ');
}

/** Hosts down, suites across. */
export function tableOf(results: readonly ColumnResult[]): string {
  const suites = [...new Set(results.flatMap(({ outcomes }) => outcomes.map(({ suite }) => suite)))];
  const rows = results.map(({ column, outcomes, seconds }) => [
    column,
    ...suites.map((suite) => cellOf(outcomes.filter((outcome) => outcome.suite === suite))),
    cellOf(outcomes),
    `${seconds.toFixed(1)} s`,
  ]);
  return markdownTable([['', ...suites, 'all', 'time'], ...rows], { align: ['l', ...suites.map(() => 'r'), 'r', 'r'] });
}

interface Remark {
  readonly text: string;
  readonly isFault: boolean;
}

function remarkOn(column: string, outcome: Outcome): Remark | undefined {
  if (outcome.verdict === 'passed') return undefined;
  const { suite, says, why } = outcome;
  if (outcome.verdict === 'failed') {
    return { text: `FAILED  ${column}: ${suite}: ${says}\n    ${why.replaceAll('\n', '\n    ')}`, isFault: true };
  }
  const reason = reasonOf(column, suite);
  if (reason !== undefined) return { text: `skipped ${column}: ${suite}: ${reason}`, isFault: false };
  return { text: `skipped, and not allowed to be: ${column}: ${suite}: ${says}\n    ${why}`, isFault: true };
}

/** A line for each failure, and for each reason of a skip; and whether all is well. */
export function remarksOn(results: readonly ColumnResult[]): {
  readonly lines: readonly string[];
  readonly isWell: boolean;
} {
  const remarks = results.flatMap(({ column, outcomes }) =>
    outcomes.flatMap((outcome) => remarkOn(column, outcome) ?? []),
  );
  return { lines: [...new Set(remarks.map(({ text }) => text))], isWell: remarks.every(({ isFault }) => !isFault) };
}
