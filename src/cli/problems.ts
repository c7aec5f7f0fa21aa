import { toFault } from '../actors/faults.ts';
import { HeldUnknown, ProvisionFault, ResidueUnknown, RunEnded, RunInProgress } from '../engine/faults.ts';
import { LifeFault, LifeRefusal } from '../engine/life/refusal.ts';
import { RunFileUnreadable } from '../journal/runFile.ts';
import { JournalUnwritable } from '../journal/unwritable.ts';
import { BadInput, Refusal } from './input.ts';
import { EXIT, type Streams } from './outcome.ts';
import { refusedText } from './outcomeText.ts';

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exit: number;
}

/** Disk full, no rights, a file where a folder should be: errors of node:fs say which path. */
function ofSystem(error: Error & { code: string }): Problem {
  return {
    code: error.code,
    message: `the disk refuses it: ${error.message}`,
    hint: 'Mend the path or its rights, or choose another folder with --host simulated:DIR.',
    exit: EXIT.failed,
  };
}

const NEWER =
  'It is left alone: use the version of slipway that has written it. What it lists may still be on the host.';
const NOT_AS_WRITTEN =
  'It is left alone: see what has written into it, look at the host for what it lists, and move it away.';

/** What to do about errors that carry a code and no hint. */
function hintFor(error: unknown): string | undefined {
  if (error instanceof RunFileUnreadable) return error.isNewer ? NEWER : NOT_AS_WRITTEN;
  if (error instanceof ResidueUnknown) return 'slipway residue list shows what there is; --host chooses the host.';
  if (error instanceof HeldUnknown) return 'slipway held list shows what there is; --host chooses the host.';
  if (error instanceof RunEnded) return 'Nothing to do.';
  if (error instanceof RunInProgress) return 'slipway list shows when it is done.';
  return undefined;
}

function ofCoded(error: unknown): Problem | undefined {
  if (error instanceof JournalUnwritable) {
    return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.failed };
  }
  const hint = hintFor(error);
  if (hint === undefined || !(error instanceof Error) || !('code' in error)) return undefined;
  return { code: String(error.code), message: error.message, hint, exit: EXIT.failed };
}

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Refusal)
    return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.failed };
  if (error instanceof BadInput)
    return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.badInput };
  if (error instanceof LifeRefusal || error instanceof LifeFault) {
    return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.failed };
  }
  if (error instanceof ProvisionFault) return { ...error.fault, exit: EXIT.failed };
  if (error instanceof Error && 'syscall' in error && 'code' in error)
    return ofSystem(error as Error & { code: string });
  return ofCoded(error);
}

/** Why something could not even be tried, whatever was thrown. */
export function faultFor(error: unknown): Pick<Problem, 'code' | 'message' | 'hint'> {
  const { code, message, hint } = problemOf(error) ?? toFault(error, 'releasing');
  return { code, message, hint };
}

/** Tells what stopped a command and gives its exit code. @throws what is a defect of ours */
export function tell(error: unknown, { json, out, err }: Streams & { readonly json: boolean }): number {
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  const { code, message, hint } = problem;
  if (json) out(`${JSON.stringify({ ok: false, fault: { code, message, hint } })}\n`);
  else err(refusedText(problem));
  return problem.exit;
}
