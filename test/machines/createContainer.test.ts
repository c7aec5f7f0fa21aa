import { describe, expect, test } from '@jest/globals';
import { createActor, createMachine, type InspectionEvent, sendTo, waitFor } from 'xstate';
import { hostActors, provisionId } from '../../src/index.ts';
import { createContainer } from '../../src/machines/index.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { fullSpec, hostOptions, plainSpec } from '../support/requests.ts';

describe('createContainer under a plain createActor', () => {
  test('provisions and releases on a host, with an inspector', async () => {
    const host = simulatedHost(hostOptions());
    const inspected: InspectionEvent[] = [];
    const actor = createActor(createContainer.provide({ actors: hostActors({ host }) }), {
      input: { provisionId: provisionId('run-1'), request: { id: 'web-1', spec: fullSpec() } },
      inspect: (event) => inspected.push(event),
    });
    const steps: string[] = [];
    actor.on('step.started', ({ step }) => steps.push(step));
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.hasTag('provisioned'));
    expect(host.snapshot()).toContain('computeSystem web-1');
    expect(steps).toContain('creatingComputeSystem');
    actor.send({ type: 'resources.release' });
    const end = await waitFor(actor, (snapshot) => snapshot.status === 'done');
    expect(end.output).toEqual({ kind: 'released' });
    expect(inspected.some((event) => event.type === '@xstate.microstep')).toBe(true);
  });

  test('without actors it fails with their name', async () => {
    const actor = createActor(createContainer, {
      input: { provisionId: provisionId('run-1'), request: { spec: plainSpec() } },
    }).start();
    const settled = await waitFor(actor, (snapshot) => snapshot.hasTag('settled') || snapshot.status === 'done');
    expect(settled.context.fault?.message).toContain("'initialize' was not provided");
  });

  test('its context is plain JSON', async () => {
    const host = simulatedHost(hostOptions());
    const actor = createActor(createContainer.provide({ actors: hostActors({ host }) }), {
      input: { provisionId: provisionId('run-1'), request: { id: 'web-1', spec: fullSpec() } },
    }).start();
    const { context } = await waitFor(actor, (snapshot) => snapshot.hasTag('provisioned'));
    expect(JSON.parse(JSON.stringify(context))).toEqual(context);
  });
});

const isProvisioned = (tags: unknown): boolean => tags instanceof Set && tags.has('provisioned');

test('createContainer embedded in another machine', async () => {
  const host = simulatedHost(hostOptions());
  const pod = createMachine({
    initial: 'creating',
    invoke: {
      id: 'container',
      src: createContainer.provide({ actors: hostActors({ host }) }),
      input: { provisionId: provisionId('run-1'), request: { id: 'web-1', spec: plainSpec() } },
      onSnapshot: [
        { guard: ({ event }) => 'tags' in event.snapshot && isProvisioned(event.snapshot.tags), target: '.ready' },
      ],
      onDone: '.gone',
    },
    states: {
      creating: {},
      ready: { on: { drain: { target: 'draining', actions: sendTo('container', { type: 'resources.release' }) } } },
      draining: {},
      gone: {},
    },
  });
  const actor = createActor(pod).start();
  await waitFor(actor, (snapshot) => snapshot.matches('ready'));
  expect(host.snapshot()).toContain('computeSystem web-1');
  actor.send({ type: 'drain' });
  await waitFor(actor, (snapshot) => snapshot.matches('gone'));
  expect(host.snapshot()).toEqual(['disk.scratchLayer C:\\scratch\\plain']);
});
