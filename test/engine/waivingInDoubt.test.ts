import { expect, test } from '@jest/globals';
import { isAlive } from '../../src/index.ts';
import { faultOf, fullRequest, idle, setUp } from '../support/requests.ts';

test('what is in doubt can be waived while its call has not answered, and is told of at once', async () => {
  const { host, provisioner } = await setUp();
  host.inject({ call: 'compute.create', when: 'never' });
  const provision = provisioner.create(fullRequest());
  const fault = await faultOf(provision.result);
  expect(provision.state).toMatchObject({ status: 'needsHands' });
  const [residue] = fault.resources.filter(isAlive);
  if (residue === undefined) throw new Error('there is no residue');
  const report = await fault.held?.waive(residue.id);
  expect(report?.residue).toEqual([]);
  host.answerPending();
  await idle();
  expect(provision.state.status).toBe('failed');
  expect(host.snapshot()).toEqual([]);
});
