/** A row of the tree as a line of a terminal, never wider than it. */
import cliTruncate from 'cli-truncate';
import pc from 'picocolors';
import stringWidth from 'string-width';
import type { HostName } from './hostName.ts';
import { SIMULATED } from './outcomeText.ts';
import type { Row, RowStatus } from './treeRows.ts';

/** Indent, mark and the longest name of a step. */
const STEP_COLUMN = 23;
const TIME_WIDTH = 8;
/** `namespace` and a GUID: what a resource gets at least, and what is left beside it for why it was not released. */
const RESOURCE_COLUMN = 46;
const BESIDE_RESOURCE = 60;
/** Fewer columns of a detail than this say nothing. */
const LEAST_DETAIL = 8;

type Paint = (text: string) => string;
const plain: Paint = (text) => text;

const MARKS: { readonly [S in RowStatus]: readonly [mark: string, paint: Paint, name: Paint] } = {
  waiting: ['·', pc.dim, pc.dim],
  skipped: ['–', pc.dim, pc.dim],
  running: ['', pc.cyan, plain],
  queued: ['…', pc.cyan, plain],
  stopping: ['', pc.yellow, plain],
  retrying: ['↻', pc.yellow, plain],
  finished: ['✓', pc.green, plain],
  stopped: ['■', pc.yellow, plain],
  failed: ['✗', pc.red, plain],
  outcomeUnknown: ['?', pc.yellow, plain],
  warning: ['!', pc.yellow, pc.yellow],
  cancelled: ['■', pc.yellow, plain],
  undoing: ['', pc.yellow, plain],
  released: ['↶', pc.yellow, plain],
  kept: ['•', pc.yellow, plain],
  residue: ['✗', pc.red, pc.red],
  blank: ['', plain, plain],
};

const cut = (text: string, width: number): string => (width <= 0 ? '' : cliTruncate(text, width));
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)));

/** The detail as far as it fits; nothing when hardly any of it does. */
function detailWithin(detail: string | undefined, width: number): string {
  if (detail === undefined || (width < LEAST_DETAIL && stringWidth(detail) > width)) return '';
  return cut(detail, width);
}

function columnOf({ layout, depth, name }: Row, width: number, resourceColumn: number): number {
  const start = depth * 2 + 2;
  if (layout === 'step') return STEP_COLUMN - start;
  if (layout === 'note') return stringWidth(name);
  return Math.max(1, Math.min(resourceColumn, width - start - TIME_WIDTH));
}

export interface Terminal {
  /** In columns. */
  readonly width: number;
  /** What turns while something goes on. */
  readonly spinner: string;
}

function rowLine(row: Row, { width, spinner }: Terminal, resourceColumn: number): string {
  const [mark, paintMark, paintName] = MARKS[row.status];
  if (row.status === 'blank') return '';
  const column = columnOf(row, width, resourceColumn);
  const indent = row.depth * 2 + 2;
  const time = row.time === undefined || indent + column + TIME_WIDTH > width ? '' : row.time.padStart(TIME_WIDTH);
  const name = cut(row.name, column);
  const start = `${'  '.repeat(row.depth)}${paintMark(mark === '' ? spinner : mark)} `;
  const detail = detailWithin(row.detail, width - indent - column - time.length - 2);
  const rest = detail === '' ? '' : `  ${pc.dim(detail)}`;
  const tail = time === '' && rest === '' ? paintName(name) : `${paintName(pad(name, column))}${pc.dim(time)}${rest}`;
  return cut(start + tail, width);
}

/** The rows as lines. */
export function rowLines(rows: readonly Row[], terminal: Terminal): readonly string[] {
  const resources = rows.filter(({ layout }) => layout === 'resource');
  const longest = Math.max(0, ...resources.map(({ name }) => stringWidth(name)));
  const resourceColumn = Math.min(longest, Math.max(RESOURCE_COLUMN, terminal.width - BESIDE_RESOURCE));
  return rows.map((row) => rowLine(row, terminal, resourceColumn));
}

/** Which container, and that nothing of this is real where it is not; on a line of its own where there is no room beside it. */
export function headerLines(containerId: string, width: number, host: HostName): readonly string[] {
  const title = `creating ${containerId}`;
  const mark = `[${SIMULATED}]`;
  const bold = pc.bold(cut(title, width));
  if (host === 'windows') return [bold];
  if (stringWidth(title) + 2 + mark.length <= width) return [`${bold}  ${pc.yellow(mark)}`];
  if (mark.length <= width) return [bold, pc.yellow(mark)];
  const [simulated = '', nothing = ''] = mark.split(': ');
  return [bold, pc.yellow(cut(`${simulated}:`, width)), pc.yellow(cut(` ${nothing}`, width))];
}
