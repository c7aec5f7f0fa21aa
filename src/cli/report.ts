import type { HostName } from './hostName.ts';
import type { CreateReport } from './outcome.ts';
import type { SuccessText } from './outcomeText.ts';

export interface ReportChoice {
  /** One object a line, for programs. */
  readonly json: boolean;
  readonly host: HostName;
  readonly streams: { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream };
  /** What people read of a success. Default: all that there is to say. */
  readonly success?: SuccessText;
}

const canMoveItsCursor = (stream: NodeJS.WriteStream): boolean => stream.isTTY && process.env.TERM !== 'dumb';

/** How a create is told: to a program, to a person at a terminal, or to whatever reads lines. */
export async function reportFor({ json, host, streams, success }: ReportChoice): Promise<CreateReport> {
  const { stdout, stderr } = streams;
  const out = (text: string): void => void stdout.write(text);
  const err = (text: string): void => void stderr.write(text);
  if (json) return (await import('./json.ts')).jsonReport(out, host);
  if (canMoveItsCursor(stdout)) return (await import('./tree.ts')).treeReport({ terminal: stdout, err, host, success });
  return (await import('./lines.ts')).lineReport({ out, err }, host, success);
}
