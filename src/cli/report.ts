import type { HostName } from './hostName.ts';
import type { CreateReport } from './outcome.ts';

export interface ReportChoice {
  /** One object a line, for programs. */
  readonly json: boolean;
  readonly host: HostName;
  readonly streams: Pick<NodeJS.Process, 'stdout' | 'stderr'>;
}

const canMoveItsCursor = (stream: NodeJS.WriteStream): boolean => stream.isTTY && process.env.TERM !== 'dumb';

/** How a create is told: to a program, to a person at a terminal, or to whatever reads lines. */
export async function reportFor({ json, host, streams: { stdout, stderr } }: ReportChoice): Promise<CreateReport> {
  const out = (text: string): void => void stdout.write(text);
  const err = (text: string): void => void stderr.write(text);
  if (json) return (await import('./json.ts')).jsonReport(out, host);
  if (canMoveItsCursor(stdout)) return (await import('./tree.ts')).treeReport({ terminal: stdout, err, host });
  return (await import('./lines.ts')).lineReport({ out, err }, host);
}
