/** Makes the tree as low as the terminal: what is done first, then what is to come. */
import type { Fold, Row } from './treeRows.ts';

interface Summary {
  readonly status: Row['status'];
  readonly text: (count: number) => string;
  /** What the line that stands for them may become part of. */
  readonly foldsInto?: Fold;
  /** Folded only as a whole. */
  readonly whole?: true;
}

const SUMMARIES: { readonly [F in Exclude<Fold, 'space'>]: Summary } = {
  finishedChildren: { status: 'finished', text: (n) => `${n} steps done`, foldsInto: 'finishedSteps', whole: true },
  finishedSteps: { status: 'finished', text: (n) => `${n} steps done` },
  stepsNotReached: { status: 'waiting', text: (n) => `${n} steps not reached` },
  released: { status: 'released', text: (n) => `${n} released` },
  stepsToGo: { status: 'waiting', text: (n) => `${n} steps to go` },
  toBeReleased: { status: 'waiting', text: (n) => `${n} to be released` },
  warnings: { status: 'warning', text: (n) => `${n} warnings` },
};

const ORDER = Object.keys(SUMMARIES) as ReadonlyArray<keyof typeof SUMMARIES>;

/** How many rows to take: a heading takes those with it that stand under it. */
function extent(rows: readonly Row[], wanted: number): number {
  let count = Math.min(wanted, rows.length);
  while (count < rows.length && rows[count]?.depth === 1 && rows.slice(0, count).some(({ depth }) => depth === 0)) {
    count += 1;
  }
  return count;
}

function foldRows(rows: readonly Row[], fold: keyof typeof SUMMARIES, excess: number): readonly Row[] {
  const summary = SUMMARIES[fold];
  const foldable = rows.filter((row) => row.fold === fold);
  const taken = foldable.slice(0, extent(foldable, summary.whole === true ? foldable.length : excess + 1));
  const [first] = taken;
  if (first === undefined || taken.length < 2) return rows;
  const weight = taken.reduce((sum, row) => sum + row.weight, 0);
  const row: Row = {
    status: summary.status,
    depth: taken.every(({ depth }) => depth === 1) ? 1 : 0,
    name: summary.text(weight),
    layout: 'note',
    weight,
    ...(summary.foldsInto === undefined ? {} : { fold: summary.foldsInto }),
  };
  return rows.flatMap((each) => (each === first ? [row] : taken.includes(each) ? [] : [each]));
}

/** At most `height` rows; what is left out is counted, as long as there is any room for that. */
export function fitRows(rows: readonly Row[], height: number): readonly Row[] {
  let fitting = rows;
  if (fitting.length > height) fitting = fitting.filter(({ fold }) => fold !== 'space');
  for (const fold of ORDER) {
    if (fitting.length <= height) return fitting;
    fitting = foldRows(fitting, fold, fitting.length - height);
  }
  return fitting.slice(Math.max(0, fitting.length - height));
}
