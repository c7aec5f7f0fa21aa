import { describe, expect, test } from '@jest/globals';
import { runVmCase, type VmCaseRun } from '../conformance/runVmCase.ts';
import { inRecordedWords, loadVmCases, type VmCase } from '../conformance/vmCase.ts';

const CASES = loadVmCases();

/** Why a run may differ from the record, in the words of docs/conformance.md. */
type Rule = 'out-of-range' | 'refused' | 'panic';

/** A number that wrapped where it was recorded, because its field is smaller. */
const WRAPPED: ReadonlySet<string> = new Set(['vm-spec-wcow-cpu-annotation-overflow']);

const codesOf = ({ findings }: VmCaseRun) => findings.map(({ code }) => code);

/** The rule by which we refuse what the record accepts; undefined when we may not. */
function refusalRule({ name, expected }: VmCase, run: VmCaseRun): Rule | undefined {
  const codes = codesOf(run);
  if (WRAPPED.has(name) && codes.every((code) => code === 'out-of-range')) return 'out-of-range';
  const allowed = expected.mayRefuse ?? [];
  return codes.every((code) => allowed.includes(code) || allowed.includes('any')) ? 'refused' : undefined;
}

const succeeding = CASES.filter(({ expected }) => expected.ok);
const failing = CASES.filter(({ expected }) => !expected.ok);
const refused = succeeding.filter((one) => runVmCase(one).findings.length > 0);
const created = succeeding.filter((one) => runVmCase(one).findings.length === 0);

test('the record has cases of every sort', () => {
  expect([created.length, refused.length, failing.length]).toEqual([113, 8, 30]);
});

describe('a VM that is created as it was recorded', () => {
  test.each(created)('$name', (one) => {
    const { options, made } = runVmCase(one);
    expect(made?.document).toEqual(one.expected.document);
    expect(made?.effects).toEqual(one.expected.effects);
    expect([...(made?.filesCreated ?? [])].sort()).toEqual([...one.expected.filesCreated].sort());
    if (options === undefined || made === undefined) throw new Error('nothing was made');
    const { id: recordedId, ...recorded } = one.expected.options ?? {};
    const { id, ...ours } = inRecordedWords(options);
    expect(ours).toEqual(recorded);
    expect(id).toBe(recordedId === '' ? '<guid:1>' : recordedId);
    expect(inVmWords(made.traits)).toEqual(one.expected.vm);
  });
});

function inVmWords(traits: NonNullable<VmCaseRun['made']>['traits']) {
  return {
    id: traits.id,
    os: traits.guest,
    processorCount: traits.processorCount,
    physicallyBacked: traits.physicallyBacked,
    devicesPhysicallyBacked: traits.devicesPhysicallyBacked,
    vsmbNoDirectMap: !traits.directMap,
    noWritableFileShares: !traits.writableFileShares,
    scratchEncryption: traits.scratchEncryption,
    processDumpLocation: traits.processDumpFolder,
  };
}

describe('a VM that was created there, and that we refuse by a rule', () => {
  test.each(refused)('$name', (one) => {
    expect(refusalRule(one, runVmCase(one))).toBeDefined();
  });
});

describe('a VM that is refused for the recorded cause', () => {
  test.each(failing)('$name', (one) => {
    expect(one.expected.causes).toEqual(expect.arrayContaining([expect.any(String)]));
    expect(codesOf(runVmCase(one)).filter((code) => one.expected.causes?.includes(code))).not.toEqual([]);
  });
});
