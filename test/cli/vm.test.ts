import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { removeFolder } from '../support/removeFolder.ts';
import { ROOT, slipway } from '../support/slipway.ts';

let folder: string;
let host: readonly string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-vm-'));
  copyFileSync(join(ROOT, 'examples/host.json'), join(folder, 'facts.json'));
  host = ['--host', `simulated:${folder}`];
});

afterEach(() => removeFolder(folder));

const vm = (...args: readonly string[]) => slipway(['vm', ...args, ...host]);
const json = (text: string): unknown => JSON.parse(text);
const systems = () => (json(readFileSync(join(folder, 'host.json'), 'utf8')) as { systems: unknown[] }).systems;

describe('a VM outlives the command that created it', () => {
  test('another process lists it, shows its state, and ends it', async () => {
    expect((await vm('create', 'vm-1', '--linux', '--memory', '2048', '--processors', '3')).code).toBe(0);
    expect((await vm('list')).out).toMatch(/^ID .*\nvm-1 +running +\d+s +linux +3 +-\n$/);
    expect(json((await vm('state', 'vm-1')).out)).toMatchObject({
      id: 'vm-1',
      status: 'running',
      traits: { guest: 'linux', processorCount: 3 },
      containers: [],
      request: { memorySizeInMb: 2048 },
    });
    expect((await slipway(['list', '--quiet', ...host])).out).not.toContain('vm-1');
    expect(await vm('delete', 'vm-1')).toMatchObject({ code: 0, err: '' });
    expect(systems()).toEqual([]);
    expect((await vm('list', '--quiet')).out).toBe('');
    expect(json((await vm('list', '--all', '--json')).out)).toMatchObject([{ id: 'vm-1', status: 'released' }]);
    expect((await vm('delete', 'vm-1')).out).toContain('was released before');
  });

  test('its id is taken until it is ended', async () => {
    await vm('create', 'vm-1', '--linux');
    expect(await vm('create', 'vm-1', '--linux')).toMatchObject({ code: 1, err: expect.stringContaining('id-in-use') });
    await vm('delete', 'vm-1');
    expect((await vm('create', 'vm-1', '--linux')).code).toBe(0);
  });
});

describe('a VM', () => {
  test('of a pod is named after its bundle, and its scratch stays', async () => {
    const created = await vm('create', '--pod-bundle', join(ROOT, 'examples/pod-vm'));
    expect(created).toMatchObject({ code: 0, out: expect.stringContaining('running pod-vm-vm  windows guest') });
    const { code, out } = await vm('delete', 'pod-vm-vm');
    expect(code).toBe(0);
    expect(out).toContain('stays yours  file C:\\scratch\\pod-vm\\vm\\sandbox.vhdx\n');
  });

  test('gets options from a file, and what the command line says comes first', async () => {
    const options = join(folder, 'options.json');
    writeFileSync(options, '{"guest":"linux","memorySizeInMb":512,"processorCount":4}');
    expect((await vm('create', 'vm-1', '--options', options, '--processors', '1')).code).toBe(0);
    expect(json((await vm('state', 'vm-1')).out)).toMatchObject({
      traits: { processorCount: 1 },
      request: { memorySizeInMb: 512 },
    });
  });

  test('that cannot be is refused with all that is wrong', async () => {
    const { code, err } = await vm('create', 'vm-1', '--linux', '--memory', '0', '--boot-files', 'C:\\nowhere');
    expect(code).toBe(2);
    expect(err).toContain('/memorySizeInMb');
    expect(err).toContain('/kernelFile');
  });

  test.each([[[]], [['--linux', '--windows']], [['--linux', '--pod-spec', 'spec.json']]])(
    'is not created when what runs in it is said like %j',
    async (args) => {
      expect(await vm('create', 'vm-1', ...args)).toMatchObject({
        code: 2,
        err: expect.stringContaining('vm-not-chosen'),
      });
    },
  );

  test('that is not known is told as such', async () => {
    for (const command of ['state', 'delete']) {
      expect(await vm(command, 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining('vm-unknown') });
    }
  });
});

describe('slipway vm plan', () => {
  test('lists exactly the changes that the create then makes, and touches nothing itself', async () => {
    const args = ['vm-1', '--windows', '--layer', 'C:\\layers\\servercore', '--layer', 'C:\\scratch\\vm-1'];
    const plan = json((await vm('plan', ...args, '--json')).out) as { effects: Array<{ effect: string }> };
    expect(plan.effects.map(({ effect }) => effect)).toEqual([
      'folder.create',
      'file.copy',
      'vm.grantAccess',
      'system.create',
      'system.start',
    ]);
    expect((await vm('list', '--all', '--quiet')).out).toBe('');
    expect((await vm('plan', ...args)).out).toContain('system.start         vm-1');
  });
});

test('slipway graph draws a utility VM', async () => {
  expect((await slipway(['graph', 'utilityVm'])).out).toContain('utilityVm_running --> utilityVm_stopping : vm.stop');
});
