import { gmsaCredentialSpec, memorySizeInMb, storageQos } from '../oci/resources.ts';
import { assignedDevices, deviceNamespace } from './devices.ts';
import type { DocumentInput } from './input.ts';
import { mappedDirectories, mappedDirectoriesV1, mappedPipes, mappedPipesV1 } from './mounts.ts';
import { dnsSearchList, networkingOf } from './networking.ts';
import { present } from './present.ts';
import { processorOf } from './processor.ts';
import { registryValues } from './registry.ts';
import type { ComputeSystemDocument, ContainerConfigV1, ContainerDocument } from './schema.ts';
import { storageOf, volumePath } from './storage.ts';

function containerOf(input: DocumentInput): ContainerDocument {
  const { spec, allocations } = input;
  const processor = processorOf(input);
  const memory = memorySizeInMb(spec);
  return {
    Storage: storageOf(input),
    Processor: present({ Count: processor.count, Maximum: processor.limit, Weight: processor.weight }),
    RegistryChanges: { AddValues: registryValues(spec) },
    ...present({
      GuestOs: (spec.hostname ?? '') === '' ? undefined : { HostName: spec.hostname ?? '' },
      MappedDirectories: mappedDirectories(input),
      MappedPipes: mappedPipes(input),
      Memory: memory > 0 ? { SizeInMB: memory } : undefined,
      Networking: networkingOf(input),
      ContainerCredentialGuard: allocations.credentialGuard,
      AssignedDevices: assignedDevices(spec),
      AdditionalDeviceNamespace: deviceNamespace(allocations.deviceExtensions),
    }),
  };
}

function computeSystemOf(input: DocumentInput): ComputeSystemDocument {
  const { settings } = input;
  return {
    ...present({ Owner: settings.owner }),
    SchemaVersion: { Major: 2, Minor: 1 },
    Container: containerOf(input),
    ShouldTerminateOnLastHandleClosed: settings.lifetime === 'process',
  };
}

function limitsV1(input: DocumentInput) {
  const processor = processorOf(input);
  const { bandwidth, iops } = storageQos(input.spec);
  return present({
    ProcessorCount: processor.count,
    ProcessorWeight: processor.weight,
    ProcessorMaximum: processor.limit,
    StorageIOPSMaximum: iops,
    StorageBandwidthMaximum: bandwidth,
    MemoryMaximumInMB: memorySizeInMb(input.spec),
  });
}

function containerConfigV1(input: DocumentInput): ContainerConfigV1 {
  const { spec, settings, allocations } = input;
  const { windows } = spec;
  return {
    SystemType: 'Container',
    Name: settings.id,
    Layers: allocations.layers.map(({ id, path }) => ({ ID: id, Path: path })),
    HvPartition: false,
    ...limitsV1(input),
    ...present({
      Owner: settings.owner,
      VolumePath: volumePath(input),
      IgnoreFlushesDuringBoot: windows?.ignoreFlushesDuringBoot,
      LayerFolderPath: windows?.layerFolders?.at(-1),
      Credentials: gmsaCredentialSpec(spec),
      HostName: spec.hostname,
      MappedDirectories: mappedDirectoriesV1(input),
      MappedPipes: mappedPipesV1(input),
      NetworkSharedContainerName: windows?.network?.networkSharedContainerName,
      EndpointList: windows?.network?.endpointList,
      AllowUnqualifiedDNSQuery: windows?.network?.allowUnqualifiedDNSQuery,
      DNSSearchList: dnsSearchList(input),
    }),
  };
}

/**
 * The document that makes HCS create the container: schema 2.1 `ComputeSystem` or schema 1.0 `ContainerConfig`, by
 * `settings.schema`. Pure: nothing but the input decides.
 */
export function containerDocument(input: DocumentInput): ComputeSystemDocument | ContainerConfigV1 {
  return input.settings.schema === 'v1' ? containerConfigV1(input) : computeSystemOf(input);
}
