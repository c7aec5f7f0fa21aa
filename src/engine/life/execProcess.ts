/** What an exec asks for, as an OCI process. */

import { processParametersOf, type StdioWanted } from '../../documents/processParameters.ts';
import { type Finding, pointer } from '../../domain/finding.ts';
import type { GuestOs, ProcessParameters } from '../../domain/process.ts';
import { type OciProcess, parseProcess } from '../../oci/process.ts';
import { redactedVariables } from '../../oci/redact.ts';
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
    env: env ?? init.env,
    cwd: cwd ?? init.cwd,
    user: user === undefined ? init.user : userOf(user),
    terminal: tty ?? false,
    ...(consoleSize === undefined ? {} : { consoleSize: { height: consoleSize.rows, width: consoleSize.columns } }),
  };
}

export type Wanted =
  | { readonly parameters: ProcessParameters; readonly hasTerminal: boolean }
  | { readonly findings: readonly Finding[] };

/** A Linux guest has been told of the environment of its first process with its document. */
function lostVariables({ env = [] }: OciProcess, where: readonly string[]): readonly Finding[] {
  const names = redactedVariables(env);
  if (names.length === 0) return [];
  const message = `the journal does not keep the values of variables, which may be secrets: ${names.join(', ')}`;
  const hint = 'Give the spec that it was made from (takeUp, --spec), or the whole environment.';
  return [{ code: 'process-env-unknown', pointer: pointer(...where, 'env'), message, hint }];
}

/** The first process of a container. */
export function initProcess(raw: unknown, os: GuestOs, stdio: Stdio | undefined): Wanted {
  const where = ['spec', 'process'];
  const parsed = parseProcess(raw, os, where);
  const { process } = parsed;
  const findings = [...parsed.findings, ...(os === 'windows' ? lostVariables(process, where) : [])];
  if (findings.length > 0) return { findings };
  return {
    parameters: processParametersOf(process, os, wanted(stdio), true),
    hasTerminal: process.terminal === true,
  };
}

/** A process beside it. */
export function execProcess(request: ExecRequest, init: unknown, os: GuestOs): Wanted {
  const parsed = parseProcess(asOci(request, parseProcess(init, os).process), os, []);
  const { process } = parsed;
  const findings = [...parsed.findings, ...lostVariables(process, [])];
  if (findings.length > 0) return { findings };
  return {
    parameters: processParametersOf(process, os, wanted(request.stdio), false),
    hasTerminal: process.terminal === true,
  };
}
