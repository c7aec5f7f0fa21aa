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

/** The calls until the container asks for its last file, which its neighbour has too. */
async function callsUntilLastFile(): Promise<number> {
  const { host, provisioner } = await setUpPod('windows');
  await provisioner.create(podRequest('windows', 'two', ['fileA'])).result;
  const before = host.calls.length;
  const { events$, result } = provisioner.create(podRequest('windows', 'one', ['fileB', 'fileA']));
  let last = 0;
  events$.subscribe((event) => {
    if (event.type === 'call.started' && event.target === 'mount C:\\cfg\\a.json') last = host.calls.length;
  });
  await result;
  return last + 1 - before;
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
    const neighbours: number[] = [];
    for (const nth of calls) {
      const { host, provisioner, neighbour, hanging, empty, ...pod } = await setUpHanging(guest, nth);
      const other = provisioner.create(podRequest(guest, 'three', SHARED));
      const ended = await other.result.then(({ container }) => container.release()).catch(() => undefined);
      if (ended === undefined) heldUp.push((await faultOf(other.result)).message);
      else expect(ended.residue).toEqual([]);
      const { residue } = await neighbour.release();
      if (ended === undefined) neighbours.push(residue.length);
      else expect({ nth, residue }).toEqual({ nth, residue: [] });
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
    expect(heldUp.map((message) => message.endsWith(waits))).toEqual(guest === 'windows' ? [true, true, true] : []);
    // The file that the one that hangs wants too stays, whoever goes.
    expect(neighbours).toEqual(guest === 'windows' ? [0, 1, 1] : []);
  });
});

test('an update that comes late does not bring back what was taken off meanwhile', async () => {
  const { host, provisioner } = await setUpPod('windows');
  const { container: neighbour } = await provisioner.create(podRequest('windows', 'two', ['fileA'])).result;
  const before = host.snapshot();
  const mounted = await callsUntilLastFile();
  host.inject({ nth: mounted, when: 'never' });
  const hanging = provisioner.create(podRequest('windows', 'one', ['fileB', 'fileA']));
  expect((await faultOf(hanging.result)).message).toContain('mount C:\\cfg\\a.json');
  host.answerPending();
  await idle(60);
  expect({ left: host.snapshot(), status: hanging.state.status }).toEqual({ left: before, status: 'failed' });
  expect(await neighbour.release()).toMatchObject({ residue: [] });
});
