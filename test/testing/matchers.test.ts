import { expect, test } from '@jest/globals';
import { createProvisioner } from '../../src/index.ts';
import { scenarios, simulatedHost } from '../../src/testing/index.ts';
import { type SlipwayMatchers, slipwayMatchers } from '../../src/testing/jest.ts';

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>> extends SlipwayMatchers<R> {}
}

expect.extend(slipwayMatchers);

test('the matchers are those of expect, with their types', async () => {
  const host = simulatedHost(scenarios.processIsolated.host);
  const provisioner = await createProvisioner({ host });
  const { request } = scenarios.processIsolated;
  const { container } = await provisioner.create(request).result;
  expect(container).toHold('namespace');
  expect(container).not.toHold('utilityVm');
  await expect(expect(host).toHaveNothingLeft({ provisioner })).rejects.toThrow('acquired by');
  await container.release();
  await expect(host).toHaveNothingLeft({ provisioner, except: [/^disk\./] });

  host.inject({ call: 'network.createNamespace', when: 'before', hresult: 0x80070005 });
  await expect(provisioner.create({ ...request, id: 'other' }).result).toFailAs('access-denied', {
    step: 'networking',
  });
});
