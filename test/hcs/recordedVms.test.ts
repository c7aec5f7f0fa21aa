import { describe, expect, test } from '@jest/globals';
import { containerId } from '../../src/domain/ids.ts';
import { difference } from '../../src/testing/index.ts';
import { loadCases } from '../conformance/case.ts';
import { hostBefore, isVmCase, play } from '../support/vmReplay.ts';
import type { VmCase } from '../vm/vmCase.ts';

const aliveAfterCreate = ({ expected }: VmCase) =>
  (expected as { readonly aliveAfterCreate?: readonly string[] }).aliveAfterCreate ?? [];

/** hcsshim combines the layers of a second container where those of the first one are: a guest would not. */
function combinesAtTakenRoot(one: VmCase): boolean {
  const isCombined = JSON.stringify(one.expected.effects).includes('"CombinedLayers"');
  return isCombined && !aliveAfterCreate(one).some((line) => line.startsWith('combinedLayers'));
}

const CASES = loadCases('test/conformance/cases')
  .filter(isVmCase)
  .filter(({ expected: { ok, mayRefuse } }) => ok === true && mayRefuse === undefined)
  .filter((one) => !combinesAtTakenRoot(one));

/** Handles and callbacks are those of whoever recorded. */
const counted = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('handle.'));

describe('a recorded create of a container in a VM', () => {
  test.each(CASES.map((one) => [one.name, one] as const))('%s is accepted, and so is its release', async (_, one) => {
    const { effects = [], releaseEffects = [], aliveAfterRelease } = one.expected;
    const host = await hostBefore(one);
    const before = host.snapshot();
    const begun = host.effects.length;
    await play(host, effects);
    expect(counted(difference(before, host.snapshot()).appeared)).toEqual(counted(aliveAfterCreate(one)));
    const ofVm = ({ effect }: { readonly effect: string }) => /^(system|vm)\./.test(effect);
    expect(host.effects.slice(begun).filter(ofVm)).toEqual(effects.filter(ofVm));

    const container = effects.find(({ effect }) => effect === 'system.create')?.id as string;
    await host.compute.terminate(await host.compute.open(containerId(container)));
    await play(host, releaseEffects);
    const left = (aliveAfterRelease ?? []).filter((line) => line !== `computeSystem ${container}`);
    expect(counted(difference(before, host.snapshot()).appeared)).toEqual(counted(left));
  });
});
