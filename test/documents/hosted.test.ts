import { describe, expect, test } from '@jest/globals';
import { containerDocument } from '../../src/documents/containerDocument.ts';
import { nameToGuid } from '../../src/hcs/simulated/derived.ts';
import { parseDeviceExtension } from '../../src/oci/deviceExtensions.ts';
import { utilityVmImage } from '../../src/oci/hyperv.ts';
import { parentLayers } from '../../src/oci/layers.ts';
import { deviceExtensionPaths } from '../../src/oci/resources.ts';
import { allocationsOf, type HostedCase, hostedCases, situationOf } from '../support/hostedCases.ts';

const successful = (...kinds: readonly string[]) =>
  hostedCases(...kinds)
    .filter(({ expected }) => expected.ok === true)
    .map((one) => [one.name, one] as const);

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

const asJson = (document: object): unknown => JSON.parse(JSON.stringify(document));

function layersOf(one: HostedCase) {
  const { spec } = situationOf(one);
  return parentLayers(spec).map((path) => ({ id: nameToGuid(path.split('\\').at(-1) ?? ''), path }));
}

describe('the document of a container in a VM is the recorded one', () => {
  test.each(successful('xenon', 'lcow'))('%s', (_name, one) => {
    const { spec, settings, facts, evidence } = situationOf(one);
    const extensions = deviceExtensionPaths(spec).map((path) => parseDeviceExtension(evidence.contents[path] ?? ''));
    const allocations = allocationsOf(one, spec.mounts ?? [], spec.linux === undefined ? extensions.map(Object) : []);
    const document = containerDocument(freeze({ spec, settings, facts, allocations }));
    expect(asJson(document)).toEqual(one.expected.document);
  });
});

describe('the document of a container with a VM of its own is the recorded one with what it lacks', () => {
  test.each(successful('v1x'))('%s (rule v1-xenon)', (_name, one) => {
    const { spec, settings, facts, evidence } = situationOf(one);
    const layers = layersOf(one);
    const image = utilityVmImage(spec, evidence);
    const allocations = { layers, mountSources: [], deviceExtensions: [], utilityVmImage: image ?? 'none' };
    const document = containerDocument(freeze({ spec, settings, facts, allocations }));
    expect(asJson(document)).toEqual({
      ...one.expected.document,
      HvPartition: true,
      HvRuntime: { ImagePath: expect.stringMatching(/^C:\\.*\\UtilityVM$/) },
      Layers: layers.map(({ id, path }) => ({ ID: id, Path: path })),
    });
  });
});
