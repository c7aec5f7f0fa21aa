import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/domain/finding.ts';
import type { HostEvidence } from '../../src/domain/host.ts';
import type { CreateRequest } from '../../src/domain/request.ts';
import { settingsOf } from '../../src/oci/settings.ts';
import { parseSpec } from '../../src/oci/spec.ts';
import { evidenceNeeded, isFollowUp, validateRequest } from '../../src/oci/validate.ts';
import { fc } from '../support/property.ts';

const FACTS = { build: 20348, processorCount: 4 };
const NOTHING: HostEvidence = { paths: {}, contents: {} };
const good = () => ({ windows: { layerFolders: ['C:\\base', 'C:\\scratch'] } });

interface Situation {
  readonly request?: Partial<CreateRequest>;
  readonly build?: number;
  readonly evidence?: HostEvidence;
}

function judge(raw: unknown, { request = {}, build = 20348, evidence = NOTHING }: Situation = {}) {
  const facts = { ...FACTS, build };
  const whole: CreateRequest = { spec: raw, ...request };
  const { spec, findings: malformed } = parseSpec(raw);
  const settings = settingsOf(whole, facts, { owner: 'o', newId: () => 'new' });
  const { findings, warnings } = validateRequest({ request: whole, spec, settings, facts, evidence });
  const all = [...malformed, ...findings.filter((finding) => !isFollowUp(finding, malformed))];
  return { findings: all as readonly Finding[], warnings };
}

const brief = (findings: ReturnType<typeof judge>['findings']) =>
  findings.map(({ code, pointer }) => `${code} ${pointer}`);
const withAnnotations = (annotations: Record<string, string>) => ({ ...good(), annotations });
const withWindows = (windows: object) => ({ windows: { ...good().windows, ...windows } });
const ANNOTATIONS = '/spec/annotations/io.microsoft.container';

describe('a request without fault', () => {
  test('has no findings and no warnings', () => {
    expect(judge(good())).toEqual({ findings: [], warnings: [] });
  });
});

describe('each thing that can be wrong', () => {
  test.each<[string, unknown, Situation]>([
    ['vm-required /spec/linux', { linux: {} }, {}],
    ['vm-required /spec/windows/hyperv', withWindows({ hyperv: {} }), {}],
    ['layers-missing /spec/windows/layerFolders', { windows: {} }, {}],
    ['layers-missing /spec/windows/layerFolders', { windows: { layerFolders: [] } }, {}],
    ['layers-too-few /spec/windows/layerFolders', { windows: { layerFolders: ['C:\\s'] } }, {}],
    ['root-not-a-volume /spec/root/path', { ...good(), root: { path: 'C:\\x' } }, {}],
    ['root-readonly-unsupported /spec/root/readonly', { ...good(), root: { readonly: true } }, {}],
    [
      'container-type-invalid /spec/annotations/io.kubernetes.cri.container-type',
      withAnnotations({ 'io.kubernetes.cri.container-type': 'pod', 'io.kubernetes.cri.sandbox-id': 's' }),
      {},
    ],
    [
      'sandbox-id-missing /spec/annotations/io.kubernetes.cri.container-type',
      withAnnotations({ 'io.kubernetes.cri.container-type': 'sandbox' }),
      {},
    ],
    [
      'container-type-missing /spec/annotations/io.kubernetes.cri.sandbox-id',
      withAnnotations({ 'io.kubernetes.cri.sandbox-id': 's' }),
      {},
    ],
    [
      'cpu-settings-exclusive /spec/windows/resources/cpu',
      withWindows({ resources: { cpu: { count: 1, shares: 2 } } }),
      {},
    ],
    ['out-of-range /spec/windows/resources/cpu/count', withWindows({ resources: { cpu: { count: 2 ** 32 + 2 } } }), {}],
    [
      `out-of-range ${ANNOTATIONS}.storage.qos.iopsmaximum`,
      withAnnotations({ 'io.microsoft.container.storage.qos.iopsmaximum': '9999999999' }),
      {},
    ],
    ['out-of-range /spec/windows/resources/cpu/maximum', withWindows({ resources: { cpu: { maximum: 70_000 } } }), {}],
    ['out-of-range /spec/windows/resources/cpu/count', withWindows({ resources: { cpu: { count: -1 } } }), {}],
    [
      'gmsa-disabled /spec/windows/credentialSpec',
      { ...withWindows({ credentialSpec: '{}' }), annotations: { 'io.microsoft.container.wcow.gmsa.disable': 'TRUE' } },
      {},
    ],
    [
      'endpoint-id-invalid /spec/windows/network/endpointList/1',
      withWindows({ network: { endpointList: ['1b2f4a5e-7c3d-4e8f-9a0b-2c4d6e8f0a1b', 'ep'] } }),
      {},
    ],
    [
      'dump-type-invalid /spec/annotations/io.microsoft.wcow.processdumptype',
      withAnnotations({
        'io.microsoft.container.processdumplocation': 'C:\\d',
        'io.microsoft.wcow.processdumptype': 'huge',
      }),
      {},
    ],
    ['mount-incomplete /spec/mounts/0/destination', { ...good(), mounts: [{ source: 'C:\\a' }] }, {}],
    [
      'mount-type-unsupported /spec/mounts/0/type',
      { ...good(), mounts: [{ source: 'C:\\a', destination: 'C:\\b', type: 'nfs' }] },
      {},
    ],
    [
      'mount-source-missing /spec/mounts/0/source',
      { ...good(), mounts: [{ source: 'C:\\a', destination: 'C:\\b' }] },
      { evidence: { paths: { 'C:\\a': 'missing' }, contents: {} } },
    ],
    [
      'named-pipes-unsupported /spec/mounts/0/source',
      { ...good(), mounts: [{ source: '\\\\.\\pipe\\a', destination: '\\\\.\\pipe\\a' }] },
      { build: 15063 },
    ],
    ['device-type-unsupported /spec/windows/devices/0/idType', withWindows({ devices: [{ id: 'x' }] }), {}],
    [
      `device-extension-missing ${ANNOTATIONS}.wcow.deviceextensions`,
      withAnnotations({ 'io.microsoft.container.wcow.deviceextensions': 'C:\\e' }),
      { evidence: { paths: { 'C:\\e': 'missing' }, contents: {} } },
    ],
    [
      `device-extension-invalid ${ANNOTATIONS}.wcow.deviceextensions`,
      withAnnotations({ 'io.microsoft.container.wcow.deviceextensions': 'C:\\e' }),
      { evidence: { paths: { 'C:\\e': 'file' }, contents: { 'C:\\e': 'not json' } } },
    ],
    [
      `device-extensions-unsupported ${ANNOTATIONS}.wcow.deviceextensions`,
      withAnnotations({ 'io.microsoft.container.wcow.deviceextensions': 'C:\\e' }),
      { build: 19041 },
    ],
    ['id-invalid /id', good(), { request: { id: 'a\\b' } }],
    ['id-invalid /id', good(), { request: { id: '  ' } }],
    ['network-namespace-invalid /networkNamespace', good(), { request: { networkNamespace: 'mine' } }],
    ['lifetime-invalid /lifetime', good(), { request: { lifetime: 'forever' as never } }],
    ['deadline-invalid /deadlines/networking', good(), { request: { deadlines: { networking: -1 } } }],
    ['deadline-invalid /deadlines/dancing', good(), { request: { deadlines: { dancing: 1 } as never } }],
    ['spec-invalid-type /spec/mounts', { ...good(), mounts: {} }, {}],
    ['spec-invalid-type /spec/windows/layerFolders/1', { windows: { layerFolders: ['a', 7, 'c'] } }, {}],
  ])('%s', (expected, spec, situation) => {
    const { findings } = judge(spec, situation);
    expect(brief(findings)).toEqual([expected]);
    const [finding] = findings;
    expect(finding?.message).not.toBe('');
    expect(finding?.hint).not.toBe('');
  });

  test.each([
    ['annotation-unparsable', withAnnotations({ 'io.microsoft.container.processor.count': '2.0' })],
    ['annotation-unparsable', withAnnotations({ 'io.microsoft.container.wcow.gmsa.disable': 'yes' })],
    ['processor-count-clamped', withWindows({ resources: { cpu: { count: 64 } } })],
    ['processor-limit-out-of-range', withWindows({ resources: { cpu: { maximum: 20_000 } } })],
    ['credential-spec-ignored', withWindows({ credentialSpec: { secret: 1 } })],
  ])('a warning: %s', (code, spec) => {
    const { findings, warnings } = judge(spec);
    expect(findings).toEqual([]);
    expect(warnings.map((warning) => warning.code)).toEqual([code]);
  });

  test('a warning: schema-version-ignored', () => {
    const { warnings } = judge(good(), { request: { schemaVersion: { major: 3, minor: 0 } } });
    expect(brief(warnings)).toEqual(['schema-version-ignored /schemaVersion']);
  });
});

