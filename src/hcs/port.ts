/**
 * The host as a create needs it. Every method rejects with a {@link HostError} and with nothing else.
 * A method that acquires something takes an {@link Intent}: the proof that the ledger already knows.
 */
import type { CredentialGuardState, LayerDescriptor } from '../domain/allocations.ts';
import type { GuestProcess, GuestProcessResult } from '../domain/guestProcess.ts';
import type { HostFacts } from '../domain/host.ts';
import type { ContainerId, EndpointId, NamespaceId, VmId } from '../domain/ids.ts';
import type { ModifySettingRequest } from '../domain/modifyRequest.ts';
import type {
  ProcessDetails,
  ProcessParameters,
  ProcessStatus,
  SignalOptions,
  SystemExit,
  SystemStatistics,
} from '../domain/process.ts';
import type { HvSocketRequest } from '../vm/hvSocket.ts';
import type { HnsEndpoint } from '../vm/nicRequests.ts';
import type { Intent } from './intent.ts';

declare const handleBrand: unique symbol;
/** An open handle to a compute system. It is closed once; a v2 system made so ends with its last one. */
export type SystemHandle = number & { readonly [handleBrand]: 'SystemHandle' };
/** An open handle to a process in a compute system. It is closed once; the process lives on without it. */
export type ProcessHandle = number & { readonly [handleBrand]: 'ProcessHandle' };

export interface SystemProperties {
  readonly Id: string;
  readonly SystemType: 'Container' | 'VirtualMachine';
  readonly Owner: string;
  readonly RuntimeId: string;
  readonly State: 'Created' | 'Running' | 'Paused' | 'Stopped';
}

/** computecore.dll: compute systems. */
export interface ComputePort {
  /** HcsCreateComputeSystem, waited for. Rejects with SYSTEM_ALREADY_EXISTS, INVALID_JSON, ... */
  create(intent: Intent<'computeSystem'> | Intent<'utilityVm'>, document: object): Promise<SystemHandle>;
  /** HcsOpenComputeSystem. Rejects with SYSTEM_NOT_FOUND. */
  open(id: ContainerId | VmId): Promise<SystemHandle>;
  /** HcsStartComputeSystem, waited for; of a VM until its guest is connected. */
  start(handle: SystemHandle): Promise<void>;
  /** HcsGetComputeSystemProperties. */
  properties(handle: SystemHandle): Promise<SystemProperties>;
  /** HcsTerminateComputeSystem, waited for until the system has exited. Rejects with SYSTEM_ALREADY_STOPPED. */
  terminate(handle: SystemHandle): Promise<void>;
  /**
   * HcsShutDownComputeSystem: the system is asked to end. That it was accepted is not yet an exit, and may never lead to
   * one. Rejects with SYSTEM_ALREADY_STOPPED, INVALID_STATE.
   */
  shutdown(handle: SystemHandle): Promise<void>;
  /** HcsPauseComputeSystem. Rejects with SYSTEM_NOT_CONFIGURED_FOR_OPERATION, INVALID_STATE. */
  pause(handle: SystemHandle): Promise<void>;
  /** HcsResumeComputeSystem. */
  resume(handle: SystemHandle): Promise<void>;
  /** HcsModifyComputeSystem: the limits of a system that runs. Rejects with INVALID_STATE, ERROR_NOT_SUPPORTED, ... */
  modify(handle: SystemHandle, request: ModifySettingRequest): Promise<void>;
  /** HcsGetComputeSystemProperties, Statistics. Rejects with INVALID_STATE before the start, SYSTEM_ALREADY_STOPPED. */
  statistics(handle: SystemHandle): Promise<SystemStatistics>;
  /** HcsGetComputeSystemProperties, ProcessList. Rejects as `statistics` does. */
  processes(handle: SystemHandle): Promise<readonly ProcessDetails[]>;
  /**
   * Has `told` called once when the system exits (HcsEventSystemExited); the function that is returned ends it. A
   * system that has exited before does not tell: read its State afterwards. Nor does a handle that is closed or dead.
   */
  onExit(handle: SystemHandle, told: (exit: SystemExit) => void): () => void;
  /** HcsCloseComputeSystem. */
  close(handle: SystemHandle): Promise<void>;
}

/** The end of a pipe that is read. Nothing is read ahead: a process whose output nobody reads waits. */
export interface PipeReader {
  /** The next bytes; null at the end. One read at a time. */
  read(): Promise<Uint8Array | null>;
  /** A read on its way finds the end. */
  close(): Promise<void>;
}

