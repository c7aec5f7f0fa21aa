/** The process of an OCI runtime spec (config.md, process; config-windows.md), or one to be run beside it. */
import * as z from 'zod';
import { type Finding, pointer } from '../domain/finding.ts';
import type { GuestOs } from '../domain/process.ts';
import { redactedVariables } from './redact.ts';

/** null counts as absent, as in the JSON of every OCI tool. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === null ? undefined : value), schema.optional());

const cells = z.number().int().min(0).max(0x7fff);
const id = z.number().int().min(0).max(0xffffffff);

const schema = z.looseObject({
  args: optional(z.array(z.string())),
  commandLine: optional(z.string()),
  cwd: optional(z.string()),
  env: optional(z.array(z.string())),
  terminal: optional(z.boolean()),
  consoleSize: optional(z.looseObject({ height: cells, width: cells })),
  user: optional(
    z.looseObject({
      username: optional(z.string()),
      uid: optional(id),
      gid: optional(id),
      additionalGids: optional(z.array(id)),
    }),
  ),
});

export type OciProcess = z.infer<typeof schema>;

export interface ParsedProcess {
  readonly process: OciProcess;
  readonly findings: readonly Finding[];
}

type Where = ReadonlyArray<string | number>;

function wrongType(where: Where, { path, message }: z.core.$ZodIssue): Finding {
  return {
    code: 'process-invalid-type',
    pointer: pointer(...where, ...path.map(String)),
    message: `${path.join('.') || 'the process'}: ${message.replace(/^./, (first) => first.toLowerCase())}`,
    hint: 'Give the type that the OCI runtime spec (config.md, process) says.',
  };
}

function missingArgs({ args, commandLine }: OciProcess, os: GuestOs, where: Where): readonly Finding[] {
  const hasLine = os === 'windows' && (commandLine ?? '') !== '';
  if (hasLine || (args?.length ?? 0) > 0) return [];
  return [
    {
      code: 'process-args-missing',
      pointer: pointer(...where, 'args'),
      message: 'there is nothing to run',
      hint: os === 'windows' ? 'Give args, or commandLine.' : 'Give args.',
    },
  ];
}

function relativeCwd({ cwd }: OciProcess, os: GuestOs, where: Where): readonly Finding[] {
  if (os === 'windows' || cwd === undefined || cwd === '' || cwd.startsWith('/')) return [];
  return [
    {
      code: 'process-cwd-relative',
      pointer: pointer(...where, 'cwd'),
      message: `the working directory '${cwd}' is not absolute`,
      hint: 'Give the path from the root of the container.',
    },
  ];
}

function nulCharacters({ args = [], env = [] }: OciProcess, where: Where): readonly Finding[] {
  const found = [
    ...args.flatMap((text, at) => (text.includes('\0') ? [['args', at] as const] : [])),
    ...env.flatMap((text, at) => (text.includes('\0') ? [['env', at] as const] : [])),
  ];
  return found.map(([list, at]) => ({
    code: 'process-nul-character',
    pointer: pointer(...where, list, at),
    message: `${list}[${at}] holds a NUL character, where the text would end`,
    hint: 'Take it out.',
  }));
}

/** `NAME=value` each; a variable without a name or an equals sign is none. */
function oddVariables({ env = [] }: OciProcess, where: Where): readonly Finding[] {
  return env.flatMap((text, at) =>
    text.indexOf('=') > 0
      ? []
      : [
          {
            code: 'process-env-invalid',
            pointer: pointer(...where, 'env', at),
            message: `env[${at}] is not of the form NAME=value`,
            hint: 'Give it a name and an equals sign.',
          },
        ],
  );
}

/**
 * Reads a process. Everything that is wrong is found at once; then the process is not to be run.
 * @param where the path of the process in the request, for the pointers
 */
export function parseProcess(raw: unknown, os: GuestOs, where: Where = ['process']): ParsedProcess {
  const parsed = schema.safeParse(raw ?? {});
  if (!parsed.success) return { process: {}, findings: parsed.error.issues.map((issue) => wrongType(where, issue)) };
  const process = parsed.data;
  const checks = [missingArgs, relativeCwd];
  const findings = checks.flatMap((check) => check(process, os, where));
  return { process, findings: [...findings, ...nulCharacters(process, where), ...oddVariables(process, where)] };
}

/** That the values of variables are missing in a process that was read from the journal. */
export function lostVariables({ env = [] }: OciProcess, where: Where): readonly Finding[] {
  const names = redactedVariables(env);
  if (names.length === 0) return [];
  const message = `the journal does not keep the values of variables, which may be secrets: ${names.join(', ')}`;
  const hint = 'Give the spec that it was made from (takeUp, --spec), or the whole environment.';
  return [{ code: 'process-env-unknown', pointer: pointer(...where, 'env'), message, hint }];
}
