import { expect, test } from '@jest/globals';
import { type CreateRequest, createProvisioner, memoryLedgerStore } from '../../src/index.ts';
import { scenarios, simulatedHost, virtualClock } from '../../src/testing/index.ts';

const { host: description, request } = scenarios.plain;

async function scene() {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...description, clock });
  const journal = memoryLedgerStore();
  return { host, journal, provisioner: await createProvisioner({ host, clock, journal }) };
}

const started: CreateRequest = {
  ...request,
  spec: {
    root: { path: '' },
    process: { args: ['serve.exe'] },
    windows: { layerFolders: ['C:\\layers\\base', 'C:\\scratch\\shop'] },
  },
};

test('of a request that can be carried out and started, nothing is said, and nothing is left of the question', async () => {
  const { host, journal, provisioner } = await scene();
  expect(await provisioner.check(started)).toEqual({ findings: [], atStart: [], warnings: [] });
  expect(host.effects).toEqual([]);
  expect(await journal.runs()).toEqual([]);
});

test('a check finds what the create refuses, with the same pointers', async () => {
  const { provisioner } = await scene();
  const wrong = { id: 'shop', spec: { mounts: [{ type: 'nfs' }], windows: { layerFolders: ['C:\\layers\\base'] } } };
  const { findings } = await provisioner.check(wrong);
  expect(findings.length).toBeGreaterThan(1);
  await expect(provisioner.create(wrong).result).rejects.toMatchObject({ code: 'invalid-request', findings });
});

test('what can be created and not started is told apart', async () => {
  const { provisioner } = await scene();
  const { findings, atStart } = await provisioner.check(request);
  expect(findings).toEqual([]);
  expect(atStart).toMatchObject([{ code: 'process-args-missing', pointer: '/spec/process/args' }]);
});

test('a host that fails or does not answer is said to, and is not asked for ever', async () => {
  const { host, provisioner } = await scene();
  host.inject({ call: 'facts', when: 'before' });
  await expect(provisioner.check(started)).rejects.toMatchObject({ code: 'access-denied' });
  host.inject({ call: 'facts', when: 'never' });
  await expect(provisioner.check(started)).rejects.toMatchObject({ code: 'deadline-exceeded', step: 'validating' });
});
