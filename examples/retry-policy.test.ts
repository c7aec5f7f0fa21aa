/**
 * A policy of one's own, and the test of it: a create that failed for a reason that may pass is tried again, with longer
 * and longer pauses; one that can never work is not. The clock is virtual, so that minutes pass at once, and the host
 * fails when it is told to. Run it with `node --test`; nothing of a test runner is needed beyond that.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Clock,
  type CreateRequest,
  createProvisioner,
  type Provisioned,
  type Provisioner,
  ProvisionFault,
} from 'slipway';
import { expectNothingLeft, simulatedHost, virtualClock } from 'slipway/testing';

interface RetryPolicy {
  readonly attempts: number;
  readonly firstPauseMs: number;
  readonly clock: Clock;
}

async function createPersistently(
  provisioner: Provisioner,
  request: CreateRequest,
  policy: RetryPolicy,
): Promise<Provisioned> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await provisioner.create(request).result;
    } catch (error) {
      // What is left on the host would be in the way of the next try: that is for people.
      const isWorthIt = error instanceof ProvisionFault && error.fault.transient && error.held === undefined;
      if (!isWorthIt || attempt === policy.attempts) throw error;
      const pauseMs = policy.firstPauseMs * 2 ** (attempt - 1);
      await new Promise<void>((resolve) => policy.clock.setTimeout(resolve, pauseMs));
    }
  }
}

const request = { id: 'web-1', spec: { windows: { layerFolders: ['C:\\layers\\base', 'C:\\scratch\\web-1'] } } };
const [ERROR_NOT_READY, E_ACCESSDENIED] = [0x80070015, 0x80070005];

async function setUp() {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ clock });
  const provisioner = await createProvisioner({ host, clock });
  return { host, provisioner, policy: { attempts: 4, firstPauseMs: 60_000, clock } };
}

const makesOf = (calls: readonly { readonly call: string }[]): number =>
  calls.filter(({ call }) => call === 'compute.create').length;

test('what may pass is tried again, after pauses that grow', async () => {
  const { host, provisioner, policy } = await setUp();
  for (const _ of [1, 2]) host.inject({ call: 'compute.create', when: 'before', hresult: ERROR_NOT_READY });
  const begun = policy.clock.now();
  const { container } = await createPersistently(provisioner, request, policy);
  assert.equal(makesOf(host.calls), 3);
  assert.ok(policy.clock.now() - begun >= 60_000 + 120_000);
  await container.release();
  await expectNothingLeft(host, { provisioner, except: [/^disk\./] });
});

test('what cannot work is not', async () => {
  const { host, provisioner, policy } = await setUp();
  host.inject({ call: 'compute.create', when: 'before', hresult: E_ACCESSDENIED });
  await assert.rejects(createPersistently(provisioner, request, policy), { code: 'access-denied' });
  assert.equal(makesOf(host.calls), 1);
  await expectNothingLeft(host, { provisioner });
});

test('it gives up after so many attempts, with the last fault, and nothing is left', async () => {
  const { host, provisioner, policy } = await setUp();
  host.inject({ call: 'compute.create', when: 'before', hresult: ERROR_NOT_READY, every: true });
  await assert.rejects(createPersistently(provisioner, request, policy), { code: 'host-call-failed' });
  assert.equal(makesOf(host.calls), 4);
  await expectNothingLeft(host, { provisioner });
});
