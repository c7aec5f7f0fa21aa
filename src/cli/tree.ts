/** The live tree of `slipway create`: drawn over itself while the create runs, left standing when it has ended. */
import cliSpinners from 'cli-spinners';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import stringWidth from 'string-width';
import type { Finding } from '../domain/finding.ts';
import type { HostName } from './hostName.ts';
import type { CreateReport } from './outcome.ts';
import { counted, createdText, failedText, findingLines, refusedText, type SuccessText } from './outcomeText.ts';
import { fitRows } from './treeFold.ts';
import { headerLines, rowLines } from './treeLine.ts';
import { afterEvent, EMPTY_TREE, type TreeModel } from './treeModel.ts';
import { treeRows } from './treeRows.ts';

/** A terminal that can move its cursor: what the tree needs of `process.stdout`. */
export type TreeTerminal = NodeJS.WritableStream & {
  readonly columns?: number;
  readonly rows?: number;
};

export interface TreeOptions {
  readonly terminal: TreeTerminal;
  /** Where it goes what went wrong. */
  readonly err: (text: string) => void;
  /** Default: simulated. */
  readonly host?: HostName;
  /** What stands below the tree of a success. Default: all that there is to say. */
  readonly success?: SuccessText | undefined;
  /** Milliseconds, monotonic. Default: the real ones. */
  readonly now?: () => number;
}

const { frames, interval } = cliSpinners.dots;
/** On a terminal of fewer rows than this, none is left empty. */
const LOW = 10;
const UP_AND_ERASE = '\u001B[1A\u001B[2K';

/** Draws frames over each other, each as wide and as high as the terminal is by then. */
class LiveFrame {
  readonly #terminal: TreeTerminal;
  readonly #log: ReturnType<typeof createLogUpdate>;
  readonly #lines: (width: number, height: number, spinner: string) => readonly string[];
  readonly #onResize = (): void => this.#redraw();
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;
  #drawn: readonly string[] = [];

  constructor(terminal: TreeTerminal, lines: (width: number, height: number, spinner: string) => readonly string[]) {
    this.#terminal = terminal;
    this.#lines = lines;
    this.#log = createLogUpdate(terminal);
  }

  get width(): number {
    return this.#terminal.columns ?? 80;
  }

  begin(): void {
    this.draw();
    this.#terminal.on('resize', this.#onResize);
    this.#timer = setInterval(() => {
      this.#turn += 1;
      this.draw();
    }, interval);
    // The animation must not keep a process alive whose work ended with an error.
    this.#timer.unref();
  }

  draw(): void {
    // The line below the frame is where the cursor stands.
    const height = (this.#terminal.rows ?? 24) - 1;
    const lines = this.#lines(this.width, height, frames[this.#turn % frames.length] ?? '');
    // log-update leaves the end of a frame where it was when the frame before had another height.
    if (lines.length !== this.#drawn.length) this.#log.clear();
    this.#drawn = lines;
    this.#log(lines.join('\n'));
  }

  /** Begins anew on a clean line: for when something else has written there, as the terminal does with `^C`. */
  redrawCleanly(): void {
    this.#log.clear();
    this.draw();
  }

  /** Stops the animation, gives the cursor back and leaves these lines where the frame was. */
  end(lines: readonly string[]): void {
    clearInterval(this.#timer);
    this.#terminal.removeListener('resize', this.#onResize);
    this.#log.clear();
    this.#terminal.write(lines.map((line) => `${line}\n`).join(''));
    this.#log.done();
  }

  /** A terminal that became narrower has wrapped the lines of the last frame: they take more rows than were drawn. */
  #redraw(): void {
    const { width } = this;
    const wrapped = this.#drawn.reduce((sum, line) => sum + Math.max(0, Math.ceil(stringWidth(line) / width) - 1), 0);
    this.#log.clear();
    if (wrapped > 0) this.#terminal.write(UP_AND_ERASE.repeat(wrapped));
    this.draw();
  }
}

function warningsText(warnings: readonly Finding[]): string {
  if (warnings.length === 0) return '';
  return `\n${pc.yellow(counted(warnings.length, 'warning'))}\n\n${warnings.map(findingLines).join('\n')}`;
}

/** Progress as a live tree on a terminal; the outcome below it, results on stdout and what went wrong on stderr. */
export function treeReport({
  terminal,
  err,
  host = 'simulated',
  success = createdText,
  now = () => performance.now(),
}: TreeOptions): CreateReport {
  let model: TreeModel = EMPTY_TREE;
  let containerId = '';
  let startedAt = now();
  const frame = new LiveFrame(terminal, (width, height, spinner) => {
    const header = [...headerLines(containerId, width, host), ...(height < LOW ? [] : [''])].slice(0, height);
    const rows = fitRows(treeRows(model, now() - startedAt), height - header.length);
    return [...header, ...rowLines(rows, { width, spinner })];
  });
  const out = (text: string): void => void terminal.write(text);
  const end = (): void => {
    const { width } = frame;
    const { warnings, ...rest } = model;
    const rows = treeRows({ ...rest, warnings: [] }, now() - startedAt);
    frame.end([...headerLines(containerId, width, host), '', ...rowLines(rows, { width, spinner: '·' })]);
    out(warningsText(warnings));
  };
  return {
    started: (id) => {
      containerId = id;
      startedAt = now();
      frame.begin();
    },
    event: (event) => {
      // What the events say and what is counted between them is told from the same moment.
      startedAt = now() - event.atMs;
      model = afterEvent(model, event);
    },
    created: (...created) => {
      end();
      out(success(...created));
    },
    failed: (...failure) => {
      end();
      err(failedText(...failure));
    },
    refused: (problem) => err(refusedText(problem)),
    interrupted: () => frame.redrawCleanly(),
  };
}
