import { describe, expect, test } from '@jest/globals';
import type { VmRecord } from '../../src/vm/claims.ts';
import { faultOf } from '../support/requests.ts';
import { POD_GUESTS, type PodGuest, podRequest, setUpPod, vmRecordOf } from '../support/vmPods.ts';

const CREATES = 1_000;

/** The calls at the end of a create, when most of what it needs is in the VM. */
const LATE_CALLS = 12;

/** What is taken, free and known of the VM, without the numbers that only grow. */
function withoutCounters({ attachments, ...record }: VmRecord) {
  const { numbersGiven: _, vsmb, plan9, ...rest } = attachments;
  const { namesGiven: _vsmb, ...shares } = vsmb;
  const { namesGiven: _plan9, ...plan9Shares } = plan9;
  return { ...record, ...rest, shares, plan9Shares };
}

/** With a container that lives in it, so that some places are shared and others are taken; one more was there and is gone. */
async function setUpWithNeighbour(guest: PodGuest) {
  const pod = await setUpPod(guest);
  const { container: neighbour } = await pod.provisioner.create(podRequest(guest, 'two', ['disk', 'fileA'])).result;
  const before = pod.host.calls.length;
  const { container } = await pod.provisioner.create(podRequest(guest, 'one')).result;
  const calls = pod.host.calls.slice(before);
  await container.release();
  // A look that finds nothing, as it should, has no effect to have: nothing fails after it.
  const late = calls.flatMap(({ call }, index) => (call === 'compute.open' ? [] : [index + 1])).slice(-LATE_CALLS);
  return { ...pod, neighbour, late };
}

describe.each(POD_GUESTS)('a %s VM', (guest) => {
  test(`has the same room after ${CREATES} creates in it that failed late`, async () => {
    const { neighbour, late, ...pod } = await setUpWithNeighbour(guest);
    const [lines, record] = [pod.host.snapshot(), withoutCounters(await vmRecordOf(pod))];
    for (let n = 0; n < CREATES; n += 1) {
      const when = n % (2 * LATE_CALLS) < LATE_CALLS ? 'before' : 'after';
      pod.host.inject({ nth: late[n % LATE_CALLS] ?? 0, when });
      const { code, held } = await faultOf(pod.provisioner.create(podRequest(guest, 'one')).result);
      expect({ n, code, held }).toEqual({ n, code: 'access-denied', held: undefined });
    }
    expect(pod.host.snapshot()).toEqual(lines);
    expect(withoutCounters(await vmRecordOf(pod))).toEqual(record);
    expect((await neighbour.release()).residue).toEqual([]);
  }, 120_000);
});
