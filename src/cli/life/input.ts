/** What is typed, or piped, into a process; and its terminal. */
import type { ContainerProcess } from '../../engine/life/contract.ts';
import { BadInput } from '../input.ts';

export interface ConsoleOptions {
  readonly interactive?: boolean | undefined;
  readonly tty?: boolean | undefined;
}

/** @throws {BadInput} when a terminal is asked for, and this is none */
export function needTerminal({ interactive, tty }: ConsoleOptions, { stdin, stdout } = process): void {
  if (tty !== true || (stdout.isTTY && (interactive !== true || stdin.isTTY))) return;
  throw new BadInput(
    'terminal-missing',
    'a terminal is asked for with -t, but the input or the output of this command is none',
    'Run it in a terminal, or leave -t away.',
  );
}

/** That of the terminal of this process. */
export const terminalSize = ({ stdout } = process) => ({ rows: stdout.rows || 24, columns: stdout.columns || 80 });

/** Everything that is typed goes to the process, and its terminal is as large as this one; until the function is called. */
function lendTerminal(to: ContainerProcess, isTyped: boolean): () => void {
  const { stdin, stdout } = process;
  // Of one that has just exited, nothing is to be told.
  const onResize = (): void => void to.resize(terminalSize()).catch(() => {});
  const restore = (): void => {
    stdout.removeListener('resize', onResize);
    process.removeListener('exit', restore);
    if (isTyped) stdin.setRawMode(false);
  };
  if (isTyped) stdin.setRawMode(true);
  stdout.on('resize', onResize);
  process.on('exit', restore);
  onResize();
  return restore;
}

/** Connects the input of this process, and its terminal, to one in a container; until the function is called. */
export function connectInput(to: ContainerProcess, { interactive = false, tty = false }: ConsoleOptions): () => void {
  const restore = tty ? lendTerminal(to, interactive) : () => {};
  const { stdin } = to;
  if (interactive && stdin !== undefined) process.stdin.pipe(stdin);
  return () => {
    restore();
    if (!interactive) return;
    if (stdin !== undefined) process.stdin.unpipe(stdin);
    // An input that is still open would keep this process alive.
    process.stdin.destroy();
  };
}
