import { describe, expect, test } from '@jest/globals';
import { createActor, waitFor } from 'xstate';
import { provisionId, vmHostActors } from '../../src/index.ts';
import { utilityVm } from '../../src/machines/index.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { LEFT_OF, VM_KINDS, VM_REQUESTS, type VmKind, vmHost } from '../support/vmRuns.ts';

function start(kind: VmKind) {
  const host = simulatedHost(vmHost());
  const actor = createActor(utilityVm.provide({ actors: vmHostActors({ host }) }), {
    input: { provisionId: provisionId('run-1'), request: VM_REQUESTS[kind] },
  });
  const emitted: string[] = [];
  actor.on('*', ({ type }) => emitted.push(type));
  actor.start();
  return { host, actor, emitted };
}

describe.each(VM_KINDS)('utilityVm of a %s VM under a plain createActor', (kind) => {
  test('runs until it is stopped', async () => {
    const { host, actor } = start(kind);
    await waitFor(actor, (snapshot) => snapshot.matches('running'));
    expect(host.snapshot()).toContain('utilityVm vm-1');
    actor.send({ type: 'vm.stop' });
    expect(actor.getSnapshot().matches('stopping')).toBe(true);
    const end = await waitFor(actor, (snapshot) => snapshot.status === 'done');
    expect(end.value).toBe('stopped');
    expect(end.output).toEqual({ kind: 'released' });
    expect(host.snapshot()).toEqual(LEFT_OF[kind]);
  });

  test('that is said to have ended by itself releases what it stood on', async () => {
    const { host, actor, emitted } = start(kind);
    await waitFor(actor, (snapshot) => snapshot.matches('running'));
    actor.send({ type: 'vm.exited', reason: 'the guest has crashed' });
    const end = await waitFor(actor, (snapshot) => snapshot.status === 'done');
    expect(end.output).toEqual({ kind: 'exited', reason: 'the guest has crashed' });
    expect(emitted).toContain('vm.exited');
    expect(host.snapshot()).toEqual(LEFT_OF[kind]);
  });

  test('has a context that is plain JSON', async () => {
    const { actor } = start(kind);
    const { context } = await waitFor(actor, (snapshot) => snapshot.matches('running'));
    expect(JSON.parse(JSON.stringify(context))).toEqual(context);
  });
});

test('utilityVm without actors fails with their name', async () => {
  const actor = createActor(utilityVm, {
    input: { provisionId: provisionId('run-1'), request: VM_REQUESTS.linux },
  }).start();
  const end = await waitFor(actor, (snapshot) => snapshot.hasTag('needsHands') || snapshot.status === 'done');
  expect(end.context.fault?.message).toContain("'initialize' was not provided");
});
