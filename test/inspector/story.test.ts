import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createProvisioner,
  fileLedgerStore,
  isAlive,
  type LedgerEntry,
  memoryVmStore,
  type Provision,
  type VmProvision,
} from '../../src/index.ts';
import type { Story } from '../../src/inspector/story/story.ts';
import { storyOf } from '../../src/inspector/story/storyBuilder.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { loadCases } from '../conformance/case.ts';
import { describeHost, inTime, optionsOf, provisionerOn, requestOf } from '../conformance/runCase.ts';
import { linesOfFile, linesOfRuns } from '../support/inspecting.ts';
import { removeFolder } from '../support/removeFolder.ts';
import { faultOf, fullRequest, hostOptions, idle, setUp } from '../support/requests.ts';
import { setUpVms, VM_KINDS, VM_REQUESTS } from '../support/vmRuns.ts';

function told(story: Story | undefined): Story {
  if (story === undefined) throw new Error('the lines do not tell what the run is about');
  return story;
}

/** What the engine itself says of the run must be what its lines tell. */
function expectToTellOf(story: Story, { state, why }: Pick<Provision | VmProvision, 'state' | 'why'>, alive: number) {
  expect(story).toMatchObject({ id: state.provisionId, systemId: state.containerId, status: state.status });
  expect(story).toMatchObject({ path: state.path, step: state.step });
  const plain = (steps: Story['steps']) =>
    steps.map(({ step, status, reason, retries }) => ({ step, status, reason, retries }));
  expect(plain(story.steps)).toEqual(plain(state.steps));
  expect(story.failure?.code).toBe(state.fault?.code);
  expect(story.failure?.message).toBe(state.fault?.message);
  expect({ for: story.waiting.for, what: story.waiting.what }).toEqual({ for: why().for, what: why().what });
  expect(story.left).toHaveLength(alive);
  expect(story.visits.at(-1)).toMatchObject({ path: state.path, leftMs: null });
}

const bound = (provision: Provision | VmProvision) => ({ state: provision.state, why: () => provision.why() });

/** A run that fails at its last step. */
async function withoutSystem() {
  const { host, provisioner } = await setUp();
  const lines = linesOfRuns(provisioner);
  host.inject({ call: 'compute.create', when: 'before' });
  const provision = provisioner.create(fullRequest());
  await faultOf(provision.result);
  await idle();
  return { provision, lines };
}

