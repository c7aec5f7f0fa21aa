import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hostOfEachTest } from '../support/hostFolder.ts';
import { ROOT, slipway, startSlipway } from '../support/slipway.ts';

const at = hostOfEachTest();

const WEB = ['--bundle', join(ROOT, 'examples/web')];
const STRANGER = '77777777-7777-4777-8777-777777777777';
const on = (...args: readonly string[]) => slipway([...args, '--host', at.host]);
const json = (text: string): unknown => JSON.parse(text);
const jsonLines = (text: string): unknown[] => text.split('\n').filter(Boolean).map(json);
const runFiles = () => readdirSync(join(at.folder, 'runs')).map((file) => join(at.folder, 'runs', file));
const filesNow = () => [join(at.folder, 'host.json'), ...runFiles()].map((file) => [file, readFileSync(file, 'utf8')]);

interface KeptHost {
  readonly systems: unknown[];
  readonly namespaces: Array<[string, { readonly id: string; readonly endpoints: string[] }]>;
  readonly layers: unknown[];
  readonly credentialGuards: unknown[];
  readonly madeScratches: unknown[];
}

const keptOn = () => json(readFileSync(join(at.folder, 'host.json'), 'utf8')) as KeptHost;
const NOTHING = { systems: [], namespaces: [], layers: [], credentialGuards: [] };

/** Kills a create with SIGKILL in the middle, when it has said that. */
async function killCreate(id: string, after = '✓ creatingScratch'): Promise<void> {
  const child = startSlipway(['create', id, ...WEB, '--host', at.host, '--latency', '200']);
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (out.includes(after)) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(out).toContain(after);
}

/** Somebody else's endpoint comes into the namespaces that were made, or leaves them: they cannot be deleted with it. */
function changeNamespaces(change: (endpoints: readonly string[]) => readonly string[]): void {
  const kept = keptOn();
  const namespaces = kept.namespaces.map(([key, value]) => [key, { ...value, endpoints: change(value.endpoints) }]);
  writeFileSync(join(at.folder, 'host.json'), JSON.stringify({ ...kept, namespaces }));
}

const occupy = () => changeNamespaces((endpoints) => [...endpoints, STRANGER]);
const vacate = () => changeNamespaces((endpoints) => endpoints.filter((id) => id !== STRANGER));

/** A container whose namespace could not be released: gives the id of that residue. */
async function leaveResidue(): Promise<string> {
  await on('create', ...WEB);
  occupy();
  expect(await on('release', 'web')).toMatchObject({ code: 1, err: expect.stringContaining('namespace') });
  const [residue] = json((await on('residue', 'list', '--json')).out) as Array<{ id: string }>;
  return residue?.id ?? '';
}

/** A create that fails in `networking` and keeps its namespace. */
function createKept(...more: readonly string[]) {
  const spec = join(at.folder, 'bad.json');
  const layerFolders = ['C:\\layers\\web', 'C:\\scratch\\kept'];
  const network = { endpointList: ['99999999-9999-4999-8999-999999999999'] };
  writeFileSync(spec, JSON.stringify({ root: { path: '' }, windows: { layerFolders, network } }));
  return on('create', 'kept', '--spec', spec, '--keep-on-failure', ...more);
}

