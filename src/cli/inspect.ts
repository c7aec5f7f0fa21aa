import { once } from 'node:events';
import { existsSync } from 'node:fs';
import pc from 'picocolors';
import type { InspectorOptions } from '../inspector/server/inspector.ts';
import { startInspector } from '../inspector/startInspector.ts';
import { fileLedgerStore } from '../journal/fileStore.ts';
import { summarize } from '../journal/runSummary.ts';
import { runsFolderOf } from './hosts.ts';
import { BadInput } from './input.ts';
import { EXIT, type Streams } from './outcome.ts';

export interface InspectOptions {
  readonly host: string;
  readonly port?: number | undefined;
  readonly json?: boolean | undefined;
}

const looksLikeFile = (what: string): boolean => what.endsWith('.jsonl') || existsSync(what);

/** The last run of that id. @throws {BadInput} */
async function runNamed(what: string, journal: string): Promise<string> {
  const { runs } = await summarize(fileLedgerStore(journal));
  const run = runs.findLast(({ containerId, provisionId }) => containerId === what || provisionId === what);
  if (run !== undefined) return run.provisionId;
  throw new BadInput(
    'run-unknown',
    `there is no run file ${what}, and no run of that id on this host`,
    'slipway list --all and slipway vm list --all show what there was; --host chooses the host.',
  );
}

/** @throws {BadInput} */
async function toBeShown(what: string | undefined, host: string): Promise<InspectorOptions> {
  if (what !== undefined && looksLikeFile(what)) return { file: what };
  const journal = runsFolderOf({ host });
  if (journal === undefined) {
    throw new BadInput(
      'nothing-to-inspect',
      'a host in memory ends with its command, and has no run files',
      'Use --host simulated:DIR, or name a run file.',
    );
  }
  return what === undefined ? { journal } : { journal, run: await runNamed(what, journal) };
}

/** `slipway inspect`: serves the page until it is interrupted. */
export async function inspect(what: string | undefined, options: InspectOptions, { out }: Streams): Promise<number> {
  const { host, port, json } = options;
  const shown = await toBeShown(what, host);
  const inspector = await startInspector({ ...shown, ...(port === undefined ? {} : { port }) });
  if (json === true) out(`${JSON.stringify({ url: inspector.url })}\n`);
  else out(`${pc.bold(inspector.url)}\n${pc.dim('Open it on this machine; Ctrl-C ends it.')}\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await inspector.close();
  return EXIT.done;
}
