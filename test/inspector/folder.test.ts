import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createProvisioner, fileLedgerStore, type Inspector, startInspector } from '../../src/index.ts';
import { storyOf } from '../../src/inspector/story/storyBuilder.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { hostOfEachTest } from '../support/hostFolder.ts';
import { Looker, tokenOf, until } from '../support/inspecting.ts';
import { removeFolder } from '../support/removeFolder.ts';
import { fullRequest, hostOptions } from '../support/requests.ts';
import { startSlipway } from '../support/slipway.ts';

let folder = '';
const opened: Inspector[] = [];
const lookers: Looker[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-inspector-'));
});
afterEach(async () => {
  for (const looker of lookers.splice(0)) looker.leave();
  for (const one of opened.splice(0)) await one.close();
  await removeFolder(folder);
});

async function inspect(options: Parameters<typeof startInspector>[0], run?: string) {
  const inspector = await startInspector(options);
  opened.push(inspector);
  const looker = await Looker.at(inspector.url, run);
  lookers.push(looker);
  return { inspector, looker };
}

async function oneRun() {
  const host = simulatedHost(hostOptions());
  const provisioner = await createProvisioner({ host, journal: fileLedgerStore(folder) });
  const provision = provisioner.create(fullRequest());
  const { container } = await provision.result;
  return { id: provision.id, container, file: join(folder, `${provision.id}.jsonl`) };
}

describe('the run files of a folder', () => {
  test('are told, and what is appended to them, in a folder that was not there', async () => {
    const later = join(folder, 'later');
    const { looker } = await inspect({ journal: later });
    const host = simulatedHost(hostOptions());
    mkdirSync(later);
    const provisioner = await createProvisioner({ host, journal: fileLedgerStore(later) });
    const provision = provisioner.create(fullRequest());
    const { container } = await provision.result;
    await until(() => looker.runs[0]?.status === 'provisioned');
    const { looker: second } = await inspect({ journal: later }, provision.id);
    await container.release();
    await until(() => looker.runs[0]?.status === 'released' && storyOf(second.lines)?.status === 'released');
    expect(storyOf(second.lines)?.left).toEqual([]);
  });

  test('show a call that has not answered yet', async () => {
    const { looker } = await inspect({ journal: folder });
    const host = simulatedHost(hostOptions());
    host.inject({ call: 'compute.create', when: 'never' });
    const provisioner = await createProvisioner({ host, journal: fileLedgerStore(folder) });
    provisioner.create(fullRequest()).result.catch(() => {});
    await until(() => looker.runs[0]?.waiting.what.includes('compute.create') === true);
    expect(looker.runs[0]?.waiting).toMatchObject({ for: 'call' });
    host.answerPending();
    await provisioner.close();
  });

  test('of a process that is gone are interrupted; a torn line is dropped, and a changed one named', async () => {
    const { file, id } = await oneRun();
    const lines = readFileSync(file, 'utf8').split('\n');
    const half = join(folder, 'half');
    mkdirSync(half);
    const begun = lines.slice(0, lines.length / 2).join('\n');
    // The boot of another machine: none of its processes lives here.
    writeFileSync(join(half, `${id}.jsonl`), `${begun}\n{"type":"note.st`);
    writeFileSync(join(half, 'changed.jsonl'), begun.replace('web-1', 'web-2'));
    const { looker } = await inspect({ journal: half });
    await until(() => looker.runs.length === 1);
    const told = looker.messages.flatMap((message) => (message.type === 'runs' ? (message.problems ?? []) : []));
    expect(told).toMatchObject([{ code: 'run-file-unreadable', message: expect.stringContaining('changed.jsonl') }]);
    const { looker: one } = await inspect({ journal: half }, id);
    await until(() => one.lines.length > 0);
    expect(storyOf(one.lines)?.systemId).toBe('web-1');
    appendFileSync(join(half, `${id}.jsonl`), 'junk\n');
    await until(() => one.messages.some((message) => message.type === 'runs' && message.problems?.length === 2));
  });

  test('that are removed are gone from the list', async () => {
    const { file } = await oneRun();
    const { looker } = await inspect({ journal: folder });
    await until(() => looker.runs.length === 1);
    rmSync(file);
    await until(() => looker.runs.length === 0);
  });
});

describe('one run file', () => {
  test('is shown, and its URL leads to it', async () => {
    const { file, id } = await oneRun();
    const elsewhere = join(folder, 'copy.jsonl');
    copyFileSync(file, elsewhere);
    const { inspector, looker } = await inspect({ file: elsewhere }, id);
    expect(new URL(inspector.url).hash).toBe(`#run=${id}`);
    await until(() => storyOf(looker.lines)?.status === 'provisioned');
  });

  test.each([
    ['that is not there', 'run-file-unreadable', undefined],
    ['that is empty', 'run-file-empty', ''],
    ['that is none', 'run-file-unreadable', '{"hello":1}\n'],
    ['of a newer version', 'run-file-unreadable', '{"type":"header","format":99}\n'],
  ])('%s is an error with a code', async (_, code, text) => {
    const file = join(folder, 'run.jsonl');
    if (text !== undefined) writeFileSync(file, text);
    await expect(startInspector({ file })).rejects.toMatchObject({ code, hint: expect.any(String) });
  });
});

describe('slipway inspect', () => {
  const at = hostOfEachTest();

  async function started(args: readonly string[]) {
    const child = startSlipway(['inspect', '--json', ...args]);
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    await until(() => out.includes('\n') || child.exitCode !== null);
    return { child, ended, out };
  }

  test('shows what slipway create does in another process, and ends with Ctrl-C', async () => {
    const { child, ended, out } = await started(['--host', at.host]);
    const { url } = JSON.parse(out) as { url: string };
    const looker = await Looker.at(url);
    lookers.push(looker);
    const create = startSlipway(['create', '--bundle', 'examples/web', '--host', at.host, '--latency', '150']);
    await until(() => looker.runs[0]?.status === 'provisioned');
    const seen = looker.messages.flatMap((message) => (message.type === 'runs' ? message.runs : []));
    expect(seen.some(({ status }) => status === 'provisioning')).toBe(true);
    await until(() => create.exitCode !== null);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  test('a run by the id of its container, or its file', async () => {
    const create = startSlipway(['create', '--bundle', 'examples/web', '--host', at.host]);
    await until(() => create.exitCode !== null);
    const [file = ''] = readdirSync(join(at.folder, 'runs'));
    for (const args of [['web', '--host', at.host], [join(at.folder, 'runs', file)]]) {
      const { child, ended, out } = await started(args);
      const { url } = JSON.parse(out) as { url: string };
      expect(new URL(url).hash).toBe(`#run=${file.replace('.jsonl', '')}`);
      expect(tokenOf(url)).not.toBe('');
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
  });

  test.each([
    [['nothing', '--host', 'HOST'], 'run-unknown', 2],
    [['--host', 'simulated:memory'], 'nothing-to-inspect', 2],
    [['missing.jsonl'], 'run-file-unreadable', 1],
  ])('%j is refused', async (args, code, exit) => {
    const { ended, out } = await started(args.map((arg) => (arg === 'HOST' ? at.host : arg)));
    expect(await ended).toBe(exit);
    expect(JSON.parse(out)).toMatchObject({ ok: false, fault: { code } });
  });
});
