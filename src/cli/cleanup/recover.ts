import { basename, extname } from 'node:path';
import pc from 'picocolors';
import { RunInProgress } from '../../engine/faults.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import type { RecoveredRun, Recovery, RecoveryAction } from '../../engine/recovering.ts';
import type { RunFileUnreadable } from '../../journal/runFile.ts';
import { type HostOptions, openHost } from '../hosts.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { counted } from '../outcomeText.ts';
import { faultFor } from '../problems.ts';
import { outliveInterrupts } from '../release.ts';
import { faultLines, notTriedLines, releasedText, residueLines } from './text.ts';

export interface RecoverArguments extends HostOptions {
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const DONE: Readonly<Record<RecoveryAction, string>> = {
  leave: 'left alone',
  adopt: 'stays',
  keep: 'stays',
  rollBack: 'rolled back',
  release: 'released',
  retry: 'tried again',
};

const WOULD: Readonly<Record<RecoveryAction, string>> = {
  leave: 'would be left alone',
  adopt: 'would stay',
  keep: 'would stay',
  rollBack: 'would be rolled back',
  release: 'would be released',
  retry: 'would be tried again',
};

/** What has nothing undone. */
const isCalm = ({ action }: RecoveredRun): boolean => action === 'leave' || action === 'adopt' || action === 'keep';

const isBad = ({ outcome }: RecoveredRun): boolean => outcome === 'residue' || outcome === 'failed';

function takenText({ run, error }: RecoveredRun): string {
  const who = error instanceof RunInProgress ? `process ${error.pid} is at it` : 'it is done already';
  return `${pc.dim('–')} ${pc.bold(run.containerId)} taken by another: ${who}\n`;
}

function runText(recovered: RecoveredRun): string {
  const { run, action, because, outcome, error, residue } = recovered;
  if (outcome === 'takenByAnother') return takenText(recovered);
  if (outcome === 'failed') return notTriedLines(run.containerId, error);
  const id = pc.bold(run.containerId);
  if (outcome === undefined) return `${pc.dim('·')} ${id} ${WOULD[action]}: ${because}\n`;
  const about = `${DONE[action]}: ${because}${releasedText(recovered)}\n`;
  if (outcome === 'residue') return `${pc.red('✗')} ${id} ${pc.red('not all of it')} ${about}${residueLines(residue)}`;
  return `${isCalm(recovered) ? pc.dim('–') : pc.green('✓')} ${id} ${about}`;
}

function unreadableText(unreadable: RunFileUnreadable): string {
  return `${pc.red('!')} left alone: ${faultLines(faultFor(unreadable), '    ').trimStart()}`;
}

/** The number of runs, in words, where there are any. */
const part = (count: number, words: string): readonly string[] => (count === 0 ? [] : [`${count} ${words}`]);

function summaryText({ runs, unreadable }: Recovery, dryRun: boolean): string {
  const todo = runs.filter((run) => !isCalm(run));
  const files = unreadable.length === 0 ? [] : [`${counted(unreadable.length, 'run file')} could not be read`];
  const calm = runs.length - todo.length;
  const stay = calm === 0 ? [] : [`${counted(calm, 'run')} left alone`];
  if (todo.length === 0) return `${['nothing to recover', ...stay, ...files].join(', ')}\n`;
  if (dryRun) return `${[`nothing was changed: ${todo.length} to recover`, ...stay, ...files].join(', ')}\n`;
  const of = (...outcomes: ReadonlyArray<RecoveredRun['outcome']>) =>
    todo.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const parts = [
    ...part(of('done'), 'recovered'),
    ...part(of('residue'), 'with residue (slipway residue list)'),
    ...part(of('failed'), 'could not be tried'),
    ...part(of('takenByAnother'), 'taken by another'),
    ...stay,
    ...files,
  ];
  return `${parts.join(', ')}\n`;
}

function show(recovery: Recovery, dryRun: boolean, { out, err }: Streams): void {
  for (const run of recovery.runs) (isBad(run) ? err : out)(runText(run));
  for (const file of recovery.unreadable) err(unreadableText(file));
  out(summaryText(recovery, dryRun));
}

function runJson(recovered: RecoveredRun): object {
  const { run, action, because, outcome, error, released, residue } = recovered;
  return {
    ok: !isBad(recovered),
    id: run.containerId,
    provisionId: run.provisionId,
    kind: run.kind,
    status: run.status,
    action,
    outcome: outcome ?? null,
    because,
    released,
    residue,
    ...(error === undefined ? {} : { fault: faultFor(error) }),
  };
}

function unreadableJson(unreadable: RunFileUnreadable): object {
  return {
    ok: false,
    id: null,
    provisionId: basename(unreadable.file, extname(unreadable.file)),
    kind: null,
    status: null,
    action: 'leave',
    outcome: 'unreadable',
    because: unreadable.message,
    released: [],
    residue: [],
    fault: faultFor(unreadable),
  };
}

function showJson({ runs, unreadable }: Recovery, { out }: Streams): void {
  for (const line of [...runs.map(runJson), ...unreadable.map(unreadableJson)]) out(`${JSON.stringify(line)}\n`);
}

/** `slipway recover`: finishes what processes have left which are gone. Exit code 1: something is left, or unreadable. */
export async function recover(options: RecoverArguments, streams: Streams): Promise<number> {
  const dryRun = options.dryRun === true;
  const provisioner = await createProvisioner(openHost(options));
  const restore = outliveInterrupts(streams);
  try {
    // This process ends soon: what is there and well is for one that stays.
    const recovery = await provisioner.recover({ dryRun, adopt: false });
    if (options.json === true) showJson(recovery, streams);
    else show(recovery, dryRun, streams);
    return recovery.runs.some(isBad) || recovery.unreadable.length > 0 ? EXIT.failed : EXIT.done;
  } finally {
    restore();
  }
}
