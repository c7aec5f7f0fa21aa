import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createProvisioner,
  fileLedgerStore,
  provisionId,
  RunFileUnreadable,
  RunInProgress,
  type RunRecord,
  RunUnknown,
} from '../../src/index.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { faultOf, fullRequest, fullSpec, hostOptions, SCRATCH_LEFT } from '../support/requests.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const RUN = provisionId('run-1');
const file = () => join(folder, `${RUN}.jsonl`);
const status = (at: string): RunRecord => ({ type: 'run.status', status: 'undoing', at });

/** Made on another host by a process that is gone. */
function endItsProcess(run: string): void {
  const path = join(folder, `${run}.jsonl`);
  writeFileSync(path, readFileSync(path, 'utf8').replace(`"process":"${process.pid}@`, '"process":"99999999@'));
}

describe('runs in files', () => {
  test('are read as they were appended, in this process and in others', async () => {
    const store = fileLedgerStore(folder);
    await Promise.all([store.append(RUN, status('1')), store.append(RUN, status('2')), store.append(RUN, status('3'))]);
    expect(await fileLedgerStore(folder).read(RUN)).toEqual([status('1'), status('2'), status('3')]);
    expect(await store.runs()).toEqual([RUN]);
    expect(await fileLedgerStore(join(folder, 'nowhere')).runs()).toEqual([]);
    expect(await store.read(provisionId('other'))).toEqual([]);
  });

  test('cut anywhere are a prefix of what was written, and go on from there', async () => {
    const store = fileLedgerStore(folder);
    await store.append(RUN, status('erste'));
    await store.append(RUN, status('zweite'));
    const whole = readFileSync(file());
    for (let cut = 0; cut <= whole.length; cut += 1) {
      writeFileSync(file(), whole.subarray(0, cut));
      const read = await fileLedgerStore(folder).read(RUN);
      expect([status('erste'), status('zweite')].slice(0, read.length)).toEqual(read);
      await fileLedgerStore(folder).append(RUN, status('next'));
      expect(await fileLedgerStore(folder).read(RUN)).toEqual([...read, status('next')]);
    }
  });

  test.each([
    ['a line in the middle that is no JSON', 'broken\n{}\n'],
    ['a format that is not known', '{"type":"header","format":7}\n'],
    ['no header', '{"type":"run.status"}\n'],
  ])('are refused with %s', async (_, text) => {
    writeFileSync(file(), text);
    await expect(fileLedgerStore(folder).read(RUN)).rejects.toThrow(RunFileUnreadable);
    const provisioner = await createProvisioner({ host: simulatedHost(), journal: fileLedgerStore(folder) });
    expect(await provisioner.runs()).toMatchObject({ runs: [], unreadable: { length: 1 } });
  });
});

describe('a run of another process', () => {
  const host = () => simulatedHost(hostOptions());
  const journal = () => fileLedgerStore(folder);

  test('that was provisioned is taken up as it is, and given back', async () => {
    const shared = host();
    const first = await createProvisioner({ host: shared, journal: journal() });
    const { id, result } = first.create({ ...fullRequest(), lifetime: 'host' });
    await result;
    const second = await createProvisioner({ host: shared.attach(), journal: journal() });
    shared.end();
    const { container, resources } = await (await second.takeUp(id)).result;
    expect(container.id).toBe('web-1');
    expect(resources.every(({ state }) => state === 'held')).toBe(true);
    expect(await container.release()).toMatchObject({ residue: [] });
    expect(shared.snapshot()).toEqual(SCRATCH_LEFT);
    expect((await first.runs()).runs).toMatchObject([{ provisionId: id, status: 'released', containerId: 'web-1' }]);
  });

  test('that was held keeps its fault and its resources', async () => {
    const shared = host();
    const first = await createProvisioner({ host: shared, journal: journal() });
    shared.inject({ call: 'compute.create', when: 'before' });
    const provision = first.create({ ...fullRequest(), keepOnFailure: true });
    const before = await faultOf(provision.result);
    const second = await createProvisioner({ host: shared.attach(), journal: journal() });
    const after = await faultOf((await second.takeUp(provision.id)).result);
    expect(after.fault).toEqual(before.fault);
    expect(after.resources).toEqual(before.resources);
    expect(await after.held?.release()).toMatchObject({ residue: [] });
    expect(shared.snapshot()).toEqual([]);
  });

  test('that has left residue is tried again', async () => {
    const shared = host();
    const first = await createProvisioner({ host: shared, journal: journal() });
    const provision = first.create({ ...fullRequest(), lifetime: 'host' });
    const { container } = await provision.result;
    const mend = shared.inject({ call: 'layers.unprepare', when: 'before', every: true });
    expect(await container.release()).toMatchObject({ residue: { length: 2 } });
    mend();
    const second = await createProvisioner({ host: shared.attach(), journal: journal() });
    const { state$, result } = await second.takeUp(provision.id);
    expect(await result.catch((error: unknown) => error)).toBeDefined();
    expect(state$).toBeDefined();
    const [summary] = (await second.runs()).runs;
    expect(summary).toMatchObject({ status: 'needsHands', wasProvisioned: true });
  });

  test('that was interrupted is rolled back', async () => {
    const shared = host();
    const store = journal();
    // Its clock stands still: the call that never answers keeps no timer that would outlive the test.
    const first = await createProvisioner({ host: shared, journal: store, clock: virtualClock() });
    shared.inject({ call: 'layers.prepare', when: 'neverAfterEffect' });
    const provision = first.create(fullRequest());
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(shared.pendingCalls).toBe(1);
    const second = await createProvisioner({ host: shared.attach(), journal: journal() });
    await expect(second.takeUp(provision.id)).rejects.toThrow(RunInProgress);
    endItsProcess(provision.id);
    const fault = await faultOf((await second.takeUp(provision.id)).result);
    expect(fault).toMatchObject({ code: 'interrupted', held: undefined });
    expect(shared.snapshot()).toEqual([]);
  });

  test('that is not in the journal is not made up', async () => {
    const provisioner = await createProvisioner({ host: host(), journal: journal() });
    await expect(provisioner.takeUp(provisionId('nobody'))).rejects.toThrow(RunUnknown);
  });

  test('is told without the secrets of its request', async () => {
    const provisioner = await createProvisioner({ host: host(), journal: journal() });
    const spec = { ...fullSpec(), process: { env: ['PASSWORD=hunter2'] } };
    const { id, result } = provisioner.create({ id: 'web-1', spec });
    await result;
    const text = readFileSync(join(folder, `${id}.jsonl`), 'utf8');
    expect(text).toContain('PASSWORD=[redacted]');
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('of the account');
  });
});

test('a torn line of a run does not hide the others', async () => {
  const store = fileLedgerStore(folder);
  await store.append(RUN, status('1'));
  appendFileSync(file(), '{"type":"run.st');
  expect(await fileLedgerStore(folder).read(RUN)).toEqual([status('1')]);
});
