import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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
import { pretendedProcesses } from '../support/processes.ts';
import { removeFolder } from '../support/removeFolder.ts';
import { faultOf, fullRequest, fullSpec, hostOptions, SCRATCH_LEFT } from '../support/requests.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-runs-'));
});
afterEach(() => removeFolder(folder));

const RUN = provisionId('run-1');
const file = () => join(folder, `${RUN}.jsonl`);
const status = (at: string): RunRecord => ({ type: 'run.status', status: 'undoing', at });

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

  test('with a byte that is another one are a prefix of what was written, or refused', async () => {
    const store = fileLedgerStore(folder);
    const written = [status('erste'), status('zweite'), status('dritte')];
    for (const record of written) await store.append(RUN, record);
    const whole = readFileSync(file());
    let refused = 0;
    for (let at = 0; at < whole.length; at += 1) {
      for (const other of [0x00, 0x0a, (whole[at] ?? 0) ^ 1]) {
        const bytes = Buffer.from(whole);
        bytes[at] = other;
        if (bytes.equals(whole)) continue;
        writeFileSync(file(), bytes);
        const read = await fileLedgerStore(folder)
          .read(RUN)
          .catch((error: unknown) => error);
        if (read instanceof RunFileUnreadable) refused += 1;
        else expect(read).toEqual(written.slice(0, Array.isArray(read) ? read.length : -1));
      }
    }
    expect(refused).toBeGreaterThan(whole.length);
  });

  test('with a line that is gone, or in another place, are refused', async () => {
    const store = fileLedgerStore(folder);
    for (const at of ['1', '2', '3']) await store.append(RUN, status(at));
    const [header = '', one = '', two = '', three = ''] = readFileSync(file(), 'utf8').split('\n');
    for (const lines of [
      [header, two, three],
      [header, one, three],
      [header, two, one, three],
      [one, two, three],
    ]) {
      writeFileSync(file(), lines.map((line) => `${line}\n`).join(''));
      await expect(fileLedgerStore(folder).read(RUN)).rejects.toThrow(RunFileUnreadable);
    }
  });

  test.each([
    ['a line in the middle that is no JSON', 'broken\n{}\n', /does not begin with a header/],
    ['an older format', '{"type":"header","format":1}\n', /format 1 is not 2/],
    ['a newer format', '{"type":"header","format":7}\n', /newer version.*format 7/],
    [
      'a newer statechart',
      '{"type":"header","format":2,"machines":{"createContainer":99}}\n',
      /newer version.*version 99 of createContainer/,
    ],
    ['no header', '{"type":"run.status"}\n', /does not begin with a header/],
  ])('are refused with %s', async (_, text, reason) => {
    writeFileSync(file(), text);
    await expect(fileLedgerStore(folder).read(RUN)).rejects.toThrow(reason);
    await expect(fileLedgerStore(folder).append(RUN, status('1'))).rejects.toThrow(RunFileUnreadable);
    expect(readFileSync(file(), 'utf8')).toBe(text);
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
    const processes = pretendedProcesses();
    const first = await createProvisioner({
      host: shared,
      journal: store,
      clock: virtualClock(),
      processes: processes.named('first'),
    });
    shared.inject({ call: 'layers.prepare', when: 'neverAfterEffect' });
    const provision = first.create(fullRequest());
    const written = () => readFileSync(join(folder, `${provision.id}.jsonl`), 'utf8');
    const isStill = () => shared.pendingCalls > 0 && written().includes('"call":"layers.prepare"');
    // Who is dead does not write: the first one must have written all that it has to say by then.
    while (!isStill()) await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await createProvisioner({
      host: shared.attach(),
      journal: journal(),
      processes: processes.named('second'),
    });
    await expect(second.takeUp(provision.id)).rejects.toThrow(RunInProgress);
    processes.end('first');
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

test('a disk that takes half a line is written to again where that began', async () => {
  const limited = `
    import { fileLedgerStore } from '${new URL('../../dist/index.js', import.meta.url).pathname}';
    process.on('SIGXFSZ', () => {});
    const store = fileLedgerStore(${JSON.stringify(folder)});
    await store.append('run-1', { type: 'run.status', status: 'undoing', at: '1' });
    const error = await store.append('run-1', { type: 'run.status', status: 'undoing', at: 'x'.repeat(5000) }).catch((e) => e);
    await store.append('run-1', { type: 'run.status', status: 'undoing', at: '3' });
    console.log(error.code, error.message, error.hint);
  `;
  const script = join(folder, 'limited.mjs');
  writeFileSync(script, limited);
  // A file may have 2 KiB: the shell counts in units of 1024 bytes.
  const { stdout } = await promisify(execFile)('bash', ['-c', `ulimit -f 2; exec ${process.execPath} ${script}`]);
  expect(stdout).toMatch(
    /^journal-unwritable the journal cannot be written: .*run-1.jsonl: a file may not become so large/,
  );
  expect(await fileLedgerStore(folder).read(RUN)).toEqual([status('1'), status('3')]);
});

test('of many that want to have a run, one gets it', async () => {
  await fileLedgerStore(folder).append(RUN, status('1'));
  const takers = Array.from({ length: 10 }, (_, n) => String(n));
  const take = (process: string) =>
    fileLedgerStore(folder).amend(RUN, (records) =>
      records.some(({ type }) => type === 'run.takenUp') ? undefined : { type: 'run.takenUp', at: '2', process },
    );
  await Promise.all(takers.map(take));
  expect(await fileLedgerStore(folder).read(RUN)).toMatchObject([status('1'), { type: 'run.takenUp' }]);
});

test('who goes on with a run that another process has taken up is told so', async () => {
  const first = fileLedgerStore(folder);
  await first.append(RUN, status('1'));
  await fileLedgerStore(folder).amend(RUN, () => ({ type: 'run.takenUp', at: '2', process: 'another' }));
  await expect(first.append(RUN, status('3'))).rejects.toThrow(/another process has written into it/);
  expect(await first.read(RUN)).toHaveLength(2);
});

test('a run file tells the states and the calls of its run', async () => {
  const shared = simulatedHost(hostOptions());
  const provisioner = await createProvisioner({ host: shared, journal: fileLedgerStore(folder) });
  shared.inject({ call: 'network.addEndpoint', when: 'before' });
  const provision = provisioner.create(fullRequest());
  await faultOf(provision.result);
  const lines = readFileSync(join(folder, `${provision.id}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const read = lines.map((line): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>);
  expect(read[0]).toMatchObject({ type: 'header', format: 2, machines: { createContainer: 1, utilityVm: 1 } });
  expect(read).toContainEqual(
    expect.objectContaining({
      type: 'note.call',
      call: 'network.addEndpoint',
      failure: { hresult: '0x80070005', name: 'ERROR_ACCESS_DENIED' },
    }),
  );
  const paths = read.flatMap(({ type, path }) => (type === 'note.state' ? [path] : []));
  expect(paths).toContain('rollingBack');
  expect(paths.at(-1)).toBe('rolledBack');
});
