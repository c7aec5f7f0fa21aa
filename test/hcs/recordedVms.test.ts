import { describe, expect, test } from '@jest/globals';
import { containerId, vmId } from '../../src/domain/ids.ts';
import type { ModifySettingRequest } from '../../src/domain/modifyRequest.ts';
import { difference, type SimulatedHost, simulatedHost } from '../../src/testing/index.ts';
import { loadCases } from '../conformance/case.ts';
import { loadVmCases, type VmCase as RecordedVm } from '../conformance/vmCase.ts';
import { intend } from '../support/intents.ts';
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

const VM_CASES = loadVmCases().filter(({ expected: { ok, mayRefuse } }) => ok && mayRefuse === undefined);

/** Creates the VM of the case as it was recorded, on a host that has its files already. */
async function createVm({ request: { host: facts }, expected }: RecordedVm): Promise<SimulatedHost> {
  const host = simulatedHost({
    facts,
    // hcsshim sends what it was asked for to any build.
    checks: { schemaVersions: false },
    files: [...(facts.files ?? []), ...expected.filesCreated.map((path) => ({ path }))],
  });
  for (const { effect, vmId: vm, id, path, document, request, system } of expected.effects) {
    const of = vmId(String(vm ?? id ?? system));
    if (effect === 'vm.grantAccess') {
      await host.vmAccess.grant(intend({ kind: 'vmAccess', vm: of, path: String(path), part: 'rest' }));
    } else if (effect === 'vm.grantGroupAccess') {
      await host.vmAccess.grantGroup(intend({ kind: 'vmGroupAccess', path: String(path) }));
    } else if (effect === 'system.create') {
      await host.compute.create(intend({ kind: 'utilityVm', id: of }), document as object);
    } else if (effect === 'system.start') {
      await host.compute.start(await host.compute.open(of));
    } else {
      const intent = intend({ kind: 'vmAttachment', vm: of, what: effect, part: 'rest' });
      await host.guest.attach(intent, request as ModifySettingRequest);
    }
  }
  return host;
}

describe('a recorded create of a utility VM', () => {
  test.each(VM_CASES.map((one) => [one.name, one] as const))('%s is accepted', async (_, one) => {
    const host = await createVm(one);
    expect(host.effects).toEqual(one.expected.effects);
    const created = one.expected.effects.find(({ effect }) => effect === 'system.create');
    const lines = host.snapshot().filter((line) => !line.startsWith('grant.') && !line.startsWith('handle.'));
    expect(lines).toEqual([`utilityVm ${created?.id}`]);
  });
});
