import { describe, expect, test } from '@jest/globals';
import { faultOf, idle } from '../support/requests.ts';
import { POD_GUESTS, type PodGuest, podRequest, setUpPod, vmRecordOf } from '../support/vmPods.ts';

/** What the first container shares with its neighbours. */
const SHARED = ['disk', 'fileA'] as const;

/** The calls that put something of the first container into the VM, by their number in its create. */
async function attachingCalls(guest: PodGuest): Promise<readonly number[]> {
  const { host, provisioner } = await setUpPod(guest);
  await provisioner.create(podRequest(guest, 'two', SHARED)).result;
  const before = host.calls.length;
  await provisioner.create(podRequest(guest, 'one')).result;
  return host.calls.slice(before).flatMap(({ call }, index) => (call === 'guest.attach' ? [index + 1] : []));
}

/** A container lives in the VM, and what another one wants to have attached does not answer. */
async function setUpHanging(guest: PodGuest, nth: number) {
  const pod = await setUpPod(guest);
  const empty = pod.host.snapshot();
  const { container: neighbour } = await pod.provisioner.create(podRequest(guest, 'two', SHARED)).result;
  pod.host.inject({ nth, when: 'never' });
  const hanging = pod.provisioner.create(podRequest(guest, 'one'));
  expect((await faultOf(hanging.result)).code).toBe('deadline-exceeded');
  return { ...pod, empty, neighbour, hanging };
}

describe.each(POD_GUESTS)('a call that hangs in a %s VM', (guest) => {
  test('holds up nobody but who is told of by the same request', async () => {
    const calls = await attachingCalls(guest);
    const heldUp: string[] = [];
    for (const nth of calls) {
      const { host, provisioner, neighbour, hanging, empty, ...pod } = await setUpHanging(guest, nth);
      const other = provisioner.create(podRequest(guest, 'three', SHARED));
      const ended = await other.result.then(({ container }) => container.release()).catch(() => undefined);
      if (ended === undefined) heldUp.push((await faultOf(other.result)).message);
      else expect(ended.residue).toEqual([]);
      const { residue } = await neighbour.release();
      expect({ nth, residue: residue.length }).toEqual({ nth, residue: ended === undefined ? 1 : 0 });
      host.answerPending();
      await idle(60);
      await neighbour.release();
      expect({ nth, left: host.snapshot(), status: hanging.state.status }).toEqual({
        nth,
        left: empty,
        status: 'failed',
      });
      const record = await vmRecordOf(pod);
      const named = [hanging.id, other.id].filter((id) => JSON.stringify(record).includes(id));
      expect({ nth, named, unsettled: record.unsettled }).toEqual({ nth, named: [], unsettled: [] });
    }
    // One update of a share of files tells of all of them.
    const waits = 'what others do in VM vm-1 with mount C:\\cfg\\a.json has not answered';
    expect(heldUp.map((message) => message.endsWith(waits))).toEqual(guest === 'windows' ? [true, true] : []);
  });
});
