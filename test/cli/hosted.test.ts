import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { removeFolder } from '../support/removeFolder.ts';
import { ROOT, slipway } from '../support/slipway.ts';

const WEB = join(ROOT, 'examples/web');

let folder: string;
let host: readonly string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-hosted-'));
  copyFileSync(join(ROOT, 'examples/host.json'), join(folder, 'facts.json'));
  host = ['--host', `simulated:${folder}`];
});

afterEach(() => removeFolder(folder));

const run = (...args: readonly string[]) => slipway([...args, ...host]);
const json = (text: string): unknown => JSON.parse(text);
const systems = () =>
  (json(readFileSync(join(folder, 'host.json'), 'utf8')) as { systems: Array<{ id: string }> }).systems.map(
    ({ id }) => id,
  );

/** A bundle of a container that needs nothing but its own scratch. */
function plainBundle(name: string): string {
  const spec = {
    ociVersion: '1.0.2',
    process: { cwd: 'C:\\', args: ['cmd'] },
    windows: { layerFolders: ['C:\\layers\\servercore', `C:\\scratch\\${name}`] },
  };
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(spec));
  return file;
}

const into = (vm: string, name: string) => run('create', name, '--spec', plainBundle(name), '--vm', vm);

describe('a VM that is made for one container', () => {
  test('is called after it, outlives it, and is in use as long as it is there', async () => {
    const created = await run('create', '--bundle', WEB, '--vm', 'windows');
    expect(created).toMatchObject({ code: 0, out: expect.stringContaining('compute system web\n') });
    expect(systems()).toEqual(['web-vm', 'web']);
    expect((await run('vm', 'list')).out).toMatch(/web-vm +running +\d+s +windows +2 +web\n/);
    expect(await run('vm', 'delete', 'web-vm')).toMatchObject({ code: 1, err: expect.stringContaining('vm-in-use') });
    expect((await run('release', 'web')).code).toBe(0);
    expect(systems()).toEqual(['web-vm']);
    expect((await run('vm', 'delete', 'web-vm')).code).toBe(0);
    expect(systems()).toEqual([]);
  });

  test('has the guest of the spec: a Linux container on a host that has what it points at', async () => {
    rmSync(join(folder, 'facts.json'));
    const spec = {
      ociVersion: '1.0.2',
      process: { cwd: '/', args: ['sh'] },
      linux: {},
      windows: { layerFolders: ['C:\\layers\\alpine', 'C:\\scratch\\shell'] },
    };
    const file = join(folder, 'shell.json');
    writeFileSync(file, JSON.stringify(spec));
    const { code, out } = await run('create', 'shell', '--spec', file, '--vm', 'linux');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('  vpmem shell-vm 0') });
    expect((await run('list')).out).toMatch(/shell +created +- +\d+s +- +shell-vm +\d/);
    expect((await run('release', 'shell')).code).toBe(0);
    expect((await run('vm', 'delete', 'shell-vm')).code).toBe(0);
    expect(systems()).toEqual([]);
  });

  test('is ended when the create of the container fails', async () => {
    const facts = json(readFileSync(join(ROOT, 'examples/host.json'), 'utf8')) as object;
    writeFileSync(
      join(folder, 'facts.json'),
      JSON.stringify({ ...facts, endpoints: ['2c3f5a6e-8d4e-4f9a-8b1c-3d5e7f9a1b2c'] }),
    );
    const { code, err } = await run('create', '--bundle', WEB, '--vm', 'windows');
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('endpoint-not-found') });
    expect(systems()).toEqual([]);
    expect((await run('vm', 'list', '--quiet')).out).toBe('');
  });

  test('is not made for a spec of the other guest', async () => {
    const { code, err } = await run('create', '--bundle', WEB, '--vm', 'linux');
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('vm-guest-mismatch') });
  });

  test('is in the plan, which touches nothing', async () => {
    const { out } = await run('plan', '--bundle', WEB, '--vm', 'windows', '--json');
    const { effects, document } = json(out) as { effects: object[]; document: object };
    expect(effects).toContainEqual({ effect: 'system.start', system: 'web-vm' });
    expect(document).toMatchObject({ HostingSystemId: 'web-vm' });
    expect((await run('vm', 'list', '--all', '--quiet')).out).toBe('');
  });
});

describe('containers in a VM that is there', () => {
  beforeEach(async () => {
    const layers = ['--layer', 'C:\\layers\\servercore', '--layer', 'C:\\scratch\\vm-1'];
    expect(await run('vm', 'create', 'vm-1', '--windows', ...layers)).toMatchObject({ code: 0 });
  });

  test('share its layers, over processes', async () => {
    expect(await into('vm-1', 'one')).toMatchObject({ code: 0 });
    const second = await into('vm-1', 'two');
    expect(second).toMatchObject({ code: 0 });
    expect(second.out).not.toContain('  vsmbShare');
    expect((await run('vm', 'list')).out).toMatch(/windows +2 +one, ?two\n/);
    expect((await run('release', 'one')).code).toBe(0);
    expect(readFileSync(join(folder, 'host.json'), 'utf8')).toContain('servercore');
    expect((await run('release', 'two')).code).toBe(0);
    expect((await run('vm', 'delete', 'vm-1')).code).toBe(0);
  });

  test('are gone with it when it is ended by force', async () => {
    expect(await into('vm-1', 'one')).toMatchObject({ code: 0 });
    expect((await run('vm', 'delete', 'vm-1', '--force')).code).toBe(0);
    expect(systems()).toEqual([]);
    expect((await run('release', 'one')).code).toBe(0);
    const { provision } = json((await run('state', 'one')).out) as { provision: { resources: object[] } };
    expect(provision.resources).toContainEqual(expect.objectContaining({ wentWith: 'vm-1' }));
  });

  test('are planned as they would be in it, and the VM stays as it is', async () => {
    const args = ['one', '--spec', plainBundle('one'), '--vm', 'vm-1'];
    const before = readFileSync(join(folder, 'vms/vm-1.json'), 'utf8');
    const { effects } = json((await run('plan', ...args, '--json')).out) as { effects: object[] };
    expect(effects).toContainEqual(expect.objectContaining({ effect: 'system.modify', system: 'vm-1' }));
    expect(readFileSync(join(folder, 'vms/vm-1.json'), 'utf8')).toBe(before);
  });

  test('are refused in a VM that nobody knows', async () => {
    expect(await into('vm-9', 'one')).toMatchObject({ code: 2, err: expect.stringContaining('vm-unknown') });
  });
});
