/** The HCS documents of a container: what is left out is absent, never null. */
import type { CredentialGuardState } from '../domain/allocations.ts';

export interface LayerDocument {
  readonly Id: string;
  readonly Path: string;
}

export interface MappedDirectory {
  readonly HostPath?: string;
  readonly ContainerPath?: string;
  readonly ReadOnly?: boolean;
}

export interface MappedPipe {
  readonly ContainerPipeName?: string;
  readonly HostPath?: string;
}

export interface ProcessorDocument {
  readonly Count?: number;
  readonly Maximum?: number;
  readonly Weight?: number;
}

export interface StorageDocument {
  readonly Layers?: readonly LayerDocument[];
  /** The volume of the mounted scratch, with a trailing backslash; in a VM the root of the container. */
  readonly Path?: string;
  readonly QoS?: { readonly IopsMaximum?: number; readonly BandwidthMaximum?: number };
}

export interface NetworkingDocument {
  readonly AllowUnqualifiedDnsQuery?: boolean;
  /** Suffixes with commas between them. */
  readonly DnsSearchList?: string;
  readonly NetworkSharedContainerName?: string;
  readonly Namespace?: string;
}

export interface RegistryValue {
  readonly Key: { readonly Hive: 'System' | 'Software'; readonly Name: string };
  readonly Name: string;
  readonly Type: 'String' | 'DWord';
  readonly StringValue?: string;
  readonly DWordValue?: number;
}

export interface AssignedDevice {
  readonly Type?: 'DeviceInstance';
  readonly InterfaceClassGuid?: string;
  readonly LocationPath?: string;
}

/** Schema 2.1, `Container`. */
export interface ContainerDocument {
  readonly GuestOs?: { readonly HostName: string };
  readonly Storage: StorageDocument;
  readonly MappedDirectories?: readonly MappedDirectory[];
  readonly MappedPipes?: readonly MappedPipe[];
  readonly Memory?: { readonly SizeInMB: number };
  readonly Processor: ProcessorDocument;
  readonly Networking?: NetworkingDocument;
  readonly ContainerCredentialGuard?: CredentialGuardState;
  readonly RegistryChanges: { readonly AddValues: readonly RegistryValue[] };
  readonly AssignedDevices?: readonly AssignedDevice[];
  readonly AdditionalDeviceNamespace?: { readonly device_extension: readonly object[] };
}

/** Schema 2.1, `ComputeSystem`. */
export interface ComputeSystemDocument {
  readonly Owner?: string;
  readonly SchemaVersion: SchemaVersion;
  readonly Container: ContainerDocument;
  readonly ShouldTerminateOnLastHandleClosed: boolean;
}

interface SchemaVersion {
  readonly Major: 2;
  readonly Minor: 1;
}

export interface WindowsHostedSystem {
  readonly SchemaVersion: SchemaVersion;
  readonly Container: ContainerDocument;
}

export interface LinuxHostedSystem {
  readonly SchemaVersion: SchemaVersion;
  /** The folder of the container in the guest. */
  readonly OciBundlePath: string;
  /** The OCI spec with the paths of the guest. */
  readonly OciSpecification: object;
  /** '' when the container has no scratch. */
  readonly ScratchDirPath: string;
}

/** Schema 2.1, `ComputeSystem` of a container in a VM that is there. */
export interface HostedSystemDocument {
  readonly Owner?: string;
  readonly SchemaVersion: SchemaVersion;
  readonly HostingSystemId: string;
  readonly HostedSystem: WindowsHostedSystem | LinuxHostedSystem;
  readonly ShouldTerminateOnLastHandleClosed: boolean;
}

export interface MappedDirectoryV1 {
  readonly HostPath: string;
  readonly ContainerPath: string;
  readonly ReadOnly: boolean;
  readonly BandwidthMaximum: 0;
  readonly IOPSMaximum: 0;
  readonly CreateInUtilityVM: false;
}

/** Schema 1.0, `ContainerConfig`. */
export interface ContainerConfigV1 {
  readonly SystemType: 'Container';
  readonly Name: string;
  readonly Owner?: string;
  /** The volume of the mounted scratch, without a trailing backslash. */
  readonly VolumePath?: string;
  readonly IgnoreFlushesDuringBoot?: boolean;
  readonly LayerFolderPath?: string;
  readonly Layers: ReadonlyArray<{ readonly ID: string; readonly Path: string }>;
  readonly Credentials?: string;
  readonly ProcessorCount?: number;
  readonly ProcessorWeight?: number;
  readonly ProcessorMaximum?: number;
  readonly StorageIOPSMaximum?: number;
  readonly StorageBandwidthMaximum?: number;
  readonly MemoryMaximumInMB?: number;
  readonly HostName?: string;
  readonly MappedDirectories?: readonly MappedDirectoryV1[];
  readonly MappedPipes?: ReadonlyArray<{ readonly HostPath: string; readonly ContainerPipeName: string }>;
  readonly HvPartition: boolean;
  /** What the container's own VM boots from; only with a partition of its own. */
  readonly HvRuntime?: { readonly ImagePath: string };
  readonly NetworkSharedContainerName?: string;
  readonly EndpointList?: readonly string[];
  readonly AllowUnqualifiedDNSQuery?: boolean;
  readonly DNSSearchList?: string;
}
