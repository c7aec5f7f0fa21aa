import type { HostedAllocations } from '../domain/allocations.ts';
import { present } from '../domain/present.ts';
import { memorySizeInMb } from '../oci/resources.ts';
import { containerConfigV1 } from './containerConfigV1.ts';
import { assignedDevices, deviceNamespace } from './devices.ts';
import { linuxHostedSystem } from './hostedLinux.ts';
import type { DocumentInput } from './input.ts';
import { mappedDirectories, mappedPipes } from './mounts.ts';
import { networkingOf } from './networking.ts';
import { processorOf } from './processor.ts';
import { registryValues } from './registry.ts';
import type {
  ComputeSystemDocument,
  ContainerConfigV1,
  ContainerDocument,
  HostedSystemDocument,
  LinuxHostedSystem,
  WindowsHostedSystem,
} from './schema.ts';
import { storageOf } from './storage.ts';

function containerOf(input: DocumentInput): ContainerDocument {
  const { spec, allocations } = input;
  const processor = processorOf(input);
  const memory = memorySizeInMb(spec);
  return {
    Storage: storageOf(input),
    Processor: present({ Count: processor.count, Maximum: processor.limit, Weight: processor.weight }),
    RegistryChanges: { AddValues: registryValues(input) },
    ...present({
      GuestOs: (spec.hostname ?? '') === '' ? undefined : { HostName: spec.hostname ?? '' },
      MappedDirectories: mappedDirectories(input),
      MappedPipes: mappedPipes(input),
      Memory: memory > 0 ? { SizeInMB: memory } : undefined,
      Networking: networkingOf(input),
      ContainerCredentialGuard: allocations.credentialGuard,
      AssignedDevices: assignedDevices(input),
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

type Vm = NonNullable<DocumentInput['settings']['vm']>;

function hostedSystemOf(
  input: DocumentInput,
  hosted: HostedAllocations,
  guest: Vm['guest'],
): WindowsHostedSystem | LinuxHostedSystem {
  if (guest === 'linux') return linuxHostedSystem(input, hosted);
  return { SchemaVersion: { Major: 2, Minor: 1 }, Container: containerOf(input) };
}

/** @throws {RangeError} when the allocations do not say where things are in the VM. */
function hostedDocument(input: DocumentInput, vm: Vm): HostedSystemDocument {
  const { hosted } = input.allocations;
  if (hosted === undefined) throw new RangeError(`nothing is known of the container in the VM ${vm.id}`);
  return {
    ...present({ Owner: vm.owner }),
    SchemaVersion: { Major: 2, Minor: 1 },
    HostingSystemId: vm.id,
    HostedSystem: hostedSystemOf(input, hosted, vm.guest),
    ShouldTerminateOnLastHandleClosed: input.settings.lifetime === 'process',
  };
}

/**
 * The document that makes HCS create the container: schema 2.1 `ComputeSystem`, hosted by a VM or not, or schema 1.0
 * `ContainerConfig`, by `settings.vm` and `settings.schema`. Pure: nothing but the input decides.
 */
export function containerDocument(
  input: DocumentInput,
): ComputeSystemDocument | HostedSystemDocument | ContainerConfigV1 {
  const { schema, vm } = input.settings;
  if (vm !== undefined) return hostedDocument(input, vm);
  return schema === 'v1' ? containerConfigV1(input) : computeSystemOf(input);
}
