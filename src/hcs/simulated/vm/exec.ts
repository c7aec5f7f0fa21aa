import type { GuestProcess, GuestProcessResult } from '../../port.ts';

/** What a process in a guest answers whose parameters, as JSON, contain `match`. */
export interface ExecRule {
  readonly match: string;
  /** Default: 0. */
  readonly exitCode?: number | undefined;
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
}

/** Runs the process after the first rule that matches; without any, it ends well and says nothing. */
export function answerOf(rules: readonly ExecRule[], process: GuestProcess): GuestProcessResult {
  const parameters = JSON.stringify(process);
  const { exitCode = 0, stdout = '', stderr = '' } = rules.find(({ match }) => parameters.includes(match)) ?? {};
  const output = `${process.CreateStdOutPipe ? stdout : ''}${process.CreateStdErrPipe ? stderr : ''}`;
  return { exitCode, output };
}

/** The folder that a command line makes, if it makes one. */
export function folderMadeBy(process: GuestProcess): string | undefined {
  return /\bmkdir\s+("[^"]+"|[^&"]+?)\s*(?:&|$)/.exec(process.CommandLine ?? '')?.[1]?.replaceAll('"', '');
}