/** The end of a pipe that is written. */
export interface PipeWriter {
  /** Resolves when the pipe has taken all of it. Rejects with ERROR_BROKEN_PIPE, ERROR_NO_DATA when nobody reads. */
  write(bytes: Uint8Array): Promise<void>;
  /** What waits to be written still is. */
  close(): Promise<void>;
}

export interface StartedProcess {
  readonly handle: ProcessHandle;
  readonly pid: number;
  /** The pipes that were asked for; a terminal has no `stderr`. */
  readonly stdin?: PipeWriter;
  readonly stdout?: PipeReader;
  readonly stderr?: PipeReader;
}

/** computecore.dll: processes in compute systems. They end with their system: no ledger knows them. */
export interface ProcessesPort {
  /**
   * HcsCreateProcess, waited for. Rejects with INVALID_STATE when the system does not run, SYSTEM_ALREADY_STOPPED,
   * ERROR_FILE_NOT_FOUND, ...
   */
  create(system: SystemHandle, parameters: ProcessParameters): Promise<StartedProcess>;
  /** HcsOpenProcess: without its pipes. Rejects with ERROR_NOT_FOUND, also for one that has exited. */
  open(system: SystemHandle, pid: number): Promise<ProcessHandle>;
  /** HcsGetProcessProperties. */
  properties(process: ProcessHandle): Promise<ProcessStatus>;
  /** HcsSignalProcess. Rejects with PROCESS_ALREADY_STOPPED, ERROR_INVALID_PARAMETER. */
  signal(process: ProcessHandle, options: SignalOptions): Promise<void>;
  /** HcsTerminateProcess. Rejects with PROCESS_ALREADY_STOPPED. */
  terminate(process: ProcessHandle): Promise<void>;
  /** HcsModifyProcess, ConsoleSize. Rejects with PROCESS_ALREADY_STOPPED, E_FAIL where there is no terminal. */
  resize(process: ProcessHandle, rows: number, columns: number): Promise<void>;
  /** HcsModifyProcess, CloseHandle of StdIn: the process reads to an end. */
  closeStdin(process: ProcessHandle): Promise<void>;
  /**
   * Has `told` called once when the process exits (HcsEventProcessExited); the function that is returned ends it. A
   * process that has exited before does not tell: read its properties afterwards.
   */
  onExit(process: ProcessHandle, told: (status: ProcessStatus) => void): () => void;
  /** HcsCloseProcess. */
  close(process: ProcessHandle): Promise<void>;
}

export interface NamespaceProperties {
  readonly id: NamespaceId;
  readonly endpoints: readonly EndpointId[];
  /** The namespace as HCN describes it (HostComputeNamespace): a Windows guest is told of it in these words. */
  readonly settings: object;
}

/** computenetwork.dll: namespaces, and the endpoints in them. */
export interface NetworkPort {
  /** HcnCreateNamespace with the id, owner and name of the intent. */
  createNamespace(intent: Intent<'namespace'>): Promise<void>;
  /** HcnOpenNamespace and HcnQueryNamespaceProperties. Rejects with ERROR_NOT_FOUND. */
  queryNamespace(id: NamespaceId): Promise<NamespaceProperties>;
  /** HcnDeleteNamespace. Rejects with ENTITY_HAS_REFERENCES while endpoints are in it. */
  deleteNamespace(id: NamespaceId): Promise<void>;
  /** HcnModifyNamespace, Add Endpoint. Rejects with ENDPOINT_NOT_FOUND, ENDPOINT_NAMESPACE_ALREADY_EXISTS. */
  addEndpoint(intent: Intent<'namespaceEndpoint'>): Promise<void>;
  /** HcnModifyNamespace, Remove Endpoint. Rejects with ENDPOINT_NOT_ATTACHED. */
  removeEndpoint(namespace: NamespaceId, endpoint: EndpointId): Promise<void>;
  /** The endpoint as the host's network service describes it. Rejects with ENDPOINT_NOT_FOUND. */
  queryEndpoint(id: EndpointId): Promise<HnsEndpoint>;
}

/**
 * The guest of a running utility VM, and what is plugged into that VM for it. Whether HCS carries requests to the
 * guest or a connection of our own does is nobody else's business: a request with a half for the host and a half for
 * the guest is carried out whole, or fails.
 */
