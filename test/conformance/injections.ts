/** What a failure at one call of a create leaves behind. */
import { describeResource, type LedgerEntry } from '../../src/index.ts';
import { difference } from '../../src/testing/index.ts';
import type { Case } from './case.ts';
import { type CaseRun, runCase } from './runCase.ts';

export type When = 'before' | 'after';

export interface InjectionResult {
  readonly name: string;
  readonly injection: { readonly n: number; readonly call: string; readonly when: When };
  readonly ok: boolean;
  readonly aliveBefore: readonly string[];
  readonly aliveAfter: readonly string[];
  /** What the run said that it kept, in the words of the snapshot. */
  readonly held: readonly string[];
  readonly residue: readonly string[];
  readonly clean: boolean;
  /** Alive afterwards, not before, and not reported. */
  readonly leaked: readonly string[];
  /** Why it is not clean: it hung, threw, or reported something that is not so. */
  readonly defects: readonly string[];
}

/** A ledger entry in the words of the snapshot. */
function wordsOf({ resource }: LedgerEntry): string {
  switch (resource.kind) {
    case 'scratchFolder':
      return `disk.folder ${resource.path}`;
    case 'scratchLayer':
      return `disk.scratchLayer ${resource.path}`;
    case 'namespaceEndpoint':
      return `namespaceEndpoint ${resource.namespace} ${resource.endpoint}`;
    case 'activatedLayer':
    case 'preparedLayer':
      return `${resource.kind} ${resource.path}`;
    case 'credentialGuard':
      return `ccgInstance ${resource.id}`;
    case 'namespace':
    case 'computeSystem':
    case 'utilityVm':
      return `${resource.kind} ${resource.id}`;
    default:
      return describeResource(resource);
  }
}

/** Folders show only while no scratch lies in them, and handles belong to their system. */
const comparable = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !line.startsWith('handle.') && !line.startsWith('disk.folder ')).sort();

function heldOf(run: CaseRun): readonly string[] {
  const kept = run.ok ? [] : run.resources.filter(({ state }) => state === 'held' || state === 'residue');
  return kept.map(wordsOf).sort();
}

function defectsOf(run: CaseRun, held: readonly string[]): readonly string[] {
  const defects = run.defect === undefined ? [] : [run.defect];
  if (!run.specUntouched) defects.push("the caller's spec was written to");
  if (run.ok) return defects;
  const there = comparable(difference(run.aliveBefore, run.aliveAfterCreate).appeared);
  const said = comparable(held);
  if (JSON.stringify(there) !== JSON.stringify(said)) {
    defects.push(`on the host: [${there.join(', ')}], reported: [${said.join(', ')}]`);
  }
  return defects;
}

/** Runs the case with a failure at its n-th call. */
async function injectAt(one: Case, n: number, when: When): Promise<InjectionResult> {
  const run = await runCase(one, (host) => host.inject({ nth: n, when }));
  const held = heldOf(run);
  const residue = run.residue.map(wordsOf);
  const { appeared, gone } = difference(run.aliveBefore, run.aliveAfter);
  const leaked = appeared.filter((line) => !(run.ok && line.startsWith('disk.scratchLayer ')));
  const defects = [...defectsOf(run, held), ...gone.map((line) => `gone, and not ours: ${line}`)];
  const injected = run.host.calls.find((call) => call.injected);
  return {
    name: one.name,
    injection: { n, call: injected?.call ?? 'none', when },
    ok: run.ok,
    aliveBefore: run.aliveBefore,
    aliveAfter: run.aliveAfter,
    held,
    residue,
    clean: leaked.length === 0 && defects.length === 0,
    leaked,
    defects,
  };
}

/** A failure at every call that the create makes, before and after it took effect; none for a case that fails. */
export async function* injectEverywhere(one: Case): AsyncGenerator<InjectionResult> {
  const { ok, createCalls } = await runCase(one);
  if (!ok) return;
  for (let n = 1; n <= createCalls; n += 1) {
    yield await injectAt(one, n, 'before');
    yield await injectAt(one, n, 'after');
  }
}
