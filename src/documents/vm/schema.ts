/** The HCS documents of a utility VM: what is left out is absent, never null. */
import type { RegistryValue } from '../schema.ts';

export interface VmMemoryDocument {
  readonly SizeInMB?: number;
  readonly AllowOvercommit?: boolean;
  readonly EnableHotHint?: boolean;
  readonly EnableDeferredCommit?: boolean;
  readonly EnableColdDiscardHint?: boolean;
  readonly LowMmioGapInMB?: number;
  readonly HighMmioBaseInMB?: number;
  readonly HighMmioGapInMB?: number;
}

export interface VmProcessorDocument {
  readonly Count?: number;
  readonly Limit?: number;
  readonly Weight?: number;
  readonly CpuGroup?: { readonly Id: string };
}

export interface ComputeTopologyDocument {
  readonly Memory: VmMemoryDocument;
  readonly Processor: VmProcessorDocument;
}

export interface UefiDocument {
  readonly BootThis?: {
    readonly DeviceType: 'VmbFs';
    readonly DevicePath: string;
    readonly VmbFsRootPath?: string;
    readonly OptionalData?: string;
  };
  readonly ApplySecureBootTemplate?: 'Apply';
  readonly SecureBootTemplateId?: string;
}

export interface LinuxKernelDirectDocument {
  readonly KernelFilePath: string;
  readonly InitRdPath?: string;
  readonly KernelCmdLine: string;
}

export interface ChipsetDocument {
  readonly Uefi?: UefiDocument;
  readonly LinuxKernelDirect?: LinuxKernelDirectDocument;
}

export interface ScsiAttachment {
  readonly Type: 'VirtualDisk';
  readonly Path: string;
  readonly ReadOnly?: boolean;
}

/** By the place on the controller: a decimal number from 0 to 63. */
export interface ScsiControllerDocument {
  readonly Attachments?: Readonly<Record<string, ScsiAttachment>>;
}

export interface VirtualSmbShare {
  readonly Name: string;
  readonly Path: string;
  readonly Options: {
    readonly ReadOnly?: boolean;
    readonly ShareRead?: boolean;
    readonly CacheIo?: boolean;
    readonly NoDirectmap?: boolean;
    readonly TakeBackupPrivilege?: boolean;
    readonly PseudoOplocks?: boolean;
  };
}

export interface VirtualSmbDocument {
  readonly Shares: readonly VirtualSmbShare[];
  readonly DirectFileMappingInMB: number;
}

export interface VirtualPMemDevice {
  readonly HostPath: string;
  readonly ReadOnly: true;
  readonly ImageFormat: 'Vhd1' | 'Vhdx';
}

export interface VirtualPMemDocument {
  readonly Devices?: Readonly<Record<string, VirtualPMemDevice>>;
  readonly MaximumCount: number;
  readonly MaximumSizeBytes: number;
}

export interface HvSocketService {
  readonly BindSecurityDescriptor: string;
  readonly ConnectSecurityDescriptor: string;
  readonly AllowWildcardBinds: boolean;
}

export interface HvSocketDocument {
  readonly HvSocketConfig: {
    readonly DefaultBindSecurityDescriptor: string;
    readonly DefaultConnectSecurityDescriptor?: string;
    readonly ServiceTable?: Readonly<Record<string, HvSocketService>>;
  };
}

type EmptyDocument = Readonly<Record<string, never>>;

export interface DevicesDocument {
  /** By the id of the controller. */
  readonly Scsi?: Readonly<Record<string, ScsiControllerDocument>>;
  readonly HvSocket: HvSocketDocument;
  readonly VirtualSmb?: VirtualSmbDocument;
  readonly VirtualPMem?: VirtualPMemDocument;
  readonly Plan9?: EmptyDocument;
  readonly ComPorts?: Readonly<Record<string, { readonly NamedPipe: string }>>;
  readonly Keyboard?: EmptyDocument;
  readonly EnhancedModeVideo?: EmptyDocument;
  readonly VideoMonitor?: EmptyDocument;
}

export interface StorageQosDocument {
  readonly IopsMaximum?: number;
  readonly BandwidthMaximum?: number;
}

export interface DebugOptionsDocument {
  readonly BugcheckSavedStateFileName: string;
  readonly BugcheckNoCrashdumpSavedStateFileName: string;
}

export interface GuestStateDocument {
  readonly GuestStateFilePath: string;
  readonly GuestStateFileType: 'FileMode';
  readonly ForceTransientState: true;
}

export interface SecuritySettingsDocument {
  readonly Isolation: { readonly IsolationType: 'SecureNestedPaging'; readonly LaunchData: string };
}

export interface VirtualMachineDocument {
  readonly StopOnReset: true;
  readonly Chipset: ChipsetDocument;
  readonly ComputeTopology: ComputeTopologyDocument;
  readonly Devices: DevicesDocument;
  readonly RegistryChanges?: { readonly AddValues?: readonly RegistryValue[] };
  readonly StorageQoS?: StorageQosDocument;
  readonly DebugOptions?: DebugOptionsDocument;
  readonly GuestState?: GuestStateDocument;
  readonly SecuritySettings?: SecuritySettingsDocument;
}

/** Schema 2.1 or, for a confidential VM, 2.5: `ComputeSystem` with a virtual machine in it. */
export interface VmSystemDocument {
  readonly Owner?: string;
  readonly SchemaVersion: { readonly Major: 2; readonly Minor: 1 | 5 };
  readonly VirtualMachine: VirtualMachineDocument;
  readonly ShouldTerminateOnLastHandleClosed: boolean;
}

/** What is sent to a running VM to change it. */
export interface ModifySettingRequest {
  readonly RequestType: 'Add';
  readonly GuestRequest: {
    readonly RequestType: 'Add';
    readonly ResourceType: string;
    readonly Settings: object;
  };
}
