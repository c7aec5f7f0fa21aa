/** What an exec asks for, as an OCI process. */

import { processParametersOf, type StdioWanted } from '../../documents/processParameters.ts';
import type { Finding } from '../../domain/finding.ts';
import type { GuestOs, ProcessParameters } from '../../domain/process.ts';
import { lostVariables, type OciProcess, parseProcess } from '../../oci/process.ts';
import { isRedactedVariable } from '../../oci/redact.ts';
import type { ExecRequest, Stdio } from './contract.ts';

function wanted({ stdin = 'none', stdout = 'pipe', stderr = 'pipe' }: Stdio = {}): StdioWanted {
  return { stdin: stdin === 'pipe', stdout: stdout === 'pipe', stderr: stderr === 'pipe' };
}

const userOf = (user: ExecRequest['user']) => (typeof user === 'string' ? { username: user } : user);

/** What is not given is as for the first process; a terminal is its own. */
function asOci(request: ExecRequest, init: OciProcess): object {
  const { args, commandLine, env, cwd, user, tty, consoleSize } = request;
  return {
    ...(args === undefined ? {} : { args }),
    ...(commandLine === undefined ? {} : { commandLine }),
    // What the journal has not kept is left out: `[redacted]` is nobody's value.
    env: env ?? init.env?.filter((variable) => !isRedactedVariable(variable)),
    cwd: cwd ?? init.cwd,
    user: user === undefined ? init.user : userOf(user),
    terminal: tty ?? false,
    ...(consoleSize === undefined ? {} : { consoleSize: { height: consoleSize.rows, width: consoleSize.columns } }),
  };
}

export type Wanted =
  | { readonly parameters: ProcessParameters; readonly hasTerminal: boolean }
  | { readonly findings: readonly Finding[] };

/** The first process of a container. */
export function initProcess(raw: unknown, os: GuestOs, stdio: Stdio | undefined): Wanted {
  const where = ['spec', 'process'];
  const parsed = parseProcess(raw, os, where);
  const { process } = parsed;
  // A Linux guest has been told of the environment of its first process with its document.
  const findings = [...parsed.findings, ...(os === 'windows' ? lostVariables(process, where) : [])];
  if (findings.length > 0) return { findings };
  return {
    parameters: processParametersOf(process, os, wanted(stdio), true),
    hasTerminal: process.terminal === true,
  };
}

/** A process beside it. */
export function execProcess(request: ExecRequest, init: unknown, os: GuestOs): Wanted {
  const { process, findings } = parseProcess(asOci(request, parseProcess(init, os).process), os, []);
  if (findings.length > 0) return { findings };
  return {
    parameters: processParametersOf(process, os, wanted(request.stdio), false),
    hasTerminal: process.terminal === true,
  };
}
