import { describe, expect, test } from '@jest/globals';
import { createProvisioner } from '../../src/index.ts';
import {
  expectNothingLeft,
  playRunFile,
  recordingStore,
  scenarios,
  simulatedHost,
  statesOfRunFile,
  virtualClock,
} from '../../src/testing/index.ts';
import { slipwayMatchers } from '../../src/testing/jest.ts';

async function setUp() {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...scenarios.processIsolated.host, clock });
  const journal = recordingStore();
  return { clock, host, journal, provisioner: await createProvisioner({ host, clock, journal }) };
}

const messageOf = async (checked: Promise<unknown>): Promise<string> => {
  try {
    await checked;
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test.each(Object.entries(scenarios))(
  'the scenario %s can be carried out, and leaves only what its caller keeps',
  async (_, one) => {
    const clock = virtualClock({ autoAdvance: true });
    const host = simulatedHost({ ...one.host, clock });
    const tool = 'deviceUtil' in one && one.deviceUtil !== undefined ? { deviceUtil: one.deviceUtil } : {};
    const provisioner = await createProvisioner({ host, clock, ...tool });
    const vmRequest = one.kind === 'vm' ? one.request : one.vm;
    const vm = vmRequest === undefined ? undefined : (await provisioner.createVm(vmRequest).result).vm;
    if (one.kind === 'container') await (await provisioner.create(one.request).result).container.release();
    await vm?.stop();
    await expectNothingLeft(host, { provisioner, except: [/^disk\./, /^grant\.vmGroupAccess /] });
  },
);

describe('expectNothingLeft', () => {
  test('says what is left, by which step of which provision, and why', async () => {
    const { host, provisioner } = await setUp();
    host.inject({ call: 'layers.deactivate', when: 'before', every: true });
    host.inject({ call: 'compute.create', when: 'before' });
    const provision = provisioner.create(scenarios.processIsolated.request);
    await provision.result.catch(() => {});
    const message = await messageOf(expectNothingLeft(host, { provisioner }));
    expect(message).toContain('left on the host: activatedLayer C:\\scratch\\shop');
    expect(message).toContain(`acquired by mountingLayers of provision ${provision.id} (shop, needsHands)`);
    expect(message).toContain('in its ledger it is residue: its release was tried 3 times');
    expect(message).toContain('ERROR_ACCESS_DENIED');
  });

  test('says of what no ledger knows, and of what is gone', async () => {
    const { host } = await setUp();
    const lines = { snapshot: () => ['namespace n'] };
    expect(await messageOf(expectNothingLeft(lines))).toContain('no ledger knows of it');
    expect(await messageOf(expectNothingLeft(host, { before: ['namespace n'] }))).toBe(
      'gone, and not to be touched: namespace n',
    );
    await expectNothingLeft(lines, { except: [/^namespace/] });
  });
});

describe('run files', () => {
  test('are played as they were recorded, in their time', async () => {
    const { journal, provisioner, clock } = await setUp();
    const provision = provisioner.create(scenarios.processIsolated.request);
    const { container } = await provision.result;
    await container.release();
    const text = journal.runFile(provision.id);
    const states = statesOfRunFile(text);
    expect(states.at(-1)).toMatchObject({ status: 'released' });
    expect(states.map(({ status }) => status)).toContain('provisioned');
    const played: unknown[] = [];
    await new Promise<void>((complete) => {
      playRunFile(text, { clock }).subscribe({ next: (state) => void played.push(state), complete });
    });
    expect(played).toEqual(states);
    expect(() => statesOfRunFile(text.replace('provisioned', 'provisionex'))).toThrow('is not as it was written');
  });
});

describe('matchers', () => {
  test('pass and fail with words', async () => {
    const { host, provisioner } = await setUp();
    const { toFailAs, toHaveNothingLeft, toHold } = slipwayMatchers;
    expect((await toHaveNothingLeft(host)).pass).toBe(true);
    const { container } = await provisioner.create(scenarios.processIsolated.request).result;
    expect(toHold(container, 'namespace').pass).toBe(true);
    expect(toHold(container, 'utilityVm').pass).toBe(false);
    const left = await toHaveNothingLeft(host, { provisioner });
    expect(left.pass).toBe(false);
    expect(left.message()).toContain('acquired by creatingComputeSystem');
    const other = { ...scenarios.processIsolated.request, id: 'other' };
    const failed = await toFailAs(provisioner.create(other).result, 'endpoint-in-use', { step: 'networking' });
    expect([failed.pass, failed.message()]).toEqual([
      true,
      expect.stringContaining('it fails as endpoint-in-use in networking'),
    ]);
    expect((await toFailAs(Promise.resolve(), 'cancelled')).message()).toBe(
      'it should fail as cancelled, and succeeds',
    );
  });
});
