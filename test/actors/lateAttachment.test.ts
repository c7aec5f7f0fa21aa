import { expect, test } from '@jest/globals';
import { tryRelease } from '../../src/actors/release.ts';
import { Runs } from '../../src/actors/run.ts';
import { attachToVm, grantToVm } from '../../src/actors/vmAttachments.ts';
import { provisionId } from '../../src/domain/ids.ts';
import { memoryLedgerStore } from '../../src/index.ts';
import { attachScsi } from '../../src/vm/scsi.ts';
import { idle } from '../support/requests.ts';
import { setUpPod } from '../support/vmPods.ts';

const hostPath = 'C:\\disks\\data.vhdx';

/** Two runs that want the same disk in the same VM. */
async function twoRuns() {
  const { clock, host, vm, vms } = await setUpPod('windows');
  const newId = () => '00000000-0000-4000-8000-000000000001';
  const runs = new Runs({ host, store: memoryLedgerStore(), vms, clock, owner: 'slipway', newId });
  const place = { step: 'resolvingMounts', vm: vm.id, what: 'the disk', part: 'rest' } as const;
  const runOf = async (id: string) => {
    const run = await runs.get(provisionId(id));
    const attach = () =>
      attachToVm(run, place, (state, by) => attachScsi(state, { hostPath, type: 'VirtualDisk', readOnly: true }, by));
    return { run, attach };
  };
  const [late, other] = [await runOf('late'), await runOf('other')];
  await grantToVm(late.run, place, hostPath);
  const attached = () => host.snapshot().filter((line) => line.startsWith('scsi '));
  return { host, late, other, attached };
}

test('what was taken off before its call answered is not joined when it answers, but attached anew', async () => {
  const { host, late, other, attached } = await twoRuns();
  host.inject({ call: 'guest.attach', when: 'neverAfterEffect' });
  const attaching = late.attach();
  await idle();
  expect(attached()).toHaveLength(1);
  const [, { id } = { id: undefined }] = late.run.ledger.entries;
  if (id === undefined) throw new Error('nothing was intended');
  expect(await tryRelease(late.run, id)).toBe('unresolved');
  expect(attached()).toEqual([]);

  host.answerPending();
  await attaching;
  const joining = other.attach();
  await idle();
  expect(await tryRelease(late.run, id)).toBe('released');
  await joining;
  expect(attached()).toHaveLength(1);
});
