import { expect, test } from '@jest/globals';
import { faultOf, plainSpec, setUp } from '../support/requests.ts';

test('a folder that two creates have made for their scratches is removed by the last one', async () => {
  const { host, provisioner } = await setUp({ latencies: { 'files.createFolder': 5, 'files.stat': 5 } });
  host.inject({ call: 'layers.activate', when: 'before', every: true });
  const both = ['one', 'two'].map((id) => provisioner.create({ id, spec: plainSpec(`C:\\made\\deep\\${id}`) }));
  for (const { result } of both) expect((await faultOf(result)).held).toBeUndefined();
  expect(host.snapshot()).toEqual([]);
});

test('and stays while the other one lives', async () => {
  const { host, provisioner } = await setUp({ latencies: { 'files.createFolder': 5, 'files.stat': 5 } });
  const one = provisioner.create({ id: 'one', spec: plainSpec('C:\\made\\deep\\one') });
  const two = provisioner.create({ id: 'two', spec: plainSpec('C:\\made\\deep\\two') });
  void one.cancel('by chance');
  expect((await faultOf(one.result)).held).toBeUndefined();
  const { container } = await two.result;
  await container.release();
  expect(host.snapshot()).toEqual(['disk.scratchLayer C:\\made\\deep\\two']);
});
