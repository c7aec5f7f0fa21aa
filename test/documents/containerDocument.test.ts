import { describe, expect, test } from '@jest/globals';
import { containerDocument } from '../../src/documents/containerDocument.ts';
import { redactDocument } from '../../src/documents/redact.ts';
import type { Allocations } from '../../src/domain/allocations.ts';
import type { CreateRequest } from '../../src/domain/request.ts';
import { settingsOf } from '../../src/oci/settings.ts';
import { parseSpec } from '../../src/oci/spec.ts';

const FACTS = { build: 20348, processorCount: 4 };
const VOLUME = '\\\\?\\Volume{4c2fb4d4-7a34-4d31-9c36-4ea6a1b5a8d2}';
const ALLOCATIONS: Allocations = {
  layers: [{ id: 'layer-id', path: 'C:\\base' }],
  mountSources: [],
  deviceExtensions: [],
  volumePath: VOLUME,
};

interface Options {
  readonly request?: Partial<CreateRequest>;
  readonly allocations?: Partial<Allocations>;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

function documentOf(spec: object, { request = {}, allocations = {} }: Options = {}): Record<string, unknown> {
  const input = freeze({
    spec: parseSpec(spec).spec,
    settings: settingsOf({ id: 'c1', spec, ...request }, FACTS, { owner: 'owner', newId: () => 'new' }),
    facts: FACTS,
    allocations: { ...ALLOCATIONS, ...allocations },
  });
  const document = containerDocument(input);
  expect(containerDocument(input)).toEqual(document);
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  return { ...document };
}

const windows = (fields: object = {}) => ({ windows: { layerFolders: ['C:\\base', 'C:\\scratch'], ...fields } });
const WAIT = {
  Key: { Hive: 'System', Name: 'ControlSet001\\Control' },
  Name: 'WaitToKillServiceTimeout',
  Type: 'String',
  StringValue: '2147483647',
};
const PLAIN = {
  Storage: { Layers: [{ Id: 'layer-id', Path: 'C:\\base' }], Path: `${VOLUME}\\` },
  Processor: {},
  RegistryChanges: { AddValues: [WAIT] },
};
const container = (spec: object, options?: Options) => documentOf(spec, options).Container;

describe('schema 2.1', () => {
  test('the least', () => {
    expect(documentOf(windows())).toEqual({
      Owner: 'owner',
      SchemaVersion: { Major: 2, Minor: 1 },
      Container: PLAIN,
      ShouldTerminateOnLastHandleClosed: true,
    });
  });

  test('a container that outlives its process', () => {
    expect(documentOf(windows(), { request: { lifetime: 'host' } }).ShouldTerminateOnLastHandleClosed).toBe(false);
  });

  test.each([
    [{ cpu: { count: 2 } }, { Processor: { Count: 2 } }],
    [{ cpu: { count: 64 } }, { Processor: { Count: 4 } }],
    [{ cpu: { maximum: 20_000 } }, { Processor: { Maximum: 20_000 } }],
    [{ cpu: { shares: 7 } }, { Processor: { Weight: 7 } }],
    [{ memory: { limit: 2 ** 31 } }, { Memory: { SizeInMB: 2048 } }],
    [{ memory: { limit: 1 } }, {}],
    [{ storage: { iops: 3 } }, { Storage: { ...PLAIN.Storage, QoS: { IopsMaximum: 3 } } }],
    [{ storage: { bps: 4, iops: 3 } }, { Storage: { ...PLAIN.Storage, QoS: { BandwidthMaximum: 4, IopsMaximum: 3 } } }],
  ])('resources %j', (resources, expected) => {
    expect(container(windows({ resources }))).toEqual({ ...PLAIN, ...expected });
  });

  test('the network: namespace, DNS, a shared container', () => {
    const network = {
      DNSSearchList: ['a.b', 'c.d'],
      allowUnqualifiedDNSQuery: true,
      networkSharedContainerName: 'other',
    };
    expect(container(windows({ network }), { allocations: { networkNamespace: 'ns' as never } })).toEqual({
      ...PLAIN,
      Networking: {
        AllowUnqualifiedDnsQuery: true,
        DnsSearchList: 'a.b,c.d',
        NetworkSharedContainerName: 'other',
        Namespace: 'ns',
      },
    });
  });

  test('mounts and pipes, each in its list, by resolved path', () => {
    const mounts = [
      { source: 'C:\\a', destination: 'C:\\x', options: ['RO'] },
      { source: '\\\\.\\pipe\\p', destination: '\\\\.\\pipe\\q' },
      { source: 'C:\\b', destination: 'C:\\y' },
    ];
    expect(container({ ...windows(), mounts }, { allocations: { mountSources: ['V\\a', null, 'V\\b'] } })).toEqual({
      ...PLAIN,
      MappedDirectories: [
        { HostPath: 'V\\a', ContainerPath: 'C:\\x', ReadOnly: true },
        { HostPath: 'V\\b', ContainerPath: 'C:\\y' },
      ],
      MappedPipes: [{ ContainerPipeName: 'q', HostPath: '\\\\.\\pipe\\p' }],
    });
  });

  test('credentials, devices, device extensions, host name, dumps', () => {
    const guard = { Cookie: 'c', RpcEndpoint: 'r', Transport: 'LRPC' as const, CredentialSpec: 's' };
    const devices = [
      { id: 'G', idType: 'class' },
      { id: 'H', idType: 'vpci-class-guid' },
      { id: 'P', idType: 'vpci-location-path' },
    ];
    const annotations = {
      'io.microsoft.container.processdumplocation': 'C:\\d',
      'io.microsoft.wcow.processdumptype': 'mini',
    };
    const dumps = { Hive: 'Software', Name: 'Microsoft\\Windows\\Windows Error Reporting\\LocalDumps' };
    expect(
      container(
        { ...windows({ devices }), hostname: 'h', annotations },
        { allocations: { credentialGuard: guard, deviceExtensions: [{}] } },
      ),
    ).toEqual({
      ...PLAIN,
      GuestOs: { HostName: 'h' },
      ContainerCredentialGuard: guard,
      AssignedDevices: [
        { InterfaceClassGuid: 'G' },
        { InterfaceClassGuid: 'H' },
        { Type: 'DeviceInstance', LocationPath: 'P' },
      ],
      AdditionalDeviceNamespace: { device_extension: [{}] },
      RegistryChanges: {
        AddValues: [
          WAIT,
          { Key: dumps, Name: 'DumpFolder', Type: 'String', StringValue: 'C:\\d' },
          { Key: dumps, Name: 'DumpType', Type: 'DWord', DWordValue: 1 },
        ],
      },
    });
  });

  test.each([VOLUME, `${VOLUME}\\`])('a root that is given (%s) is used with one backslash', (path) => {
    const { volumePath: _, ...allocations } = ALLOCATIONS;
    const input = {
      spec: parseSpec({ ...windows(), root: { path } }).spec,
      settings: settingsOf({ spec: {} }, FACTS, { owner: 'o', newId: () => 'n' }),
      facts: FACTS,
      allocations,
    };
    expect(containerDocument(input)).toMatchObject({ Container: { Storage: { Path: `${VOLUME}\\` } } });
  });
});

describe('schema 1.0', () => {
  const request = { schemaVersion: { major: 1, minor: 0 } };
  const V1 = {
    SystemType: 'Container',
    Name: 'c1',
    Owner: 'owner',
    VolumePath: VOLUME,
    LayerFolderPath: 'C:\\scratch',
    Layers: [{ ID: 'layer-id', Path: 'C:\\base' }],
    HvPartition: false,
  };

  test('the least', () => expect(documentOf(windows(), { request })).toEqual(V1));

  test('everything', () => {
    const spec = {
      hostname: 'h',
      mounts: [
        { source: 'C:\\a', destination: 'C:\\x' },
        { source: '\\\\.\\pipe\\p', destination: '\\\\.\\pipe\\q' },
      ],
      ...windows({
        credentialSpec: 's',
        ignoreFlushesDuringBoot: true,
        devices: [{ id: 'x', idType: 'bogus' }],
        resources: { cpu: { maximum: 5000 }, memory: { limit: 2 ** 21 }, storage: { bps: 1, iops: 2 } },
        network: {
          endpointList: ['e'],
          DNSSearchList: ['d'],
          allowUnqualifiedDNSQuery: true,
          networkSharedContainerName: 'n',
        },
      }),
    };
    expect(documentOf(spec, { request, allocations: { mountSources: ['V\\a', null] } })).toEqual({
      ...V1,
      IgnoreFlushesDuringBoot: true,
      Credentials: 's',
      ProcessorMaximum: 5000,
      MemoryMaximumInMB: 2,
      StorageBandwidthMaximum: 1,
      StorageIOPSMaximum: 2,
      HostName: 'h',
      MappedDirectories: [
        {
          HostPath: 'C:\\a',
          ContainerPath: 'C:\\x',
          ReadOnly: false,
          BandwidthMaximum: 0,
          IOPSMaximum: 0,
          CreateInUtilityVM: false,
        },
      ],
      MappedPipes: [{ HostPath: '\\\\.\\pipe\\p', ContainerPipeName: 'q' }],
      EndpointList: ['e'],
      DNSSearchList: 'd',
      AllowUnqualifiedDNSQuery: true,
      NetworkSharedContainerName: 'n',
    });
  });
});

test('a redacted document has no secret', () => {
  const guard = { Cookie: 'hunter2', RpcEndpoint: 'r', Transport: 'LRPC' as const, CredentialSpec: 'hunter2' };
  const v2 = redactDocument(documentOf(windows(), { allocations: { credentialGuard: guard } }));
  const v1 = redactDocument(
    documentOf(windows({ credentialSpec: 'hunter2' }), { request: { schemaVersion: { major: 1, minor: 0 } } }),
  );
  expect(JSON.stringify([v1, v2])).not.toMatch(/hunter2|2147483647/);
  expect(v2).toMatchObject({ Container: { ContainerCredentialGuard: { RpcEndpoint: 'r', Cookie: '[redacted]' } } });
});
