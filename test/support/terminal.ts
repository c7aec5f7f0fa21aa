/** Runs a program in a real pseudo-terminal, and shows its screen as a terminal would. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { ROOT } from './slipway.ts';

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** What stands on a terminal. */
export class Screen {
  readonly #terminal: xterm.Terminal;

  constructor({ cols, rows }: Size) {
    this.#terminal = new xterm.Terminal({ cols, rows, scrollback: 1000, allowProposedApi: true });
  }

  /** Resolves when the bytes have had their effect. */
  write(bytes: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(bytes, resolve));
  }

  resize({ cols, rows }: Size): void {
    this.#terminal.resize(cols, rows);
  }

  /** Every line, with those that have scrolled away, up to the last one that is not empty. */
  get lines(): readonly string[] {
    const { buffer } = this.#terminal;
    const all = Array.from(
      { length: buffer.active.length },
      (_, index) => buffer.active.getLine(index)?.translateToString(true) ?? '',
    );
    return all.slice(0, all.findLastIndex((line) => line !== '') + 1);
  }

  /** The lines that the terminal had to wrap. */
  get wrappedLines(): readonly string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: active.length }, (_, index) => active.getLine(index)).flatMap((line) =>
      line?.isWrapped === true ? [line.translateToString(true)] : [],
    );
  }

  get text(): string {
    return this.lines.join('\n');
  }
}

export interface TerminalRun {
  readonly code: number | null;
  /** All that was written to the terminal. */
  readonly bytes: string;
  readonly screen: Screen;
}

export interface TerminalOptions extends Partial<Size> {
  /** Besides PATH and HOME; default: `TERM=xterm-256color`. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command between the program and the terminal. */
  readonly pipedInto?: string;
  /** Sees the screen whenever a frame is whole, and may press keys: `\u0003` is Ctrl-C. */
  readonly onScreen?: (screen: Screen, press: (keys: string) => void) => void;
}

/** Between these a terminal shows nothing yet (synchronized output). */
const isBetweenFrames = (bytes: string): boolean => bytes.lastIndexOf('[?2026l') >= bytes.lastIndexOf('[?2026h');

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Runs node, also with TypeScript, in a pseudo-terminal of its own. */
export function nodeInTerminal(args: readonly string[], options: TerminalOptions = {}): Promise<TerminalRun> {
  const { cols = 80, rows = 24, env = { TERM: 'xterm-256color' }, onScreen, pipedInto } = options;
  const typescript = args[0]?.endsWith('.js') === true ? [] : ['--import', 'tsx'];
  const command = [process.execPath, ...typescript, ...args].map(quoted).join(' ');
  const size = `stty cols ${cols} rows ${rows}`;
  const child = spawn(
    'script',
    ['-qfec', `${size}; ${pipedInto === undefined ? `exec ${command}` : `${command} | ${pipedInto}`}`, '/dev/null'],
    {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        SHELL: '/bin/sh',
        SLIPWAY_HOST: 'simulated:memory',
        ...env,
      },
    },
  );
  const screen = new Screen({ cols, rows });
  let bytes = '';
  let written = Promise.resolve();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    bytes += chunk;
    const isWhole = isBetweenFrames(bytes);
    written = written
      .then(() => screen.write(chunk))
      .then(() => (isWhole ? onScreen?.(screen, (keys) => void child.stdin.write(keys)) : undefined));
  });
  return new Promise((resolve) =>
    child.on('close', (code) => {
      void written.then(() => resolve({ code, bytes, screen }));
    }),
  );
}

/** Runs the command, as it is built, in a pseudo-terminal. */
export function slipwayInTerminal(args: readonly string[], options?: TerminalOptions): Promise<TerminalRun> {
  return nodeInTerminal([join(ROOT, 'dist/cli/main.js'), ...args], options);
}