describe('the story of a run', () => {
  test('that comes to its end has its document, without secrets, and nothing that failed', async () => {
    const { provisioner } = await setUp();
    const lines = linesOfRuns(provisioner);
    const provision = provisioner.create(fullRequest());
    const { resources } = await provision.result;
    await idle();
    const story = told(storyOf(lines.get(provision.id) ?? []));
    expectToTellOf({ ...story, id: provision.id }, bound(provision), resources.length);
    expect(story.failure).toBeNull();
    expect(JSON.stringify(story.document)).toContain('[redacted]');
    expect(story.document).toMatchObject({ SchemaVersion: { Major: 2 }, Container: { Storage: {} } });
    expect(story.resources.every(({ history }) => history.every(({ atMs }) => atMs !== null))).toBe(true);
    expect(story.resources.map(({ history }) => history.map(({ state }) => state))).toEqual(
      resources.map(() => ['intended', 'held']),
    );
    // What is looked for before it is made is not there.
    expect(
      story.calls.every(({ durationMs, failure }) => durationMs !== null && (failure?.class ?? 'gone') === 'gone'),
    ).toBe(true);
  });

  test('that fails says what, why, what to do, and what became of everything', async () => {
    const { provision, lines } = await withoutSystem();
    const story = told(storyOf(lines.get(provision.id) ?? []));
    expectToTellOf({ ...story, id: provision.id }, bound(provision), 0);
    expect(story.failure).toMatchObject({
      step: 'creatingComputeSystem',
      resource: 'compute system web-1',
      host: { call: 'compute.create', name: 'ERROR_ACCESS_DENIED', hresult: '0x80070005' },
    });
    expect(story.failure?.host?.advice).not.toBe('');
    expect(story.visits.map(({ path }) => path)).toContain('rollingBack');
    expect(story.steps.find(({ step }) => step === 'installingDrivers')).toMatchObject({
      status: 'skipped',
      reason: 'there is no hosting VM to install drivers in',
    });
    const failing = story.happenings.find(({ tone, kind }) => kind === 'call' && tone === 'bad');
    expect(failing).toMatchObject({ type: 'call.answered', code: { name: 'ERROR_ACCESS_DENIED' } });
    expect(story.resources.every(({ state }) => state === 'released' || state === 'handedOver')).toBe(true);
    expect(story.happenings.map(({ text }) => text)).toContain('the rollback is over: nothing is left');
  });

  test('tells of what is tried again, and when', async () => {
    const { host, provisioner } = await setUp();
    const lines = linesOfRuns(provisioner);
    host.inject({ call: 'layers.activate', when: 'before', hresult: 0x80070015 });
    const provision = provisioner.create(fullRequest());
    await provision.result;
    await idle();
    const story = told(storyOf(lines.get(provision.id) ?? []));
    const [retry] = story.retries;
    expect(retry).toMatchObject({ step: 'mountingLayers', attempt: 2 });
    expect((retry?.nextMs ?? 0) - (retry?.atMs ?? 0)).toBeCloseTo(100);
    expect(story.visits.some(({ path }) => path.endsWith('waitingToRetry'))).toBe(true);
  });

  test('names what could not be released, with the last error and how to look at it', async () => {
    const { host, provisioner } = await setUp();
    const lines = linesOfRuns(provisioner);
    host.inject({ call: 'compute.create', when: 'before' });
    host.inject({ call: 'layers.deactivate', when: 'before', every: true });
    const provision = provisioner.create(fullRequest());
    await faultOf(provision.result);
    await idle();
    const story = told(storyOf(lines.get(provision.id) ?? []));
    expect(story.status).toBe('needsHands');
    expect(story.waiting.for).toBe('decision');
    const residue = story.left.find(({ kind }) => kind === 'activatedLayer');
    expect(residue).toMatchObject({ state: 'residue', attempts: 3, code: { name: 'ERROR_ACCESS_DENIED' } });
    expect(residue?.error).toContain('layers.deactivate');
    expect(residue?.commands.length).toBeGreaterThan(0);
  });

  test('says which call it waits for, and that a resource is being released', async () => {
    const clock = virtualClock();
    const host = simulatedHost({ ...hostOptions(), clock });
    const provisioner = await createProvisioner({ host, clock });
    const lines = linesOfRuns(provisioner);
    host.inject({ call: 'compute.create', when: 'before' });
    host.inject({ call: 'layers.deactivate', when: 'never' });
    const provision = provisioner.create(fullRequest());
    await idle(200);
    const story = told(storyOf(lines.get(provision.id) ?? []));
    expectToTellOf({ ...story, id: provision.id }, bound(provision), story.left.length);
    expect(story.resources.find(({ kind }) => kind === 'activatedLayer')?.state).toBe('releasing');
    expect(story.waiting).toMatchObject({ for: 'call', what: expect.stringContaining('layers.deactivate') });
    const pending = story.calls.filter(({ durationMs }) => durationMs === null);
    expect(pending.map(({ call }) => call)).toEqual(['layers.deactivate']);
  });

  test.each(VM_KINDS)('of a %s VM tells the same as the VM', async (kind) => {
    const { provisioner } = await setUpVms();
    const lines = linesOfRuns(provisioner);
    const provision = provisioner.createVm(VM_REQUESTS[kind]);
    const { vm, resources } = await provision.result;
    await idle();
    const story = told(storyOf(lines.get(provision.id) ?? []));
    expectToTellOf({ ...story, id: provision.id }, bound(provision), resources.length);
    expect(story.document).toMatchObject({ VirtualMachine: {} });
    await vm.stop();
    await idle();
    expect(told(storyOf(lines.get(provision.id) ?? []))).toMatchObject({ status: 'released', left: [] });
  });
});

