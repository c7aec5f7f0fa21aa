import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createProvisioner, fileLedgerStore, fileVmStore, startInspector } from '../../src/index.ts';
import { storyOf } from '../../src/inspector/story/storyBuilder.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { Looker, until } from '../support/inspecting.ts';
import { removeFolder } from '../support/removeFolder.ts';
import { faultOf, fullSpec, hostOptions } from '../support/requests.ts';
import { vmHost } from '../support/vmRuns.ts';

/** Words that stand for secrets, each where a secret may be. */
const SECRETS = {
  environment: 'pa55word-of-the-database',
  credentialSpec: 'hash-of-the-gmsa',
  registryString: 'registry-licence-key',
  registryBinary: 'c2VjcmV0LWluLXJlZ2lzdHJ5',
  podEnvironment: 'pa55word-of-the-pod',
} as const;

const spec = {
  ...fullSpec(),
  process: { args: ['web.exe'], cwd: 'C:\\', env: [`DB_PASSWORD=${SECRETS.environment}`, 'PATH=C:\\Windows'] },
  windows: { ...fullSpec().windows, credentialSpec: `{"secret":"${SECRETS.credentialSpec}"}` },
  annotations: {
    'io.microsoft.virtualmachine.wcow.additional-reg-keys': JSON.stringify([
      { Key: { Hive: 'System', Name: 'Software\\X' }, Name: 'k', Type: 'String', StringValue: SECRETS.registryString },
      { Key: { Hive: 'System', Name: 'Software\\X' }, Name: 'b', Type: 'Binary', BinaryValue: SECRETS.registryBinary },
    ]),
  },
};

const podSpec = {
  ...spec,
  process: { ...spec.process, env: [`POD_PASSWORD=${SECRETS.podEnvironment}`] },
  windows: { layerFolders: ['C:\\base', 'C:\\scratch\\pod'], hyperv: {}, credentialSpec: spec.windows.credentialSpec },
};

const found = (text: string): readonly string[] =>
  Object.entries(SECRETS).flatMap(([where, secret]) => (text.includes(secret) ? [where] : []));

describe('a search for the secrets of requests', () => {
  let folder = '';
  const seen: { [what: string]: string } = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-secrets-'));
    const inspected: string[] = [];
    const host = simulatedHost({
      ...vmHost(),
      ...hostOptions(),
      files: [...(vmHost().files ?? []), ...(hostOptions().files ?? [])],
    });
    const journal = fileLedgerStore(join(folder, 'runs'));
    const provisioner = await createProvisioner({
      host,
      journal,
      vms: fileVmStore(join(folder, 'vms')),
      inspect: (event) => void inspected.push(JSON.stringify([event, event.actorRef.getSnapshot?.()])),
    });
    const inspector = await startInspector({ provisioner });
    const fromFiles = await startInspector({ journal: join(folder, 'runs') });
    const told: string[] = [];
    provisioner.lines$.subscribe((line) => told.push(JSON.stringify(line)));
    const events: string[] = [];
    const watch = (run: { events$: { subscribe(next: (event: unknown) => void): unknown } }) =>
      run.events$.subscribe((event) => events.push(JSON.stringify(event)));

    host.inject({ call: 'compute.create', nth: 2, when: 'after' });
    const good = provisioner.create({ id: 'web-1', spec });
    watch(good);
    const { container } = await good.result;
    const bad = provisioner.create({
      id: 'web-2',
      spec: { ...spec, windows: { ...spec.windows, layerFolders: ['C:\\layers\\base', 'C:\\scratch\\w2'] } },
    });
    watch(bad);
    const fault = await faultOf(bad.result);
    const pod = provisioner.createVm({ podSpec, id: 'pod-vm' });
    watch(pod);
    const podEnd = await pod.result.then(String, (error: unknown) => JSON.stringify(error));

    const lookers = [
      await Looker.at(inspector.url, good.id),
      await Looker.at(fromFiles.url, good.id),
      await Looker.at(fromFiles.url, bad.id),
      await Looker.at(fromFiles.url, pod.id),
    ];
    await until(() => lookers.every((looker) => storyOf(looker.lines) !== undefined));
    await container.release();
    await until(() => lookers.slice(0, 2).every((looker) => storyOf(looker.lines)?.status === 'released'));
    Object.assign(seen, {
      messages: lookers.map(({ text }) => text).join('\n'),
      stories: JSON.stringify(lookers.map(({ lines }) => storyOf(lines))),
      inspected: inspected.join('\n'),
      told: told.join('\n'),
      events: events.join('\n'),
      documents: JSON.stringify(host.effects),
      faults: `${JSON.stringify(fault)} ${fault.message} ${podEnd}`,
    });
    for (const looker of lookers) looker.leave();
    await inspector.close();
    await fromFiles.close();
  });

  afterAll(() => removeFolder(folder));

  test('would find them: they are in the request, and in what the host got', () => {
    expect(found(JSON.stringify([spec, podSpec]))).toEqual(Object.keys(SECRETS));
    expect(found(seen.documents ?? '')).toContain('credentialSpec');
  });

  test.each(['messages', 'stories', 'inspected', 'told', 'events', 'faults'])('finds none in the %s', (what) => {
    const text = seen[what] ?? '';
    expect(text.length).toBeGreaterThan(50);
    expect(found(text)).toEqual([]);
  });

  test('finds none in any file that was written', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(2);
    for (const { parentPath, name } of files)
      expect([name, found(readFileSync(join(parentPath, name), 'utf8'))]).toEqual([name, []]);
  });

  test('finds the documents, with something in the place of each secret', () => {
    expect(seen.stories).toContain('DB_PASSWORD=[redacted]');
    expect(seen.stories).toContain('"CredentialSpec":"[redacted]"');
  });
});
