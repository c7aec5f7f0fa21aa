/** What a command ends with whose work is to run something in a container. */
import type { ContainerExit } from '../../domain/containerLife.ts';
import { LifeFault } from '../../engine/life/refusal.ts';

/** Nothing ran, or how it ended is not known: as container tools have it, beside the codes of what runs. */
export const OWN_FAILURE = 125;
/** The program to be run is not in the container. */
const NO_SUCH_PROGRAM = 127;
const MISSING: readonly string[] = ['ERROR_FILE_NOT_FOUND', 'ERROR_PATH_NOT_FOUND'];
const INTERRUPTED = 130;
const KILLED = 137;

/** STATUS_CONTROL_C_EXIT: what Windows programs end with that Ctrl-C ends. */
const CONTROL_C_EXIT = 0xc000013a;

/** What a shell of this machine can be told: elsewhere than on Windows, that is 8 bits. */
export function statusOfCode(exitCode: number | undefined, platform: NodeJS.Platform = process.platform): number {
  if (exitCode === undefined) return OWN_FAILURE;
  if (exitCode === CONTROL_C_EXIT) return INTERRUPTED;
  return exitCode <= 255 || platform === 'win32' ? exitCode : 255;
}

/** Of a container that was ended by force, no program has chosen the code. */
export function statusOfExit({ how, exitCode }: Pick<ContainerExit, 'how' | 'exitCode'>): number {
  return how === 'forced' ? KILLED : statusOfCode(exitCode);
}

const inHex = (code: number): string => `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;

/** `3`, `3221225786 (0xC000013A)`, `an unknown code`. */
export function codeInWords(exitCode: number | undefined): string {
  if (exitCode === undefined) return 'an unknown code';
  return exitCode <= 0xffff ? String(exitCode) : `${exitCode} (${inHex(exitCode)})`;
}

/** What is told of the end of a container. */
export function exitInWords({ how, exitCode }: Pick<ContainerExit, 'how' | 'exitCode'>): string {
  switch (how) {
    case 'graceful':
      return `ended with ${codeInWords(exitCode)}`;
    case 'forced':
      return 'was ended by force';
    case 'crashedGuest':
      return 'ended with its utility VM';
    case 'neverStarted':
      return 'ended before anything ran in it';
    case 'unexpected':
      return exitCode === undefined ? 'ended unexpectedly' : `ended unexpectedly, with ${codeInWords(exitCode)}`;
  }
}

/** What a command ends with that could not run anything. */
export function statusOfFailure(error: unknown): number {
  const isMissing = error instanceof LifeFault && MISSING.includes(error.fault.host?.name ?? '');
  return isMissing ? NO_SUCH_PROGRAM : OWN_FAILURE;
}
