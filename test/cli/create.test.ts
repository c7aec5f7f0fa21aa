import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { folderOfTests } from '../support/folderOfTests.ts';
import { ROOT, slipway } from '../support/slipway.ts';

const EXAMPLE = ['--bundle', join(ROOT, 'examples/web'), '--facts', join(ROOT, 'examples/host.json')];
const folder = folderOfTests('cli');

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('slipway create', () => {
  test('provisions the example, step by step, and shows what was created', async () => {
    const { code, out, err } = await slipway(['create', ...EXAMPLE]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^creating web +\[simulated host/);
    expect(out).toMatch(/✓ networking +\d+ ms/);
    expect(out).toMatch(/– creatingCredentials +skipped: the spec has no credential spec/);
    expect(out).toContain('computeSystem web\n');
    expect(out).toContain('created web');
  });

  test('says the same as one object a line', async () => {
    const { code, out } = await slipway(['create', ...EXAMPLE, '--json', 'web-7']);
    expect(code).toBe(0);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.every(({ host }) => host === 'simulated')).toBe(true);
    expect(lines[0]).toMatchObject({ type: 'create.started', containerId: 'web-7' });
    expect(lines.at(-1)).toMatchObject({ type: 'result', ok: true, containerId: 'web-7' });
  });

  test('prints every finding with its pointer, exits with 2, and touches nothing', async () => {
    const spec = write('wrong.json', {
      root: { path: 'C:\\rootfs', readonly: true },
      mounts: [{ source: 'C:\\x', destination: '' }],
      windows: { layerFolders: ['C:\\only'], resources: { cpu: { count: -1 } } },
    });
    const { code, out, err } = await slipway(['create', '--spec', spec, 'c1']);
    expect(code).toBe(2);
    expect(err).toContain('5 findings in the request; nothing was touched on the host.');
    for (const pointer of [
      '/spec/windows/resources/cpu/count',
      '/spec/windows/layerFolders',
      '/spec/root/path',
      '/spec/root/readonly',
      '/spec/mounts/0/destination',
    ]) {
      expect(err).toContain(`  ${pointer}  `);
    }
    expect(err).toContain('simulated');
    expect(out).not.toContain('networking');
  });

  test.each([
    ['no spec at all', ['create'], 'spec-not-chosen'],
    ['a bundle that is none', ['create', '--bundle', folder], 'bundle-invalid'],
    ['a spec that is not there', ['create', '--spec', join(folder, 'nowhere.json')], 'file-unreadable'],
    ['a spec that is not JSON', ['create', '--spec', write('broken.json', '{"a": ')], 'file-not-json'],
    [
      'facts that describe no host',
      ['create', ...EXAMPLE.slice(0, 2), '--facts', write('facts.json', { disks: 3 })],
      'facts-invalid',
    ],
    ['a host that is not there', ['create', ...EXAMPLE, '--host', 'nowhere'], 'host-unknown'],
    ['an option that is not there', ['create', '--bundel', 'x'], 'Did you mean --bundle?'],
  ])('with %s exits with 2 and says what to do', async (_, args, text) => {
    const { code, err } = await slipway(args);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });

  test('exits with 1 when the create fails, with nothing left', async () => {
    const facts = write('no-endpoint.json', {
      files: ['C:\\data\\web', 'C:\\layers\\web', 'C:\\layers\\nanoserver'].map((path) => ({ path, dir: true })),
      endpoints: ['99999999-9999-4999-8999-999999999999'],
    });
    const { code, err } = await slipway(['create', ...EXAMPLE.slice(0, 2), '--facts', facts]);
    expect(code).toBe(1);
    expect(err).toMatch(/failed in networking +endpoint-not-found/);
    expect(err).toContain('HCN_E_ENDPOINT_NOT_FOUND (0x803B0002)');
    expect(err).toContain('on the simulated host:\n  nothing\n');
  });

  test.each(['validating', 'networking', 'creatingScratch', 'mountingLayers', 'documenting'])(
    'Ctrl-C after %s undoes it all and exits with 130',
    async (step) => {
      let signalled = false;
      const { code, err } = await slipway(['create', ...EXAMPLE, '--latency', '60'], (out, interrupt) => {
        if (signalled || !out.includes(`✓ ${step} `)) return;
        signalled = true;
        interrupt();
      });
      expect(code).toBe(130);
      expect(err).toContain('on the simulated host:\n  nothing\n');
    },
    20_000,
  );

  test('--help has examples and the exit codes', async () => {
    const { code, out } = await slipway(['create', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('slipway create --bundle examples/web --facts examples/host.json');
    expect(out).toContain('130 interrupted and rolled back');
  });
});
