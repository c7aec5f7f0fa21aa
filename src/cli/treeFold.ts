/** Makes the tree as low as the terminal: what is done first, then what is to come. */
import type { Fold, Row } from './treeRows.ts';

interface Summary {
  readonly status: Row['status'];
  readonly text: (count: number) => string;
  /** What is over is folded from the beginning, what is to come from the end: what is near stays. */
  readonly from: 'beginning' | 'end';
  /** What the line that stands for them may become part of. */
  readonly foldsInto?: Fold;
  /** Folded only as a whole. */
  readonly whole?: true;
}

const finished = { status: 'finished', text: (n: number) => `${n} steps done`, from: 'beginning' } as const;

const SUMMARIES: { readonly [F in Exclude<Fold, 'space'>]: Summary } = {
  finishedChildren: { ...finished, foldsInto: 'finishedSteps', whole: true },
  finishedSteps: finished,
  stepsNotReached: { status: 'waiting', text: (n) => `${n} steps not reached`, from: 'end' },
  released: { status: 'released', text: (n) => `${n} released`, from: 'beginning' },
  stepsToGo: { status: 'waiting', text: (n) => `${n} steps to go`, from: 'end' },
  toBeReleased: { status: 'waiting', text: (n) => `${n} to be released`, from: 'end' },
  warnings: { status: 'warning', text: (n) => `${n} warnings`, from: 'end' },
};

const ORDER = Object.keys(SUMMARIES) as ReadonlyArray<keyof typeof SUMMARIES>;

/** How many rows to take from the beginning: a heading takes those with it that stand under it. */
function extent(rows: readonly Row[], wanted: number): number {
  let count = Math.min(wanted, rows.length);
  const withHeading = rows.slice(0, count).some(({ depth }) => depth === 0);
  while (withHeading && rows[count]?.depth === 1) count += 1;
  return count;
}

function toBeFolded(foldable: readonly Row[], { from, whole }: Summary, excess: number): readonly Row[] {
  if (whole === true) return foldable;
  // The line that counts them takes a row itself.
  const wanted = excess + 1;
  return from === 'beginning' ? foldable.slice(0, extent(foldable, wanted)) : foldable.slice(-wanted);
}

function foldRows(rows: readonly Row[], fold: keyof typeof SUMMARIES, excess: number): readonly Row[] {
  const summary = SUMMARIES[fold];
  const taken = toBeFolded(
    rows.filter((row) => row.fold === fold),
    summary,
    excess,
  );
  const [first] = taken;
  if (first === undefined || taken.length < 2) return rows;
  const weight = taken.reduce((sum, row) => sum + row.weight, 0);
  const row: Row = {
    status: summary.status,
    depth: taken.every(({ depth }) => depth === 1) ? 1 : 0,
    name: summary.text(weight),
    layout: 'note',
    weight,
    fold: summary.foldsInto ?? fold,
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
  if (fitting.length <= height) return fitting;
  const goingOn = fitting.filter(({ fold }) => fold === undefined);
  return goingOn.slice(Math.max(0, goingOn.length - height));
}
