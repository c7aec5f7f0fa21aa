/** Whether a host is as it was: what is left on it, and who has left it there. */
import type { LedgerEntry } from '../domain/resource.ts';
import { describeResource } from '../domain/resource.ts';
import { difference } from '../hcs/simulated/snapshot.ts';
import { isOpen, type RunSummary, type StoredRuns } from '../journal/runSummary.ts';
import { ownerOf } from './owners.ts';

/** Something on the host that was not there before; `by`: whose it is, as far as anybody knows. */
export interface LeftOver {
  /** As the snapshot of the host has it. */
  readonly line: string;
  readonly by?: { readonly run: RunSummary; readonly entry: LedgerEntry };
}

export interface NothingLeftOptions {
  /** A provisioner whose ledgers say who has acquired what is left. */
  readonly provisioner?: { runs(): Promise<StoredRuns> };
  /** What was on the host before: its `snapshot()`. Default: nothing. */
  readonly before?: readonly string[];
  /** Lines that may stay: as they are in the snapshot, or what they match. */
  readonly except?: ReadonlyArray<string | RegExp>;
}

interface Snapshotted {
  snapshot(): readonly string[];
}

/** Something is left on a host. */
export class SomethingLeft extends Error {
  override readonly name = 'SomethingLeft';
  readonly leftOvers: readonly LeftOver[];
  /** What was there before, and is not any more. */
  readonly gone: readonly string[];

  constructor(leftOvers: readonly LeftOver[], gone: readonly string[]) {
    super([...leftOvers.map(inWords), ...gone.map((line) => `gone, and not to be touched: ${line}`)].join('\n'));
    this.leftOvers = leftOvers;
    this.gone = gone;
  }
}

function inWords({ line, by }: LeftOver): string {
  if (by === undefined) return `left on the host: ${line}\n  no ledger knows of it`;
  const { run, entry } = by;
  const tries = entry.attempts === 0 ? 'never released' : `its release was tried ${entry.attempts} times`;
  const why = entry.fault === undefined ? '' : `\n  ${entry.fault.message}\n  ${entry.fault.hint}`;
  return [
    `left on the host: ${line}`,
    `  ${describeResource(entry.resource)}, acquired by ${entry.step} of provision ${run.provisionId} (${run.containerId}, ${run.status})`,
    `  in its ledger it is ${entry.state}: ${tries}${why}`,
  ].join('\n');
}

function whoseIs(line: string, runs: readonly RunSummary[]): LeftOver {
  // Of two runs that had the same, the one that still has something is meant.
  for (const run of [...runs.filter(isOpen), ...runs]) {
    const entry = ownerOf(line, run.resources);
    if (entry !== undefined) return { line, by: { run, entry } };
  }
  return { line };
}

const matches = (line: string, pattern: string | RegExp): boolean =>
  typeof pattern === 'string' ? line === pattern : pattern.test(line);

/** What is on the host that was not there before, with its owners, and what is gone. */
export async function leftOn(host: Snapshotted, options: NothingLeftOptions = {}) {
  const { provisioner, before = [], except = [] } = options;
  const { appeared, gone } = difference(before, host.snapshot());
  const lines = appeared.filter((line) => !except.some((pattern) => matches(line, pattern)));
  const runs = lines.length === 0 ? [] : ((await provisioner?.runs())?.runs ?? []);
  return { leftOvers: lines.map((line) => whoseIs(line, runs)), gone };
}

/**
 * Passes when the host is as it was before.
 * @throws {SomethingLeft} with what is left, which step of which provision has acquired it, and why it is still there
 */
export async function expectNothingLeft(host: Snapshotted, options: NothingLeftOptions = {}): Promise<void> {
  const { leftOvers, gone } = await leftOn(host, options);
  if (leftOvers.length > 0 || gone.length > 0) throw new SomethingLeft(leftOvers, gone);
}