export interface GuestPort {
  /** Add or Update. Rejects with SYSTEM_NOT_FOUND, ERROR_ALREADY_EXISTS, ERROR_NOT_FOUND, ... */
  attach(intent: Intent<'vmAttachment'>, request: ModifySettingRequest): Promise<void>;
  /** Remove, or the Update that takes something off. Rejects with ERROR_NOT_FOUND for what is not there. */
  detach(vm: VmId, request: ModifySettingRequest): Promise<void>;
  /** Runs a process to its end. */
  exec(vm: VmId, process: GuestProcess): Promise<GuestProcessResult>;
  /** Creates a container in the VM of the intent; `document` is the whole document with its HostedSystem. */
  createContainer(intent: Intent<'computeSystem'>, document: object): Promise<SystemHandle>;
}

/** The rights of VMs to files of the host (HcsGrantVmAccess, HcsGrantVmGroupAccess, and their inverses). */
export interface VmAccessPort {
  grant(intent: Intent<'vmAccess'>): Promise<void>;
  revoke(vm: VmId, path: string): Promise<void>;
  grantGroup(intent: Intent<'vmGroupAccess'>): Promise<void>;
  revokeGroup(path: string): Promise<void>;
}

/** vmcompute.dll: the layers of a process-isolated container. */
export interface LayersPort {
  /** NameToGuid of a layer's folder name. */
  nameToGuid(name: string): Promise<string>;
  /** CreateSandboxLayer: makes `sandbox.vhdx` in the folder of the intent. */
  createScratch(intent: Intent<'scratchLayer'>, parents: readonly LayerDescriptor[]): Promise<void>;
  /** ActivateLayer: mounts the scratch disk. */
  activate(intent: Intent<'activatedLayer'>): Promise<void>;
  deactivate(path: string): Promise<void>;
  /** PrepareLayer: attaches the filter over an activated layer. */
  prepare(intent: Intent<'preparedLayer'>, parents: readonly LayerDescriptor[]): Promise<void>;
  unprepare(path: string): Promise<void>;
  /** GetLayerMountPath of an activated layer: `\\?\Volume{guid}`, or '' when the host has none to give. */
  mountPath(path: string): Promise<string>;
}

export interface CredentialGuardInstance {
  readonly id: string;
  readonly state: CredentialGuardState;
  /** The service over which a VM reaches the instance; only for the transport HvSocket. */
  readonly hvSocket?: HvSocketRequest;
}

/** HcsModifyServiceSettings and HcsGetServiceProperties, ContainerCredentialGuard. */
export interface CredentialsPort {
  /** AddInstance: over LRPC for process isolation, over HvSocket for a container in a VM. */
  addInstance(
    intent: Intent<'credentialGuard'>,
    credentialSpec: string,
    transport: CredentialGuardState['Transport'],
  ): Promise<void>;
  instances(): Promise<readonly CredentialGuardInstance[]>;
  removeInstance(id: ContainerId): Promise<void>;
}

export interface FilesPort {
  stat(path: string): Promise<'file' | 'directory' | 'missing'>;
  /** The whole file as UTF-8 text. */
  read(path: string): Promise<string>;
  /** Bytes. Rejects with ERROR_FILE_NOT_FOUND. */
  size(path: string): Promise<number>;
  /** `length` bytes from `offset` on; fewer at the end of the file. */
  readBytes(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** Copies a file to the path of the intent, which must be free. */
  copy(intent: Intent<'vmFile'>, from: string): Promise<void>;
  /** GetFinalPathNameByHandle: links followed, with the volume as a GUID path. */
  resolve(path: string): Promise<string>;
  /**
   * Makes the folder of the intent and the missing ones above it, up to the one that the intent says is made first.
   * Rejects with ERROR_PATH_NOT_FOUND when that would not be the first: somebody has removed what it was to lie in.
   */
  createFolder(intent: Intent<'scratchFolder'>): Promise<void>;
  /** Removes one empty folder. Rejects with ERROR_DIR_NOT_EMPTY, ERROR_PATH_NOT_FOUND. */
  removeFolder(path: string): Promise<void>;
  removeFile(path: string): Promise<void>;
}

export interface HostPort {
  /** What this host is, for people: `simulated`, `windows`. */
  readonly name: string;
  readonly compute: ComputePort;
  readonly processes: ProcessesPort;
  readonly network: NetworkPort;
  readonly layers: LayersPort;
  readonly credentials: CredentialsPort;
  readonly guest: GuestPort;
  readonly vmAccess: VmAccessPort;
  readonly files: FilesPort;
  facts(): Promise<HostFacts>;
  /**
   * Has `told` called whenever the Host Compute Service went away (HcsEventServiceDisconnect, of any handle): every
   * handle is dead then, and calls on their way are answered with HCS_E_SERVICE_DISCONNECT, before or after. The
   * function that is returned ends it. Absent for a host that cannot tell: then the answers alone say so.
   */
  onServiceDisconnect?(told: () => void): () => void;
}