describe('slipway recover', () => {
  test('rolls back a create that was killed; a dry run before it changes nothing', async () => {
    await killCreate('web');
    expect((await on('list')).err).toContain('1 interrupted: slipway recover');
    expect(json((await on('state', 'web')).out)).toMatchObject({
      provision: { status: 'interrupted', next: expect.stringContaining('slipway recover') },
    });

    const before = filesNow();
    const planned = await on('recover', '--dry-run');
    expect(planned).toMatchObject({ code: 0, err: '' });
    expect(planned.out).toBe(
      '· web would be rolled back: its create was interrupted\nnothing was changed: 1 to recover\n',
    );
    expect(filesNow()).toEqual(before);

    const recovered = await on('recover');
    expect(recovered).toMatchObject({ code: 0, err: '' });
    expect(recovered.out).toMatch(
      /^✓ web rolled back: its create was interrupted \(\d resources released\)\n1 recovered\n$/,
    );
    expect(keptOn()).toMatchObject({ ...NOTHING, madeScratches: [] });
    expect(await on('recover')).toEqual({ code: 0, out: 'nothing to recover\n', err: '' });
  });

  test('tells a program of each run', async () => {
    await killCreate('web');
    const planned = jsonLines((await on('recover', '--dry-run', '--json')).out);
    const told = { ok: true, id: 'web', kind: 'container', status: 'interrupted', action: 'rollBack' };
    expect(planned).toMatchObject([{ ...told, outcome: null, released: [], residue: [] }]);
    const recovered = jsonLines((await on('recover', '--json')).out);
    expect(recovered).toMatchObject([{ ...told, outcome: 'done', because: 'its create was interrupted', residue: [] }]);
    expect(keptOn()).toMatchObject(NOTHING);
  });

  test('three at once do the work once', async () => {
    await killCreate('web');
    const all = await Promise.all([1, 2, 3].map(() => on('recover', '--json')));
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual([1, 2, 3].map(() => ({ code: 0, err: '' })));
    const told = all.flatMap(({ out }) => jsonLines(out) as Array<{ action: string; outcome: string }>);
    // The others have found it driven by a living process, or were too late to take it.
    const worked = told.filter(({ action, outcome }) => action !== 'leave' && outcome !== 'takenByAnother');
    expect(worked).toMatchObject([{ action: 'rollBack', outcome: 'done' }]);
    expect(keptOn()).toMatchObject({ ...NOTHING, madeScratches: [] });
  });

  test('leaves alone what is there and well, and what a living process drives', async () => {
    await on('create', ...WEB);
    const child = startSlipway(['create', 'slow', ...WEB, '--host', at.host, '--latency', '400']);
    const ended = new Promise((resolve) => child.on('close', resolve));
    // Its file is there a little after its first words.
    while (runFiles().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const before = new Map(runFiles().map((file) => [file, readFileSync(file, 'utf8')]));
    const { code, out } = await on('recover');
    expect({ code, out }).toEqual({
      code: 0,
      out: `– web stays: web is created\n– slow left alone: process ${child.pid} drives it\nnothing to recover, 2 runs left alone\n`,
    });
    expect(runFiles()).toEqual([...before.keys()]);
    for (const [file, text] of before) {
      // Whoever drives the slow one may have written on; nobody else has written into either.
      const written = readFileSync(file, 'utf8').slice(text.length);
      expect({ file, text: readFileSync(file, 'utf8').slice(0, text.length) }).toEqual({ file, text });
      if (text.includes('"containerId":"web"')) expect(written).toBe('');
      else expect(written).not.toContain('run.takenUp');
    }
    child.kill('SIGINT');
    await ended;
    expect(keptOn().systems).toHaveLength(1);
  });

  test('reports the file of a newer version, leaves it alone, and recovers the others', async () => {
    await killCreate('web');
    const file = join(at.folder, 'runs', 'newer.jsonl');
    writeFileSync(file, `${JSON.stringify({ type: 'header', format: 99, machines: {}, run: 'newer' })}\n`);
    const before = readFileSync(file, 'utf8');
    const { code, out, err } = await on('recover');
    expect(code).toBe(1);
    expect(err).toContain(`! left alone: the run file ${file} cannot be read: a newer version has written it`);
    expect(out).toContain('1 recovered, 1 run file could not be read');
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(keptOn()).toMatchObject(NOTHING);
    expect(jsonLines((await on('recover', '--json')).out)).toMatchObject([
      { ok: false, provisionId: 'newer', outcome: 'unreadable', fault: { code: 'run-file-unreadable' } },
    ]);
  });

  test('a line that was being written when the power went is as if it had never been begun', async () => {
    await killCreate('web');
    for (const file of runFiles()) appendFileSync(file, '{"type":"intended","id":"x');
    expect(await on('recover')).toMatchObject({ code: 0, err: '' });
    expect(keptOn()).toMatchObject(NOTHING);
  });

  test('a file that somebody has written into is not acted upon', async () => {
    await killCreate('web');
    const [file = ''] = runFiles();
    const changed = readFileSync(file, 'utf8').replace('"scratchLayer"', '"vmFile"');
    writeFileSync(file, changed);
    const { code, err } = await on('recover');
    expect({ code, told: err.includes('is not as it was written') }).toEqual({ code: 1, told: true });
    expect(readFileSync(file, 'utf8')).toBe(changed);
  });

  test('tells what it could not release, with the way on', async () => {
    await killCreate('web', '✓ networking');
    occupy();
    const { code, err } = await on('recover');
    expect(code).toBe(1);
    expect(err).toMatch(/^✗ web not all of it rolled back: its create was interrupted/);
    expect(err).toMatch(
      /residue namespace [-0-9a-f]+\n {4}.+\n {4}→ .+\n {4}→ slipway residue retry \S+\/1, or slipway/,
    );
    vacate();
    expect(await on('recover')).toMatchObject({ code: 0, out: expect.stringContaining('✓ web tried again') });
    expect(keptOn()).toMatchObject(NOTHING);
  });
});

describe('slipway residue', () => {
  test('lists what could not be released, and tries it again', async () => {
    expect(await on('residue', 'list')).toMatchObject({ code: 0, out: 'there is no residue on this host\n' });
    const id = await leaveResidue();
    const { out } = await on('residue', 'list');
    expect(out).toMatch(
      new RegExp(`^${id} {2}namespace [-0-9a-f]+\n {2}of web, acquired in networking; tried 3 times`),
    );
    expect(out).toContain('look at it: hnsdiag list namespaces');
    expect((await on('list')).err).toContain('1 needsHands: slipway residue list');
    expect(json((await on('residue', 'list', '--json')).out)).toMatchObject([
      { id, container: 'web', kind: 'container', step: 'networking', attempts: 3, fault: { code: 'host-call-failed' } },
    ]);

    const again = await on('residue', 'retry');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining(`slipway residue retry ${id}`) });
    expect(await on('residue', 'retry', id, '--json')).toMatchObject({ code: 1 });
    vacate();
    const { code, out: line } = await on('residue', 'retry', 'web', '--json');
    expect({ code, lines: jsonLines(line) }).toMatchObject({
      code: 0,
      lines: [{ ok: true, id: 'web', outcome: 'done', released: [{ id }], residue: [] }],
    });
    expect(keptOn()).toMatchObject(NOTHING);
    expect(json((await on('state', 'web')).out)).toMatchObject({ status: 'released' });
  });

  test('waives one: it stays on the host, and nobody here speaks of it any more', async () => {
    const id = await leaveResidue();
    const { code, out } = await on('residue', 'waive', id);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('it is yours from now on') });
    expect(await on('residue', 'list', '--json')).toMatchObject({ out: '[]\n' });
    expect(await on('recover')).toMatchObject({ code: 0, out: 'nothing to recover\n' });
    expect(keptOn().namespaces).toHaveLength(1);
    expect(await on('residue', 'waive', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('residue-unknown'),
    });
  });

  test.each([['retry'], ['waive']])('says so when there is none of that id to %s', async (command) => {
    const unknown = await on('residue', command, 'nobody/1');
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('residue-unknown') });
    expect(unknown.err).toContain('slipway residue list shows what there is');
    expect(json((await on('residue', command, 'nobody/1', '--json')).out)).toMatchObject({
      ok: false,
      fault: { code: 'residue-unknown' },
    });
  });

  test('is completed', async () => {
    const id = await leaveResidue();
    const child = startSlipway(['complete', '--', 'residue', 'waive', ''], { SLIPWAY_HOST: at.host });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(out).toContain(id);
  });
});

