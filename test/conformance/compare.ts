/** What a case and our run of it have in common, where they differ, and by which rule they may. */
import { isDeepStrictEqual } from 'node:util';
import { diff } from 'jest-diff';
import type { Effect } from '../../src/testing/index.ts';
import { difference } from '../../src/testing/index.ts';
import { allowInCreate, allowInRelease } from './allowances.ts';
import type { Case } from './case.ts';
import { releaseDifferences } from './compareRelease.ts';
import { type Renaming, rename, renamingOf } from './rename.ts';
import type { Rule } from './rules.ts';
import type { CaseRun } from './runCase.ts';

export interface Comparison {
  readonly name: string;
  readonly ok: boolean;
  readonly document: object | null;
  readonly effects: readonly Effect[];
  readonly releaseEffects: readonly Effect[];
  readonly findings: ReadonlyArray<{ readonly code: string; readonly pointer: string }>;
  readonly fault: { readonly code: string; readonly step: string } | null;
  readonly aliveBefore: readonly string[];
  readonly aliveAfter: readonly string[];
  readonly rules: readonly Rule[];
  readonly passed: boolean;
  /** Each as a text to read. */
  readonly differences: readonly string[];
}

/** Effects that the record has no words for. */
const OURS_ALONE = /^(folder|file)\.|^system\.terminate$/;

const recordable = (effects: readonly Effect[]): readonly Effect[] =>
  effects.filter(({ effect }) => !OURS_ALONE.test(effect));

/** What differs, and by which rules it may. */
export class Verdict {
  readonly differences: string[] = [];
  readonly rules = new Set<Rule>();

  expectEqual(what: string, expected: unknown, actual: unknown): void {
    if (isDeepStrictEqual(expected, actual)) return;
    const options = {
      aAnnotation: 'recorded',
      bAnnotation: 'ours',
      expand: false,
      contextLines: 3,
      omitAnnotationLines: false,
    };
    this.differences.push(`${what} differs:\n${diff(expected, actual, options) ?? ''}`);
  }
}

/** What we add to a namespace so that it can be known as ours is allowed, and left out. */
function withoutOwnership(effects: readonly Effect[], verdict: Verdict): readonly Effect[] {
  return effects.map((effect) => {
    if (effect.effect !== 'namespace.create') return effect;
    verdict.rules.add('owned');
    const { Owner: _owner, Name: _name, ...settings } = effect.settings as Record<string, unknown>;
    return { ...effect, settings };
  });
}

/** The record of a later minor lacks storage path and layers; ours must have them. */
function allowSchema2x<T>(one: Case, value: T, verdict: Verdict): T {
  const version = one.request.options.schemaVersion;
  if (version?.Major !== 2 || version.Minor === 1) return value;
  const strip = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(strip);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, field]) => {
        if (key !== 'Storage' || typeof field !== 'object' || field === null) return [key, strip(field)];
        const { Path, Layers, ...rest } = field as Record<string, unknown>;
        if (Path !== undefined && Layers !== undefined) verdict.rules.add('schema-2.x');
        return [key, rest];
      }),
    );
  };
  return strip(value) as T;
}

function documentOf(effects: readonly Effect[]): object | null {
  const created = effects.find(({ effect }) => effect === 'system.create');
  return (created?.document as object | undefined) ?? null;
}

function namesOf(run: CaseRun): Renaming {
  const generated = { ids: run.generated, container: run.generatedId };
  return renamingOf([...run.effects, ...run.releaseEffects], generated);
}

function compareSuccess(one: Case, run: CaseRun, verdict: Verdict): void {
  const theirNames = renamingOf(one.expected.effects ?? [], { ids: [], container: undefined });
  const ourNames = namesOf(run);
  const use = (rule: Rule) => void verdict.rules.add(rule);
  const owned = withoutOwnership(rename(recordable(run.effects), ourNames), verdict);
  const sides = { recorded: rename(one.expected.effects ?? [], theirNames), ours: allowSchema2x(one, owned, verdict) };
  const { recorded, ours } = allowInCreate(sides, one, run, use);
  const [theirs, our] = [splitDocuments(recorded), splitDocuments(ours)];
  verdict.expectEqual('the document', theirs.documents, our.documents);
  verdict.expectEqual('the list of effects', theirs.others, our.others);
  expectRecordedDocument(one, theirNames, verdict);
  compareRelease(one, run, { theirNames, ourNames }, verdict);
  expectHostAsBefore(run, verdict);
}

