import { describe, expect, test } from '@jest/globals';
import { loadVmCases, type VmCase } from './vmCase.ts';
import { compareVm } from './vmOnHost.ts';

const CASES = loadVmCases();

describe('the recorded cases of utility VMs, on a host', () => {
  test.each(CASES.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    expect((await compareVm(one)).differences.join('\n')).toBe('');
  });
});

describe('a case of a VM that was changed by hand', () => {
  const one = CASES.find(({ name }) => name === 'vm-wcow-scratch-folder-created');
  const change = (expected: Partial<VmCase['expected']>): VmCase => {
    if (one === undefined) throw new Error('the case is gone');
    return { ...one, expected: { ...one.expected, ...expected } };
  };

  test('fails when an effect is missing or comes too soon, when a file is missing, and when the outcome differs', async () => {
    const { effects, filesCreated } = change({}).expected;
    const changed: ReadonlyArray<Partial<VmCase['expected']>> = [
      { effects: effects.slice(1) },
      { effects: [...effects].reverse() },
      { filesCreated: filesCreated.slice(1) },
      { ok: false, causes: ['layers-missing'] },
    ];
    for (const expected of changed) expect((await compareVm(change(expected))).passed).toBe(false);
    expect((await compareVm(change({}))).passed).toBe(true);
  });
});
