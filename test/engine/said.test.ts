import { describe, expect, test } from '@jest/globals';
import { STEPS, VM_STEPS } from '../../src/domain/step.ts';
import type { Provision, ProvisionEvent } from '../../src/index.ts';
import { type Scenario, type SimulatedHost, scenarios } from '../../src/testing/index.ts';
import { faultOf, fullRequest, idle, setUp } from '../support/requests.ts';

/** In a word or two; what host and ledger say is told elsewhere. */
function wordsOf(event: ProvisionEvent): readonly string[] {
  switch (event.type) {
    case 'release.started':
      return [`${event.type} ${event.purpose}`];
    case 'release.finished':
      return [`${event.type} ${event.purpose} ${event.residue}`];
    case 'step.failed':
    case 'step.outcomeUnknown':
      return [`${event.type} ${event.step} ${event.fault.code}`];
    case 'step.retrying':
      return [`${event.type} ${event.attempt} ${event.fault.code}`];
    case 'provision.cancelRequested':
      return [`${event.type} ${event.reason}`];
    case 'provision.held':
      return [`${event.type} ${event.fault.code}`];
    default:
      return /^(provision|lease|service)\./.test(event.type) ? [event.type] : [];
  }
}

async function listening(more: object = {}) {
  const { host, provisioner } = await setUp();
  const said: string[] = [];
  const create = (): Provision => {
    const provision = provisioner.create({ ...fullRequest(), ...more });
    provision.events$.subscribe((event) => said.push(...wordsOf(event)));
    return provision;
  };
  return { host, said, create };
}

/** Ends the hang, and lets everything come to its end. */
async function answered(host: SimulatedHost): Promise<void> {
  host.answerPending();
  await idle();
}

describe('what is said of a create', () => {
  test('that succeeds and is given back', async () => {
    const { create } = await listening();
    const { container } = await create().result;
    const said: string[] = [];
    container.events$.subscribe((event) => said.push(...wordsOf(event)));
    await container.release();
    expect(said).toEqual(['provision.completed', 'release.started release', 'release.finished release 0']);
  });

  test('that fails, and leaves residue that is tried again', async () => {
    const { host, said, create } = await listening();
    host.inject({ call: 'compute.create', when: 'before' });
    const heal = host.inject({ call: 'network.deleteNamespace', when: 'before', every: true });
    const fault = await faultOf(create().result);
    heal();
    expect((await fault.held?.release())?.residue).toEqual([]);
    expect(said).toEqual([
      'step.failed creatingComputeSystem access-denied',
      'release.started rollback',
      'release.finished rollback 1',
      'release.started rollback',
      'release.finished rollback 0',
    ]);
  });

  test('whose residue is waived', async () => {
    const { host, said, create } = await listening();
    host.inject({ call: 'compute.create', when: 'before' });
    host.inject({ call: 'network.deleteNamespace', when: 'before', every: true });
    const fault = await faultOf(create().result);
    const residue = fault.resources.find(({ state }) => state === 'residue');
    if (residue !== undefined) await fault.held?.waive(residue.id);
    expect(said.slice(2)).toEqual(['release.finished rollback 1', 'release.finished rollback 0']);
  });

  test('that is cancelled', async () => {
    const { said, create } = await listening();
    const provision = create();
    provision.state$.subscribe(({ step }) => step === 'creatingCredentials' && void provision.cancel('enough'));
    await faultOf(provision.result);
    expect(said).toEqual([
      'provision.cancelRequested enough',
      'release.started rollback',
      'release.finished rollback 0',
    ]);
  });

  test('whose layers are not ready, and are mounted again', async () => {
    const { host, said, create } = await listening();
    host.inject({ call: 'layers.activate', when: 'before', hresult: 0x80070015 });
    await create().result;
    expect(said).toEqual([expect.stringMatching(/^step.retrying 2 /), 'provision.completed']);
  });

  test('whose call does not answer, and answers after all', async () => {
    const { host, said, create } = await listening();
    host.inject({ call: 'credentials.addInstance', when: 'neverAfterEffect' });
    await faultOf(create().result);
    await answered(host);
    expect(said).toEqual([
      'step.outcomeUnknown creatingCredentials deadline-exceeded',
      'release.started rollback',
      'release.finished rollback 1',
      'release.started rollback',
      'release.finished rollback 0',
    ]);
  });

  test('whose resources are kept beside a call that does not answer, and are given back', async () => {
    const { host, said, create } = await listening({ keepOnFailure: true });
    host.inject({ call: 'credentials.addInstance', when: 'neverAfterEffect' });
    const fault = await faultOf(create().result);
    await fault.held?.release();
    await answered(host);
    expect(said).toEqual([
      'step.outcomeUnknown creatingCredentials deadline-exceeded',
      'provision.held deadline-exceeded',
      'release.started rollback',
      'release.finished rollback 1',
      'release.started rollback',
      'release.finished rollback 0',
    ]);
  });
});

describe('what is said of the steps', () => {
  const DONE = 'started finished';

  async function begin(scenario: Scenario) {
    if (scenario.kind === 'vm') return (await setUp(scenario.host)).provisioner.createVm(scenario.request);
    const { host, request, vm, deviceUtil } = scenario;
    const { provisioner } = await setUp(host, deviceUtil === undefined ? {} : { deviceUtil });
    if (vm !== undefined) await provisioner.createVm(vm).result;
    return provisioner.create(request);
  }

  /** By step what is said of it, in turn, and at last that all is there. */
  async function stepsOf(scenario: Scenario) {
    const said = new Map<string, string>();
    const provision = await begin(scenario);
    provision.events$.subscribe((event) => {
      if (event.type === 'provision.completed') said.set('all', 'completed');
      const [, what] = /^step\.(started|finished|skipped)$/.exec(event.type) ?? [];
      if (what !== undefined && 'step' in event) said.set(event.step, [said.get(event.step), what].join(' ').trim());
    });
    await provision.result;
    await idle(60);
    return said;
  }

  async function toldOf(kind: Scenario['kind']) {
    const seen = new Map<string, Set<string>>();
    for (const scenario of Object.values(scenarios).filter((one: Scenario) => one.kind === kind)) {
      for (const [step, what] of await stepsOf(scenario)) seen.set(step, (seen.get(step) ?? new Set()).add(what));
    }
    return Object.fromEntries([...seen].map(([step, whats]) => [step, [...whats].toSorted()]));
  }

  const expected = (steps: readonly string[], always: readonly string[]) => ({
    ...Object.fromEntries(steps.map((step) => [step, always.includes(step) ? [DONE] : ['skipped', DONE]])),
    all: ['completed'],
  });

  test('each has begun and ended, or was skipped, in every scenario of a container', async () => {
    const always = ['initializing', 'validating', 'documenting', 'creatingComputeSystem'];
    expect(await toldOf('container')).toEqual(expected(STEPS, always));
  });

  test('and of a VM', async () => {
    const always = VM_STEPS.filter((step) => step !== 'preparing');
    expect(await toldOf('vm')).toEqual(expected(VM_STEPS, always));
  });
});
