import { expect, test } from '@jest/globals';
import { createActor, waitFor } from 'xstate';
import { hostActors, provisionId } from '../../src/index.ts';
import { createContainer } from '../../src/machines/index.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { crowdRequest, limitOf } from '../support/admission.ts';
import { hostOptions, idle } from '../support/requests.ts';

/** Creates by plain actors that share one limit; `broken`: a statechart of them that breaks when its layers fail. */
function plainActors(limit: number) {
  const host = simulatedHost({ ...hostOptions(), endpoints: [] });
  const machine = createContainer.provide({ actors: hostActors({ host, admission: limitOf(limit) }) });
  const broken = machine.provide({
    guards: {
      layersMayBeRetried: () => {
        throw new Error('the guard is broken');
      },
    },
  });
  const start = (n: number, which = machine) =>
    createActor(which, { input: { provisionId: provisionId(`run-${n}`), request: crowdRequest(n) } }).start();
  return { host, start, broken };
}

test('a statechart that is run by hand waits for its turn, and says so by a tag', async () => {
  const { host, start } = plainActors(1);
  host.inject({ call: 'network.addEndpoint', when: 'never' });
  start(0);
  const second = start(1);
  const queued: object[] = [];
  second.on('step.queued', (event) => queued.push(event));
  await idle();
  expect(second.getSnapshot().hasTag('queued')).toBe(true);
  expect(queued).toEqual([{ type: 'step.queued', step: 'networking', class: 'network', ahead: 0 }]);
  host.answerPending();
  const { context } = await waitFor(second, (snapshot) => snapshot.hasTag('provisioned'));
  expect(JSON.parse(JSON.stringify(context))).toEqual(context);
});

test('one that is stopped while it waits asks nothing of the host any more, and holds nobody up', async () => {
  const { host, start } = plainActors(1);
  host.inject({ call: 'network.addEndpoint', when: 'never' });
  start(0);
  const second = start(1);
  const third = start(2);
  await idle();
  second.stop();
  host.answerPending();
  await waitFor(third, (snapshot) => snapshot.hasTag('provisioned'));
  expect(host.calls.filter(({ call }) => call === 'network.createNamespace')).toHaveLength(2);
});

test('one that is stopped while it works keeps its slot until the call has answered', async () => {
  const { host, start } = plainActors(1);
  host.inject({ call: 'network.createNamespace', when: 'never' });
  const first = start(0);
  const second = start(1);
  await idle();
  first.stop();
  await idle();
  expect(second.getSnapshot().hasTag('queued')).toBe(true);
  host.answerPending();
  await waitFor(second, (snapshot) => snapshot.hasTag('provisioned'));
});

test('one that breaks holds nobody up', async () => {
  const { host, start, broken } = plainActors(1);
  host.inject({ call: 'layers.prepare', when: 'before' });
  const first = start(0, broken);
  const errors: unknown[] = [];
  first.subscribe({ error: (error) => errors.push(error) });
  const second = start(1);
  await waitFor(second, (snapshot) => snapshot.hasTag('provisioned'));
  expect(errors).toHaveLength(1);
});