test('without a windows section there are no layers either', () => {
  expect(brief(judge({}).findings)).toEqual([
    'windows-section-missing /spec/windows',
    'layers-missing /spec/windows/layerFolders',
  ]);
});

describe('many things at once', () => {
  test('are all found, and what follows from a wrong type is not found twice', () => {
    const { findings } = judge({
      root: { readonly: true },
      mounts: [{ source: 7, destination: 'C:\\x', type: 'nfs' }],
      windows: { layerFolders: 'C:\\base', devices: [{ id: 'x', idType: 'gpu' }] },
    });
    expect(brief(findings)).toEqual([
      'spec-invalid-type /spec/mounts/0/source',
      'spec-invalid-type /spec/windows/layerFolders',
      'root-readonly-unsupported /spec/root/readonly',
      'mount-type-unsupported /spec/mounts/0/type',
      'device-type-unsupported /spec/windows/devices/0/idType',
    ]);
  });

  test('no message has a secret in it', () => {
    const { findings, warnings } = judge({
      process: { env: ['PASSWORD=hunter2'] },
      windows: { credentialSpec: 'hunter2', layerFolders: [] },
      annotations: { 'io.microsoft.container.wcow.gmsa.disable': 'true' },
    });
    expect(findings.length).toBeGreaterThan(1);
    expect(JSON.stringify([findings, warnings])).not.toContain('hunter2');
  });
});

describe('whatever comes', () => {
  test('nothing throws and nothing is written to', () => {
    const shapes = fc.oneof(
      fc.jsonValue(),
      fc.record({ windows: fc.jsonValue(), mounts: fc.jsonValue(), annotations: fc.jsonValue(), root: fc.jsonValue() }),
      fc.record({
        mounts: fc.array(fc.record({ source: fc.jsonValue(), type: fc.jsonValue() })),
        windows: fc.record({ layerFolders: fc.jsonValue(), resources: fc.jsonValue() }),
      }),
    );
    fc.assert(
      fc.property(shapes, (raw) => {
        const before = JSON.stringify(raw);
        const { findings } = judge(raw);
        evidenceNeeded(parseSpec(raw).spec);
        expect(JSON.stringify(raw)).toBe(before);
        expect(findings.every(({ pointer }) => pointer.startsWith('/spec'))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
