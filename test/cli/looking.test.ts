import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { folderOfTests } from '../support/folderOfTests.ts';
import { ROOT, slipway } from '../support/slipway.ts';

const EXAMPLE = ['--bundle', join(ROOT, 'examples/web')];
const folder = folderOfTests('plan');

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe('slipway plan and document', () => {
  test('show every step with the reason for a skip, the changes in order, and the document', async () => {
    const { code, out } = await slipway(['plan', ...EXAMPLE]);
    expect(code).toBe(0);
    expect(out).toContain('no host was touched');
    expect(out).toMatch(/– creatingCredentials +skipped: the spec has no credential spec/);
    const changes = [...out.matchAll(/^ {2}((?:namespace|folder|layer|system)\.\w+) /gm)].map(([, change]) => change);
    expect(changes).toEqual([
      'namespace.create',
      'namespace.modify',
      'folder.create',
      'layer.createScratch',
      'layer.activate',
      'layer.prepare',
      'system.create',
    ]);
    expect(JSON.parse(out.slice(out.lastIndexOf('\ndocument\n') + 10))).toMatchObject({
      Container: { Memory: { SizeInMB: 1024 } },
    });
  });

  test('never show a secret unless they are told to', async () => {
    const spec = write('secret.json', { windows: { layerFolders: ['C:\\a', 'C:\\b'], credentialSpec: 'hunter2' } });
    for (const command of [['plan'], ['plan', '--json'], ['document']]) {
      const { code, out } = await slipway([...command, '--spec', spec, 'c1']);
      expect(code).toBe(0);
      expect(out).toContain('[redacted]');
      expect(out).not.toContain('hunter2');
    }
    expect((await slipway(['document', '--spec', spec, '--show-secrets'])).out).toContain('hunter2');
  }, 20_000);

  test('the document alone is JSON, and so is the plan when asked', async () => {
    const { out } = await slipway(['document', ...EXAMPLE]);
    expect(JSON.parse(out)).toMatchObject({ Owner: 'slipway', ShouldTerminateOnLastHandleClosed: false });
    const plan = await slipway(['plan', ...EXAMPLE, '--json']);
    expect(JSON.parse(plan.out)).toMatchObject({ ok: true, steps: { length: 12 }, effects: { length: 7 } });
  });

  test('with facts, hold the spec against them', async () => {
    const { code, err } = await slipway(['plan', ...EXAMPLE, '--facts', write('empty.json', {})]);
    expect(code).toBe(2);
    expect(err).toContain('/spec/mounts/0/source  mount-source-missing');
  });
});

describe('slipway explain', () => {
  test.each([
    [['0x80370110'], 'HCS_E_SYSTEM_ALREADY_STOPPED', 0],
    [['--', '-1070137082'], 'HCS_E_UNEXPECTED_EXIT', 0],
    [['3489792023'], 'RPC_NT_SERVER_UNAVAILABLE', 0],
    [['803b002ch'], 'HCN_E_ENTITY_HAS_REFERENCES', 0],
    [['0x12345678'], 'unknown', 1],
  ])('%j', async (args, name, exit) => {
    const { code, out } = await slipway(['explain', ...args]);
    expect({ code, named: out.includes(name) }).toEqual({ code: exit, named: true });
  });

  test('says what a code is not, and speaks JSON', async () => {
    expect(await slipway(['explain', 'pizza'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('code-unreadable'),
    });
    const { out } = await slipway(['explain', '0x80070015', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      hresult: '0x80070015',
      name: 'ERROR_NOT_READY',
      class: 'transient',
      known: true,
    });
  });
});

describe('slipway graph', () => {
  test('draws any machine, in mermaid or as JSON', async () => {
    expect((await slipway(['graph'])).out).toContain('state "networking" as createContainer_networking');
    const { out } = await slipway(['graph', 'releaseResource', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({ id: 'releaseResource' });
    const { out: svg } = await slipway(['graph', 'utilityVm', '--format', 'svg']);
    expect(svg).toMatch(/^<svg [\s\S]*data-state="starting"[\s\S]*data-from="starting" data-to="configuringGuest"/);
    expect(svg).not.toMatch(/(href|src)=|url\((?!#)/);
    expect(await slipway(['graph', '--format', 'svg', '--detail', 'everything'])).toMatchObject({ code: 2 });
    expect(await slipway(['graph', 'nothing'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('createContainer'),
    });
  });
});

test('a command that is nearly right is guessed', async () => {
  expect(await slipway(['exlpain', '1'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('Did you mean explain?'),
  });
});
