import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { removeFolder } from '../support/removeFolder.ts';
import { offeredAfter, ROOT, slipway, startSlipway } from '../support/slipway.ts';

let folder: string;
let host: readonly string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-host-'));
  copyFileSync(join(ROOT, 'examples/host.json'), join(folder, 'facts.json'));
  host = ['--host', `simulated:${folder}`];
});

afterEach(() => removeFolder(folder));

const bundle = (name: string) => ['--bundle', join(ROOT, 'examples', name)];
const create = (name: string, ...more: readonly string[]) => slipway(['create', ...bundle(name), ...host, ...more]);
const json = (text: string): unknown => JSON.parse(text);
const idsOf = async (...more: readonly string[]) =>
  (await slipway(['list', '--quiet', ...host, ...more])).out.split('\n').filter((id) => id !== '');

/** What the kept host has, beside what its facts describe. */
function keptOn(): { systems: unknown[]; namespaces: unknown[]; layers: unknown[]; credentialGuards: unknown[] } {
  const { systems, namespaces, layers, credentialGuards } = json(
    readFileSync(join(folder, 'host.json'), 'utf8'),
  ) as ReturnType<typeof keptOn>;
  return { systems, namespaces, layers, credentialGuards };
}

const NOTHING = { systems: [], namespaces: [], layers: [], credentialGuards: [] };

describe('a container outlives the command that created it', () => {
  test('another process lists it, shows its state, and gives it back', async () => {
    expect((await create('web')).code).toBe(0);
    const { out: table } = await slipway(['list', ...host]);
    expect(table).toMatch(
      /^ID +STATUS +PID +AGE +POD +VM +RESOURCES +BUNDLE\nweb +created +- +\d+s +- +- +7 +\S+examples\/web\n$/,
    );

    const { out: state } = await slipway(['state', 'web', ...host]);
    expect(json(state)).toMatchObject({
      ociVersion: '1.1.0',
      id: 'web',
      status: 'created',
      bundle: join(ROOT, 'examples/web'),
      provision: { status: 'provisioned', pod: null, fault: null, resources: { length: 7 } },
    });

    const released = await slipway(['release', 'web', ...host]);
    expect(released).toMatchObject({ code: 0, err: '' });
    expect(released.out).toContain('released     compute system web\n');
    expect(released.out).toContain('stays yours  scratch layer C:\\scratch\\web-1\n');
    expect(keptOn()).toEqual(NOTHING);
    expect(await idsOf()).toEqual([]);
    expect(await idsOf('--all')).toEqual(['web']);
  });

  test('the same as JSON', async () => {
    await create('web');
    expect(json((await slipway(['list', '--json', ...host])).out)).toMatchObject([
      { id: 'web', status: 'created', resources: 7, pod: null },
    ]);
    const { out } = await slipway(['release', 'web', '--json', ...host]);
    expect(json(out)).toMatchObject({ ok: true, id: 'web', residue: [] });
    expect(json((await slipway(['state', 'web', '--json', ...host])).out)).toMatchObject({ status: 'released' });
  });

  test('giving back what is given back already is no mistake; an unknown one is', async () => {
    await create('web');
    await slipway(['release', 'web', ...host]);
    expect(await slipway(['release', 'web', ...host])).toMatchObject({
      code: 0,
      out: expect.stringContaining('was released before'),
    });
    expect(await slipway(['release', 'nobody', ...host])).toMatchObject({
      code: 1,
      err: expect.stringContaining('container-unknown'),
    });
    expect(await slipway(['release', ...host])).toMatchObject({ code: 2 });
  });

  test('its id is taken until it is given back', async () => {
    await create('web');
    const again = await create('web');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('slipway release web') });
    expect(await slipway(['plan', ...bundle('web'), ...host])).toMatchObject({ code: 1 });
    await slipway(['release', 'web', ...host]);
    expect((await create('web')).code).toBe(0);
  });

  test('one that vanished from the host is lost, and can still be given back', async () => {
    await create('web');
    const file = join(folder, 'host.json');
    writeFileSync(file, JSON.stringify({ ...(json(readFileSync(file, 'utf8')) as object), systems: [] }));
    expect(json((await slipway(['state', 'web', ...host])).out)).toMatchObject({ status: 'lost' });
    expect((await slipway(['release', 'web', ...host])).code).toBe(0);
    expect(keptOn()).toEqual(NOTHING);
  });
});

