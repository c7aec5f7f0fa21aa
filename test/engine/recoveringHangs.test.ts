import { expect, test } from '@jest/globals';
import { createProvisioner, memoryLedgerStore } from '../../src/index.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { pretendedProcesses } from '../support/processes.ts';
import { fullRequest, hostOptions } from '../support/requests.ts';

test('a recovery goes on without a run whose host does not say how its system stands', async () => {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...hostOptions(), clock });
  const journal = memoryLedgerStore();
  const processes = pretendedProcesses();
  const begin = (own: string) =>
    createProvisioner({ host: host.attach(), journal, clock, processes: processes.named(own) });
  await (await begin('first')).create({ ...fullRequest(), lifetime: 'host' }).result;
  processes.end('first');
  host.inject({ call: 'compute.properties', when: 'never' });
  const second = await begin('second');
  expect((await second.recover()).runs).toMatchObject([
    { outcome: 'failed', error: { fault: { code: 'deadline-exceeded' } } },
  ]);
  host.answerPending();
  expect((await second.recover()).runs).toMatchObject([{ action: 'adopt', outcome: 'done' }]);
});
