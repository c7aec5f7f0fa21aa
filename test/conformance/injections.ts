/** What a failure at one call of a create leaves behind. */
import { foldersBetween } from '../../src/actors/paths.ts';
import type { LedgerEntry } from '../../src/index.ts';
import { difference } from '../../src/testing/index.ts';
import type { VmRecord } from '../../src/vm/claims.ts';
import type { Case } from './case.ts';
import type { Ground, MakeGround } from './ground.ts';
import { type CaseRun, runCase } from './runCase.ts';
import { linesHeldBy } from './vmWords.ts';

type Failing = 'before' | 'after';
type Hanging = 'never' | 'neverAfterEffect' | 'late' | 'lateAfterEffect' | 'lateAfterCancel';

/** When a call fails, or how it hangs. */
export type When = Failing | Hanging;

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

/** A ledger entry in the words of the snapshot; what is in a VM is told by the VM. */
function wordsOf({ resource }: LedgerEntry): string | undefined {
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
      return undefined;
  }
}

/** What the entries stand for on the host. */
export function linesOf(entries: readonly LedgerEntry[], vm: VmRecord | undefined): readonly string[] {
  const inVm = vm === undefined ? [] : linesHeldBy(vm, new Set(entries.map(({ id }) => id)));
  return [...entries.flatMap((entry) => wordsOf(entry) ?? []), ...inVm].sort();
}

/** Folders show only while no scratch lies in them, and handles belong to their system. */
export const comparable = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !line.startsWith('handle.') && !line.startsWith('disk.folder ')).sort();

/** Handles and empty folders are on the host together with what they belong to. */
export function isToldBy(line: string, entries: readonly LedgerEntry[]): boolean {
  return entries.some(({ resource }) => {
    if (resource.kind === 'computeSystem') return line === `handle.computeSystem ${resource.id}`;
    if (resource.kind !== 'scratchFolder') return false;
    return foldersBetween(resource.path, resource.made).some((folder) => line === `disk.folder ${folder}`);
  });
}

function heldOf(run: CaseRun): readonly string[] {
  const kept = run.ok ? [] : run.resources.filter(({ state }) => state === 'held' || state === 'residue');
  return linesOf(kept, run.vmAfterCreate);
}

function expectSaid(on: readonly string[], said: readonly string[]): readonly string[] {
  const [there, told] = [comparable(on), comparable(said)];
  if (JSON.stringify(there) === JSON.stringify(told)) return [];
  return [`on the host: [${there.join(', ')}], reported: [${told.join(', ')}]`];
}

function defectsOf(run: CaseRun, held: readonly string[]): readonly string[] {
  const defects = run.defect === undefined ? [] : [run.defect];
  if (!run.specUntouched) defects.push("the caller's spec was written to");
  if (run.ok) return defects;
  return [...defects, ...expectSaid(difference(run.aliveBefore, run.aliveAfterCreate).appeared, held)];
}

/** What is on the host that was not before; the scratch of a container that was created stays its caller's. */
function newOn(run: CaseRun, alive: readonly string[]): readonly string[] {
  return difference(run.aliveBefore, alive).appeared.filter(
    (line) => !(run.ok && line.startsWith('disk.scratchLayer ')),
  );
}

function resultOf(
  one: Case,
  run: CaseRun,
  injection: { readonly n: number; readonly when: When },
  more: readonly string[],
) {
  const held = heldOf(run);
  const leaked = newOn(run, run.aliveAfter);
  const { gone } = difference(run.aliveBefore, run.aliveAfter);
  const defects = [...defectsOf(run, held), ...more, ...gone.map((line) => `gone, and not ours: ${line}`)];
  const injected = run.calls.find((call) => call.injected);
  return {
    name: one.name,
    injection: { ...injection, call: injected?.call ?? 'none' },
    ok: run.ok,
    aliveBefore: run.aliveBefore,
    aliveAfter: run.aliveAfter,
    held,
    residue: linesOf(run.residue, run.vmAfterFirst),
    clean: leaked.length === 0 && defects.length === 0,
    leaked,
    defects,
  };
}

/** Runs the case with a failure at the n-th call of its create. */
async function injectIntoCreate(one: Case, n: number, when: Failing, make?: MakeGround): Promise<InjectionResult> {
  const run = await runCase(one, { beforeCreate: (ground) => ground.inject({ nth: n, when }) }, make);
  return resultOf(one, run, { n, when }, []);
}

/**
 * Runs the case with the n-th call of its release failing, once and again when it is tried again at once: what stays
 * must be named, exactly, and a second release must give it back.
 */
async function injectIntoRelease(one: Case, n: number, when: Failing, make?: MakeGround): Promise<InjectionResult> {
  const beforeRelease = (ground: Ground) => ground.inject({ nth: n, when });
  const run = await runCase(one, { beforeRelease }, make);
  const said = linesOf(run.residue, run.vmAfterFirst);
  return resultOf(one, run, { n, when }, expectSaid(newOn(run, run.aliveAfterFirst), said));
}

/** A failure at every call that the create makes, before and after it took effect; none for a case that fails. */
export async function* injectEverywhere(one: Case, make?: MakeGround): AsyncGenerator<InjectionResult> {
  const { ok, createCalls } = await runCase(one, {}, make);
  if (!ok) return;
  for (let n = 1; n <= createCalls; n += 1) {
    yield await injectIntoCreate(one, n, 'before', make);
    yield await injectIntoCreate(one, n, 'after', make);
  }
}

/** The same for every call of the release of what the create has made. */
export async function* injectIntoReleases(one: Case, make?: MakeGround): AsyncGenerator<InjectionResult> {
  const { ok, releaseCalls } = await runCase(one, {}, make);
  if (!ok) return;
  for (let n = 1; n <= releaseCalls; n += 1) {
    yield await injectIntoRelease(one, n, 'before', make);
    yield await injectIntoRelease(one, n, 'after', make);
  }
}