describe('slipway plan', () => {
  const WITH_GUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

  /** The GUIDs of the facts stay; others are numbered as they appear. */
  function comparable(effects: unknown): unknown {
    const known = readFileSync(join(folder, 'facts.json'), 'utf8');
    const numbers = new Map<string, string>();
    const text = JSON.stringify(effects).replace(WITH_GUIDS, (guid) => {
      if (known.includes(guid)) return guid;
      if (!numbers.has(guid)) numbers.set(guid, `<guid:${numbers.size + 1}>`);
      return numbers.get(guid) ?? '';
    });
    // The name of a namespace carries the id of the run.
    return json(text);
  }

  test.each(['web', 'pod-sandbox', 'pod-workload'])(
    'of %s lists exactly the changes that the create then makes, and touches nothing itself',
    async (name) => {
      const plan = json((await slipway(['plan', ...bundle(name), ...host, '--json'])).out) as { effects: unknown[] };
      expect(readdirSync(folder)).toEqual(['facts.json']);
      const { out } = await create(name, '--json');
      const result = json(out.trimEnd().split('\n').at(-1) ?? '') as { effects: unknown[] };
      expect(comparable(plan.effects)).toEqual(comparable(result.effects));
      expect(plan.effects.length).toBeGreaterThan(2);
    },
  );

  test('knows what an earlier create has left on the host', async () => {
    await create('web');
    await slipway(['release', 'web', ...host]);
    const { out } = await slipway(['plan', ...bundle('web'), ...host]);
    expect(out).not.toContain('layer.createScratch');
    expect(out).toContain('layer.activate');
  });
});

describe('a pod', () => {
  test('is listed as one, and its sandbox is not given back under its workloads', async () => {
    await create('pod-sandbox');
    await create('pod-workload');
    const { out } = await slipway(['list', ...host]);
    expect(out).toMatch(/^pod-sandbox +created +- +\d+s +sandbox /m);
    expect(out).toMatch(/^pod-workload +created +- +\d+s +in pod-sandbox /m);
    expect(await slipway(['release', 'pod-sandbox', ...host])).toMatchObject({
      code: 1,
      err: expect.stringContaining('sandbox-in-use'),
    });
    const both = await slipway(['release', 'pod-sandbox', 'pod-workload', ...host]);
    expect(both.code).toBe(0);
    expect(both.out.indexOf('pod-workload is released')).toBeLessThan(both.out.indexOf('pod-sandbox is released'));
    expect(keptOn()).toEqual(NOTHING);
  });

  test('a workload whose bundle names no namespace joins the one that was made for its sandbox', async () => {
    const withoutNamespace = (name: string, network: object) => {
      const spec = json(readFileSync(join(ROOT, 'examples', name, 'config.json'), 'utf8')) as { windows: object };
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify({ ...spec, windows: { ...spec.windows, network } }));
      return ['--spec', file];
    };
    const endpointList = ['1b2f4a5e-7c3d-4e8f-9a0b-2c4d6e8f0a1b'];
    const sandbox = withoutNamespace('pod-sandbox', { endpointList });
    expect(await slipway(['create', 'pod-sandbox', ...sandbox, ...host])).toMatchObject({ code: 0 });
    const workload = withoutNamespace('pod-workload', {});
    expect(await slipway(['create', 'pod-workload', ...workload, ...host])).toMatchObject({ code: 0 });
    const [[made] = []] = keptOn().namespaces as Array<[string, unknown]>;
    expect(keptOn().systems).toMatchObject([{ namespace: made }, { namespace: made }]);
    expect((await slipway(['release', '--all', ...host])).code).toBe(0);
    expect(keptOn()).toEqual(NOTHING);
  });
});

describe('many processes on one host', () => {
  test('ten creates at once each get what they asked for', async () => {
    const spec = (n: number) => {
      const file = join(folder, `spec-${n}.json`);
      const layerFolders = ['C:\\layers\\web', 'C:\\layers\\nanoserver', `C:\\scratch\\c${n}`];
      writeFileSync(file, JSON.stringify({ root: { path: '' }, windows: { layerFolders, network: {} } }));
      return file;
    };
    const numbers = Array.from({ length: 10 }, (_, n) => n);
    const made = await Promise.all(numbers.map((n) => slipway(['create', `c${n}`, '--spec', spec(n), ...host])));
    expect(made.map(({ code }) => code)).toEqual(numbers.map(() => 0));
    expect((await idsOf()).toSorted()).toEqual(numbers.map((n) => `c${n}`));
    expect(keptOn()).toMatchObject({ systems: { length: 10 }, namespaces: { length: 10 }, layers: { length: 10 } });
    expect((await slipway(['release', '--all', ...host])).code).toBe(0);
    expect(keptOn()).toEqual(NOTHING);
  });

  test('a create that is killed is seen as interrupted, and what it had acquired is given back', async () => {
    const child = startSlipway(['create', ...bundle('web'), ...host, '--latency', '150']);
    let out = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        if (out.includes('✓ creatingScratch')) child.kill('SIGKILL');
      });
      child.on('close', () => resolve());
    });
    expect((await slipway(['list', ...host])).out).toMatch(/^web +interrupted /m);
    expect(await slipway(['release', 'web', ...host])).toMatchObject({ code: 0, err: '' });
    expect(keptOn()).toEqual(NOTHING);
    expect(json(readFileSync(join(folder, 'host.json'), 'utf8'))).toMatchObject({ madeScratches: [], madeFolders: [] });
    expect(json((await slipway(['state', 'web', ...host])).out)).toMatchObject({
      status: 'failed',
      provision: { fault: { code: 'interrupted' } },
    });
  });

  test('a create that is going on is not taken from its process', async () => {
    const child = startSlipway(['create', ...bundle('web'), ...host, '--latency', '400']);
    await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    const ended = new Promise((resolve) => child.on('close', resolve));
    const { out } = await slipway(['list', ...host]);
    expect(out).toMatch(/^web +creating /m);
    expect(await slipway(['release', 'web', ...host])).toMatchObject({
      code: 1,
      err: expect.stringContaining('run-in-progress'),
    });
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });
});

