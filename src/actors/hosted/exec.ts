import type { FaultCode } from '../../domain/faultCodes.ts';
import type { GuestProcess, GuestProcessResult } from '../../domain/guestProcess.ts';
import type { StepName } from '../../domain/step.ts';
import { Failure } from '../faults.ts';
import type { Run } from '../run.ts';
import { type HostedInput, vmOf } from './input.ts';

export interface GuestCommand {
  readonly process: GuestProcess;
  /** What it is for: `drivers C:\\drivers\\net`. */
  readonly what: string;
  /** Of the fault when it fails: `driver-install-failed`. */
  readonly code: FaultCode;
  /** Default: exit code 0. */
  readonly isDone?: (result: GuestProcessResult) => boolean;
}

/** Runs a process in the guest to its end and gives what it wrote. @throws {Failure} when it has not done its work */
export async function execInGuest(
  run: Run,
  input: HostedInput,
  step: StepName,
  { process, what, code, isDone = ({ exitCode }) => exitCode === 0 }: GuestCommand,
): Promise<string> {
  const vm = vmOf(input);
  const result = await run.step(step, 'guest.exec', what, () => run.host.guest.exec(vm, process));
  const { exitCode, output } = result;
  if (isDone(result)) return output;
  const said = output.trim() === '' ? '' : `: ${output.trim()}`;
  throw new Failure({
    code,
    message: `the guest of VM ${vm} failed at ${what} with exit code ${exitCode}${said}`,
    hint: 'Look at what the guest says; the command is in the record of the calls.',
    step,
    transient: false,
    resource: { description: `${what} in VM ${vm}` },
  });
}