/** A case says its document twice. */
function expectRecordedDocument(one: Case, names: Renaming, verdict: Verdict): void {
  const { documents } = splitDocuments(rename(one.expected.effects ?? [], names));
  verdict.expectEqual('what the case says of its document', rename(one.expected.document, names) ?? null, documents[0]);
}

function compareRelease(
  one: Case,
  run: CaseRun,
  { theirNames, ourNames }: { readonly theirNames: Renaming; readonly ourNames: Renaming },
  verdict: Verdict,
): void {
  const use = (rule: Rule) => void verdict.rules.add(rule);
  const sides = {
    recorded: rename(one.expected.releaseEffects ?? [], theirNames),
    ours: rename(recordable(run.releaseEffects), ourNames),
  };
  const { differences, reordered } = releaseDifferences({
    ...allowInRelease(sides, one, run, use),
    forgotten: one.expected.aliveAfterRelease ?? [],
  });
  verdict.differences.push(...differences);
  if (reordered) use('sibling-order');
}

/** The documents apart from the rest, so that a difference is shown once and where it is. */
function splitDocuments(effects: readonly Effect[]) {
  return {
    documents: effects.flatMap(({ document }) => document ?? []),
    others: effects.map(({ document: _document, ...rest }) => rest),
  };
}

/** As before, but for the scratch of a container that was created: its data is the caller's. */
function expectHostAsBefore(run: CaseRun, verdict: Verdict): void {
  const { appeared, gone } = difference(run.aliveBefore, run.aliveAfter);
  const left = appeared.filter((line) => !(run.ok && line.startsWith('disk.scratchLayer ')));
  verdict.expectEqual('what is left on the host', [], left);
  verdict.expectEqual('what is missing on the host', [], gone);
}

function codesOf(run: CaseRun): readonly string[] {
  return [...run.findings.map(({ code }) => code), ...(run.fault === null ? [] : [run.fault.code])];
}

function compareFailure(one: Case, run: CaseRun, verdict: Verdict): void {
  const codes = codesOf(run);
  const { causes = [], panic } = one.expected;
  if (run.ok) verdict.differences.push(`the record failed (${causes.join(', ')}), ours did not`);
  else if (!causes.some((cause) => codes.includes(cause))) {
    verdict.differences.push(`the record failed for one of [${causes.join(', ')}], ours for [${codes.join(', ')}]`);
  }
  if (panic && run.findings.length > 0) verdict.rules.add('panic');
  expectHostAsBefore(run, verdict);
}

/** A success of the record that we refuse for a good reason. */
function allowRefusal(one: Case, run: CaseRun, verdict: Verdict): boolean {
  const codes = codesOf(run);
  const may = one.expected.mayRefuse ?? [];
  if (may.some((code) => code === 'any' || codes.includes(code))) verdict.rules.add('refused');
  else if (run.findings.length > 0 && run.findings.every(({ code }) => code === 'out-of-range')) {
    verdict.rules.add('out-of-range');
  } else return false;
  expectHostAsBefore(run, verdict);
  return true;
}

function judge(one: Case, run: CaseRun, verdict: Verdict): void {
  if (run.defect !== undefined) verdict.differences.push(run.defect);
  if (!run.specUntouched) verdict.differences.push("the caller's spec was written to");
  if (one.expected.ok !== true) {
    compareFailure(one, run, verdict);
    return;
  }
  if (!run.ok && allowRefusal(one, run, verdict)) return;
  if (!run.ok) {
    verdict.differences.push(`the record succeeded, ours failed: ${codesOf(run).join(', ')}: ${run.said ?? ''}`);
    return;
  }
  compareSuccess(one, run, verdict);
  if (one.expected.aliveAfterRelease?.some((line) => line.startsWith('computeSystem '))) verdict.rules.add('released');
  if (!isDeepStrictEqual(one.expected.specAfter, one.request.spec)) verdict.rules.add('spec-untouched');
}

/** Compares a run with the record of its case. */
export function compare(one: Case, run: CaseRun): Comparison {
  const verdict = new Verdict();
  judge(one, run, verdict);
  const names = namesOf(run);
  const effects = rename(run.effects, names);
  return {
    name: one.name,
    ok: run.ok,
    document: documentOf(effects),
    effects,
    releaseEffects: rename(run.releaseEffects, names),
    findings: run.findings.map(({ code, pointer }) => ({ code, pointer })),
    fault: run.fault,
    aliveBefore: run.aliveBefore,
    aliveAfter: rename(run.aliveAfter, names),
    rules: [...verdict.rules].sort(),
    passed: verdict.differences.length === 0,
    differences: verdict.differences,
  };
}
