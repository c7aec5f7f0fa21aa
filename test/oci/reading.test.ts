import { describe, expect, test } from '@jest/globals';
import { ANNOTATION, booleanAnnotation, listAnnotation, unsignedAnnotation } from '../../src/oci/annotations.ts';
import { parseDeviceExtension } from '../../src/oci/deviceExtensions.ts';
import { planSteps } from '../../src/oci/plan.ts';
import { redactSpec } from '../../src/oci/redact.ts';
import { memorySizeInMb, processorSettings, storageQos } from '../../src/oci/resources.ts';
import { settingsOf } from '../../src/oci/settings.ts';

const annotated = (value: string, name: string = ANNOTATION.processorCount) => ({ annotations: { [name]: value } });
const DEFAULTS = { owner: 'the owner', newId: () => 'new-id' };

describe('annotations', () => {
  test.each([
    ['0', { value: 0 }],
    ['007', { value: 7 }],
    ['18446744073709551615', { value: 2 ** 64 }],
    ['18446744073709551616', 'unparsable'],
    ['', 'unparsable'],
    ['+1', 'unparsable'],
    ['-1', 'unparsable'],
    [' 1', 'unparsable'],
    ['0x10', 'unparsable'],
    ['1e3', 'unparsable'],
    ['1_000', 'unparsable'],
  ])('%j as a number', (text, parsed) => {
    expect(unsignedAnnotation(annotated(text), ANNOTATION.processorCount)).toEqual(parsed);
  });

  test.each([
    ['true', { value: true }],
    ['False', { value: false }],
    ['1', 'unparsable'],
    ['', 'unparsable'],
  ])('%j as a boolean', (text, parsed) => {
    expect(booleanAnnotation(annotated(text, ANNOTATION.disableGmsa), ANNOTATION.disableGmsa)).toEqual(parsed);
  });

  test('lists are split at every comma; an absent one is empty', () => {
    expect(listAnnotation(annotated('a,,b', ANNOTATION.deviceExtensions), ANNOTATION.deviceExtensions)).toEqual([
      'a',
      '',
      'b',
    ]);
    expect(listAnnotation({}, ANNOTATION.deviceExtensions)).toEqual([]);
  });

  test('come before the spec, unless they are zero or cannot be read', () => {
    const spec = (count: string) => ({ ...annotated(count), windows: { resources: { cpu: { count: 3 } } } });
    expect(processorSettings(spec('5')).count).toBe(5);
    expect(processorSettings(spec('0')).count).toBe(3);
    expect(processorSettings(spec('five')).count).toBe(3);
  });
});

test('memory is in whole megabytes, storage as it is', () => {
  expect(memorySizeInMb({ windows: { resources: { memory: { limit: 3 * 1024 * 1024 - 1 } } } })).toBe(2);
  expect(memorySizeInMb({ windows: { resources: { memory: { limit: 1000 } } } })).toBe(0);
  expect(storageQos({ windows: { resources: { storage: { bps: 5, iops: 6 } } } })).toEqual({ bandwidth: 5, iops: 6 });
});

describe('settings', () => {
  test.each([
    [undefined, 17763, 'v2'],
    [undefined, 17134, 'v1'],
    [{ major: 1, minor: 0 }, 20348, 'v1'],
    [{ major: 2, minor: 1 }, 17134, 'v1'],
    [{ major: 2, minor: 5 }, 20348, 'v2'],
    [{ major: 2, minor: 5 }, 17134, 'v1'],
    [{ major: 3, minor: 0 }, 20348, 'v2'],
  ] as const)('schema %j on build %i is %s', (schemaVersion, build, schema) => {
    expect(settingsOf({ spec: {}, schemaVersion }, { build, processorCount: 1 }, DEFAULTS).schema).toBe(schema);
  });

  test('have every default, and take both names of keepOnFailure', () => {
    const facts = { build: 20348, processorCount: 1 };
    expect(settingsOf({ spec: {} }, facts, DEFAULTS)).toEqual({
      id: 'new-id',
      owner: 'the owner',
      schema: 'v2',
      networkNamespace: '',
      keepOnFailure: false,
      lifetime: 'process',
      scaleCpuLimitsToVm: false,
    });
    expect(settingsOf({ spec: {}, keepOnFailure: true }, facts, DEFAULTS).keepOnFailure).toBe(true);
    expect(settingsOf({ spec: {}, doNotReleaseResourcesOnFailure: true }, facts, DEFAULTS).keepOnFailure).toBe(true);
  });
});

test('a plan skips for schema 1.0 what goes into its document', () => {
  const settings = settingsOf({ spec: {} }, { build: 17134, processorCount: 1 }, DEFAULTS);
  const spec = { windows: { network: {}, credentialSpec: '{}' }, root: { path: 'x' } };
  const skipped = planSteps(spec, settings).flatMap((planned) => (planned.applies ? [] : planned.step));
  expect(skipped).toEqual([
    'installingDrivers',
    'networking',
    'mountingLayers',
    'resolvingMounts',
    'creatingCredentials',
    'assigningDevices',
    'reinstallingDrivers',
  ]);
});

describe('device extensions', () => {
  test.each([
    ['{}', {}],
    ['null', {}],
    ['{"Namespace": {"Other": 1}}', { namespace: {} }],
    [
      '{"namespace": {"device": {"Requires_Driverstore": true, "device_category": [{"name": "d", "interface_class": []}]}}}',
      { namespace: { device: { requires_driverstore: true, device_category: [{ name: 'd' }] } } },
    ],
    [
      '{"namespace": {"ob": {"objdir": [{"name": "a", "objdir": [{"name": "b"}]}]}}}',
      { namespace: { ob: { objdir: [{ name: 'a', objdir: [{ name: 'b' }] }] } } },
    ],
    ['{"namespace": 7}', undefined],
    ['[]', undefined],
    ['{', undefined],
  ])('%s', (text, parsed) => expect(parseDeviceExtension(text)).toEqual(parsed));
});

test('a redacted spec has the names of its environment and none of its secrets', () => {
  const spec = {
    process: { args: ['x'], env: ['TOKEN=hunter2', 'EMPTY'] },
    windows: { credentialSpec: 'hunter2', layerFolders: ['a'] },
  };
  expect(redactSpec(spec)).toEqual({
    process: { args: ['x'], env: ['TOKEN=[redacted]', 'EMPTY=[redacted]'] },
    windows: { credentialSpec: '[redacted]', layerFolders: ['a'] },
  });
  expect(redactSpec('text')).toBe('text');
});
