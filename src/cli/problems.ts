import { ProvisionFault } from '../engine/faults.ts';
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

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Refusal)
    return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.failed };
  if (error instanceof BadInput)
    return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.badInput };
  if (error instanceof ProvisionFault) return { ...error.fault, exit: EXIT.failed };
  if (error instanceof Error && 'syscall' in error && 'code' in error)
    return ofSystem(error as Error & { code: string });
  return undefined;
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