describe('slipway held', () => {
  test('a create that keeps what it had acquired says until when, how to look at it, and how to give it back', async () => {
    const { code, err } = await createKept('--lease', '90');
    expect(code).toBe(1);
    expect(err).toMatch(/kept until \S+Z \(1h from now\)/);
    expect(err).toContain('    hnsdiag list namespaces\n');
    expect(err).toContain('give it back: slipway held release kept');
    expect((await on('list')).out).toMatch(/^kept +held until \d{4}-\d\d-\d\d \d\d:\d\dZ /m);

    const { out } = await on('held', 'list');
    expect(out).toMatch(/^kept\n {2}failed in networking {2}endpoint-not-found\n/);
    expect(json((await on('held', 'list', '--json')).out)).toMatchObject([
      { id: 'kept', fault: { code: 'endpoint-not-found' }, lookAt: ['hnsdiag list namespaces'], resources: [{}] },
    ]);
    expect(await on('recover')).toMatchObject({
      code: 0,
      out: expect.stringContaining('kept stays: it is held until'),
    });
    expect(await on('held', 'release', 'kept', 'nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('held-unknown'),
    });
    expect(keptOn().namespaces).toHaveLength(1);
    expect(await on('held', 'release', 'kept')).toMatchObject({ code: 0, err: '' });
    expect(keptOn()).toMatchObject(NOTHING);
    expect(await on('held', 'list')).toMatchObject({ out: 'nothing is held on this host\n' });
  });

  test('the same for programs, and all of it is released when none is named', async () => {
    const { out } = await createKept('--json');
    expect(jsonLines(out).at(-1)).toMatchObject({
      ok: false,
      held: {
        until: expect.stringMatching(/Z$/),
        lookAt: ['hnsdiag list namespaces'],
        release: 'slipway held release kept',
      },
    });
    const released = await on('held', 'release', '--json');
    expect({ code: released.code, lines: jsonLines(released.out) }).toMatchObject({
      code: 0,
      lines: [{ ok: true, id: 'kept', outcome: 'done', residue: [] }],
    });
    expect(keptOn()).toMatchObject(NOTHING);
  });

  test('what is held longer than its lease is recovered', async () => {
    await createKept('--lease', '0.01');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await on('recover')).toMatchObject({ code: 0, err: '' });
    expect(keptOn()).toMatchObject(NOTHING);
    expect(await createKept('--lease', 'long')).toMatchObject({ code: 2 });
  });
});

describe('a create whose journal cannot be written', () => {
  test('acquires nothing, and says why: a file is where the runs should be', async () => {
    writeFileSync(join(at.folder, 'runs'), '');
    const refused = await on('create', ...WEB);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('journal-unwritable') });
    expect(refused.err).toContain(`the journal cannot be written: ${join(at.folder, 'runs')}`);
    expect(json((await on('create', ...WEB, '--json')).out)).toMatchObject({
      ok: false,
      fault: { code: 'journal-unwritable', hint: 'Keep the runs elsewhere.' },
    });
    expect(existsSync(join(at.folder, 'host.json'))).toBe(false);
  });

  test('acquires nothing, and says why: no file can be made there', async () => {
    mkdirSync(join(at.folder, 'vms'));
    // A folder in which not even root can make a file.
    symlinkSync('/proc/self', join(at.folder, 'runs'));
    const refused = await on('create', ...WEB);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('journal-unwritable') });
    expect(refused.err).not.toContain('SlipwayWarning');
    expect(existsSync(join(at.folder, 'host.json'))).toBe(false);
    expect(await on('vm', 'create', 'vm-1', '--linux')).toMatchObject({
      code: 1,
      err: expect.stringContaining('journal-unwritable'),
    });
  });
});
