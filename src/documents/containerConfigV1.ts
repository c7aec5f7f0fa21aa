/** Schema 1.0: a container with process isolation, or with a VM that HCS makes for it. */

import { present } from '../domain/present.ts';
import { hasOwnVm } from '../oci/hyperv.ts';
import { gmsaCredentialSpec, memorySizeInMb, storageQos } from '../oci/resources.ts';
import type { DocumentInput } from './input.ts';
import { mappedDirectoriesV1, mappedPipesV1 } from './mounts.ts';
import { dnsSearchList } from './networking.ts';
import { processorOf } from './processor.ts';
import type { ContainerConfigV1 } from './schema.ts';
import { volumePath } from './storage.ts';

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

/** A VM of its own has the layers mounted in it by HCS, so there is no volume on the host. */
function isolationV1(input: DocumentInput) {
  if (!hasOwnVm(input.spec, input.settings))
    return { HvPartition: false, ...present({ VolumePath: volumePath(input) }) };
  const image = input.allocations.utilityVmImage;
  return { HvPartition: true, ...(image === undefined ? {} : { HvRuntime: { ImagePath: image } }) };
}

export function containerConfigV1(input: DocumentInput): ContainerConfigV1 {
  const { spec, settings, allocations } = input;
  const { windows } = spec;
  return {
    SystemType: 'Container',
    Name: settings.id,
    Layers: allocations.layers.map(({ id, path }) => ({ ID: id, Path: path })),
    ...isolationV1(input),
    ...limitsV1(input),
    ...present({
      Owner: settings.owner,
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