describe('what a failed create was told to keep', () => {
  test('is listed as held, and given back by another process', async () => {
    const spec = join(folder, 'bad.json');
    const layerFolders = ['C:\\layers\\web', 'C:\\scratch\\kept'];
    const network = { endpointList: ['99999999-9999-4999-8999-999999999999'] };
    writeFileSync(spec, JSON.stringify({ root: { path: '' }, windows: { layerFolders, network } }));
    const failed = await slipway(['create', 'kept', '--spec', spec, '--keep-on-failure', ...host]);
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('endpoint-not-found') });
    expect(json((await slipway(['state', 'kept', ...host])).out)).toMatchObject({
      status: 'held',
      provision: { fault: { code: 'endpoint-not-found' } },
    });
    expect(keptOn().namespaces).toHaveLength(1);
    expect((await slipway(['release', 'kept', ...host])).code).toBe(0);
    expect(keptOn()).toEqual(NOTHING);
  });
});

describe('the folder of a host', () => {
  test('that holds something else is refused in a sentence', async () => {
    writeFileSync(join(folder, 'host.json'), '{"format":99}');
    expect(await slipway(['list', ...host])).toMatchObject({
      code: 2,
      err: expect.stringContaining('host-state-unreadable'),
    });
  });

  test('that is a file is refused in a sentence', async () => {
    const { code, err } = await slipway([
      'create',
      ...bundle('web'),
      '--host',
      `simulated:${join(folder, 'facts.json')}`,
    ]);
    expect({ code, says: /host-folder-unusable|ENOTDIR|EEXIST/.test(err) }).toEqual({ code: 2, says: true });
  });

  test('is in the state directory of the user unless another is named', async () => {
    const child = startSlipway(['create', ...bundle('web'), '--host', 'simulated'], { XDG_STATE_HOME: folder });
    await new Promise((resolve) => child.on('close', resolve));
    expect(existsSync(join(folder, 'slipway/simulated/host.json'))).toBe(true);
  });

  test('holds no secret of a bundle', async () => {
    await create('pod-workload');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const text = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('');
    expect(text).toContain('DB_PASSWORD=[redacted]');
    expect(text).not.toContain('only-an-example');
    expect(text).not.toContain('MachineAccountName');
    expect((await slipway(['release', 'pod-workload', ...host])).code).toBe(0);
  });
});

describe('slipway complete', () => {
  test.each(['bash', 'zsh', 'fish', 'powershell'])('prints a script for %s', async (shell) => {
    const { code, out } = await slipway(['complete', shell]);
    expect({ code, lines: out.split('\n').length > 20 }).toEqual({ code: 0, lines: true });
    expect(out).toContain('slipway');
  });

  test('offers commands, options, choices, and the containers and VMs of the host', async () => {
    await create('web');
    const offered = (...words: readonly string[]) => offeredAfter(words, `simulated:${folder}`);
    expect(await offered('rel')).toContain('release');
    expect(await offered('create', '--')).toEqual(expect.arrayContaining(['--bundle', '--netns', '--json']));
    expect(await offered('graph', '--format', '')).toEqual(expect.arrayContaining(['mermaid', 'json']));
    expect(await offered('release', '')).toContain('web');
    await slipway(['vm', 'create', 'vm-1', '--linux', ...host]);
    expect(await offered('vm', 'delete', '')).toEqual(expect.arrayContaining(['vm-1']));
    expect(await offered('release', '')).not.toContain('vm-1');
  });
});
