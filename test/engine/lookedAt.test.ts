import { expect, test } from '@jest/globals';
import { createProvisioner } from '../../src/index.ts';
import { faultOf, fullRequest, plainSpec, setUp } from '../support/requests.ts';
import { POD_GUESTS, podRequest, setUpPod } from '../support/vmPods.ts';

test.each(POD_GUESTS)('a look at a %s VM whose closing fails once leaves no handle', async (guest) => {
  const { host, provisioner } = await setUpPod(guest);
  const before = host.snapshot();
  host.inject({ call: 'guest.createContainer', when: 'before' });
  host.inject({ call: 'compute.close', when: 'before' });
  const { held } = await faultOf(provisioner.create(podRequest(guest, 'one')).result);
  expect(held).toBeUndefined();
  expect(host.snapshot()).toEqual(before);
});

test('neither does a look at a system that has our id', async () => {
  const { host, provisioner } = await setUp();
  await provisioner.create({ id: 'web-1', spec: plainSpec() }).result;
  const other = await createProvisioner({ host });
  const before = host.snapshot();
  host.inject({ call: 'compute.close', when: 'before' });
  expect((await faultOf(other.create(fullRequest()).result)).code).toBe('container-id-taken');
  expect(host.snapshot()).toEqual(before);
});
