import { expect, test } from '@jest/globals';
import { createProvisioner, memoryLedgerStore, type ProvisionerOptions } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { pretendedProcesses } from '../support/processes.ts';
import { POD_GUESTS, podRequest, setUpPod, vmRecordOf } from '../support/vmPods.ts';

test.each(POD_GUESTS)('what a dead process began in a %s VM is undone by whoever has to wait for it', async (guest) => {
  const pod = await setUpPod(guest);
  const { host, vms } = pod;
  const before = host.snapshot();
  const journal = memoryLedgerStore();
  const processes = pretendedProcesses();
  const start = (own: string, options: Partial<ProvisionerOptions>) =>
    createProvisioner({ host: host.attach(), journal, vms, processes: processes.named(own), ...options });

  // Its clock stands still: the call that never answers keeps no timer that would outlive the test.
  const first = await start('first', { clock: virtualClock() });
  host.inject({ call: 'guest.attach', nth: guest === 'windows' ? 4 : 2, when: 'neverAfterEffect' });
  first.create(podRequest(guest, 'one'));
  while (host.pendingCalls === 0) await new Promise((resolve) => setImmediate(resolve));
  expect((await vmRecordOf(pod)).unsettled).toHaveLength(1);
  processes.end('first');

  const second = await start('second', {});
  const { container } = await second.create(podRequest(guest, 'two')).result;
  expect((await second.runs()).runs.map(({ containerId, status }) => [containerId, status])).toEqual([
    ['one', 'failed'],
    ['two', 'provisioned'],
  ]);
  expect(host.snapshot()).not.toContain('computeSystem one');
  await container.release();
  expect(host.snapshot()).toEqual(before);
});