describe('from a run file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-story-'));
  });
  afterEach(() => removeFolder(folder));

  test('the story is the one that was told while the run went on', async () => {
    // By the clock on the wall: a virtual one does not wait for a disk.
    const host = simulatedHost(hostOptions());
    const provisioner = await createProvisioner({ host, journal: fileLedgerStore(folder) });
    const lines = linesOfRuns(provisioner);
    host.inject({ call: 'layers.prepare', when: 'before', hresult: 0x80070015 });
    host.inject({ call: 'compute.create', when: 'after' });
    host.inject({ call: 'network.removeEndpoint', when: 'before', every: true });
    const provision = provisioner.create(fullRequest());
    await faultOf(provision.result);
    await idle();
    const live = told(storyOf(lines.get(provision.id) ?? []));
    const file = told(storyOf(linesOfFile(join(folder, `${provision.id}.jsonl`))));
    expect(file.id).toBe(provision.id);
    const { happenings: _file, id: _fileId, ...ofFile } = file;
    const { happenings: _live, id: _liveId, ...ofLive } = live;
    expect(ofFile).toEqual(ofLive);
    const sorted = ({ happenings }: Story) => happenings.map(({ text, atMs }) => `${atMs} ${text}`).sort();
    expect(sorted(file)).toEqual(sorted(live));
    expect(file.left.map(({ kind, state }) => [kind, state])).toContainEqual(['namespaceEndpoint', 'residue']);
  });

  test('a process that is gone has left it interrupted', async () => {
    const { provisioner } = await setUp();
    const lines = linesOfRuns(provisioner);
    const provision = provisioner.create(fullRequest());
    await provision.result;
    const all = lines.get(provision.id) ?? [];
    const half = all.slice(0, all.length / 2);
    expect(storyOf(half, true)).toMatchObject({ status: 'interrupted', waiting: { for: 'nothing' } });
    expect(storyOf(half)).toMatchObject({ status: 'provisioning' });
  });

  test('a file of an older version, without the newer notes, is told as far as it goes', async () => {
    const { provision, lines } = await withoutSystem();
    const newer = ['note.callStarted', 'note.event', 'note.resource', 'note.document', 'note.limits'];
    const old = (lines.get(provision.id) ?? []).filter(({ type }) => !newer.includes(type));
    const story = told(storyOf(old));
    expect(story.failure?.host?.call).toBe('compute.create');
    expect(story.calls.length).toBeGreaterThan(20);
    expect(story.visits.at(-1)?.path).toBe('rolledBack');
    expect(story.left).toEqual([]);
  });
});

test('the recorded cases are told as their runs say of themselves', async () => {
  const cases = loadCases(new URL('../conformance/cases', import.meta.url).pathname);
  expect(cases.length).toBeGreaterThan(20);
  // Each takes its time; parity runs all of them.
  for (const one of cases.filter((_, n) => n % 5 === 0)) {
    const clock = virtualClock({ autoAdvance: true });
    const options = {
      ...optionsOf(one),
      host: simulatedHost({ ...describeHost(one), clock }),
      clock,
      vms: memoryVmStore(),
    };
    const provisioner = await provisionerOn(one, options);
    const lines = linesOfRuns(provisioner);
    const provision = provisioner.create(requestOf(one.request, 'spare'));
    await inTime(provision.result.catch(() => {}));
    await idle();
    let entries: readonly LedgerEntry[] = [];
    provision.resources$.subscribe((now) => {
      entries = now;
    });
    const story = told(storyOf(lines.get(provision.id) ?? []));
    expectToTellOf({ ...story, id: provision.id }, bound(provision), entries.filter(isAlive).length);
    expect(story.resources.map(({ id, state }) => [id, state])).toEqual(entries.map(({ id, state }) => [id, state]));
  }
});
