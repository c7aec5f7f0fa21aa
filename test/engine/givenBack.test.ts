import { describe, expect, test } from '@jest/globals';
import type { Patience } from '../../src/domain/deadlines.ts';
import { isAlive } from '../../src/index.ts';
import { until } from '../support/lives.ts';
import { faultOf, fullRequest, idle, setUp } from '../support/requests.ts';
import { setUpVms, VM_REQUESTS } from '../support/vmRuns.ts';

/** Two creates whose call hangs after it took effect; what they had acquired is kept at their deadline. */
const HELD = {
  'a container': async (patience: Partial<Patience> = {}) => {
    const { host, provisioner } = await setUp({}, { patience });
    host.inject({ call: 'credentials.addInstance', when: 'neverAfterEffect' });
    return { host, provision: provisioner.create({ ...fullRequest(), keepOnFailure: true }) };
  },
  'a VM': async (patience: Partial<Patience> = {}) => {
    const { host, provisioner } = await setUpVms({}, { patience });
    host.inject({ call: 'compute.create', when: 'neverAfterEffect' });
    return { host, provision: provisioner.createVm(VM_REQUESTS.windows, { keepOnFailure: true }) };
  },
} as const;

describe.each(Object.entries(HELD))('what is kept of %s beside a call that hangs', (_, hold) => {
  test('is given back, and nothing of it is kept a second time when the call answers', async () => {
    const { host, provision } = await hold();
    const fault = await faultOf(provision.result);
    expect(provision.state.status).toBe('held');
    const residue = (await fault.held?.release())?.residue ?? [];
    expect(residue.map(({ fault: why }) => why?.code)).toEqual(['outcome-unknown']);
    expect(provision.state.status).toBe('needsHands');
    host.answerPending();
    await idle();
    expect({ status: provision.state.status, left: host.snapshot() }).toEqual({ status: 'failed', left: [] });
  });

  test('stays held when the call answers first', async () => {
    const { host, provision } = await hold();
    const fault = await faultOf(provision.result);
    host.answerPending();
    await idle();
    expect(provision.state.status).toBe('held');
    expect(fault.resources.filter(isAlive)).not.toEqual([]);
    expect(host.snapshot()).not.toEqual([]);
    expect((await fault.held?.release())?.residue).toEqual([]);
    expect(host.snapshot()).toEqual([]);
  });

  test('is released when its lease is over, and nothing of it is kept a second time', async () => {
    const { host, provision } = await hold({ leaseMs: 1 });
    const said: string[] = [];
    provision.events$.subscribe(({ type }) => said.push(type));
    await faultOf(provision.result);
    await until(() => provision.state.status === 'needsHands');
    host.answerPending();
    await until(() => provision.state.status === 'failed');
    expect(host.snapshot()).toEqual([]);
    expect(said.filter((type) => type === 'lease.expired' || type === 'provision.held')).toEqual([
      'provision.held',
      'lease.expired',
    ]);
  });
});

test('what a failed create was told to keep is released when its lease is over', async () => {
  const { host, provisioner } = await setUp({}, { patience: { leaseMs: 1 } });
  host.inject({ call: 'compute.create', when: 'before' });
  const provision = provisioner.create({ ...fullRequest(), keepOnFailure: true });
  const said: string[] = [];
  provision.events$.subscribe(({ type }) => said.push(type));
  await faultOf(provision.result);
  await until(() => provision.state.status === 'failed');
  expect(host.snapshot()).toEqual([]);
  expect(
    said.slice(said.indexOf('provision.held')).filter((type) => /^(provision|lease|release)\./.test(type)),
  ).toEqual(['provision.held', 'lease.expired', 'release.started', 'release.finished']);
});
