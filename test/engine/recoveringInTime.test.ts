import { expect, test } from '@jest/globals';
import { createProvisioner, memoryLedgerStore } from '../../src/index.ts';
import { scenarios, simulatedHost, virtualClock } from '../../src/testing/index.ts';

test.each(['compute.open', 'compute.properties'] as const)(
  'a recovery goes on without a run whose host does not answer to %s',
  async (call) => {
    const clock = virtualClock({ autoAdvance: true });
    const host = simulatedHost({ ...scenarios.plain.host, clock });
    const journal = memoryLedgerStore();
    const of = (own: string) =>
      createProvisioner({ host, clock, journal, processes: { own, hasEnded: (other) => other !== own } });
    await (await of('first')).create({ ...scenarios.plain.request, lifetime: 'host' }).result;
    host.inject({ call, when: 'never' });
    const next = await of('next');
    const { runs } = await next.recover();
    expect(runs).toMatchObject([
      { action: 'leave', outcome: 'failed', error: { code: 'service-disconnected', hint: expect.any(String) } },
    ]);
    host.answerPending();
    expect((await next.recover()).runs).toMatchObject([{ action: 'adopt', outcome: 'done' }]);
  },
);
