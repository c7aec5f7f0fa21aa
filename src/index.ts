/// <reference types="node" preserve="true" />
export { redactDocument } from './documents/redact.ts';
export {
  ADMISSION_CLASSES,
  type AdmissionClass,
  type AdmissionLimits,
  CLASS_OF_STEP,
  DEFAULT_ADMISSION,
} from './domain/admission.ts';
export type { Clock } from './domain/clock.ts';
export type {
  ContainerExit,
  ContainerState,
  ExitManner,
  LifeEvent,
  LifeMethod,
  LifeStatus,
} from './domain/containerLife.ts';
export { DEFAULT_DEADLINES, DEFAULT_PATIENCE, type Deadlines, type Patience } from './domain/deadlines.ts';
export type { HostEvent, MachineEvent, ProvisionEvent } from './domain/events.ts';
export type { CodeClass, Fault, HostErrorEvent, HostFailure } from './domain/fault.ts';
export { FAULT_CODES, type FaultCode, type FaultMeaning } from './domain/faultCodes.ts';
export type { Finding } from './domain/finding.ts';
export type { HostFacts } from './domain/host.ts';
export {
  type ContainerId,
  type EndpointId,
  type NamespaceId,
  type ProvisionId,
  provisionId,
  type ResourceId,
  type SystemId,
  type VmId,
} from './domain/ids.ts';
export type { Lifetime } from './domain/lifetime.ts';
export { commandsToLookAt } from './domain/lookAt.ts';
export type { ProcessDetails, SystemStatistics } from './domain/process.ts';
export type { ProvisionStatus } from './domain/provisionStatus.ts';
export type { CreateRequest } from './domain/request.ts';
export {
  describeResource,
  isAlive,
  type LedgerEntry,
  type Resource,
  type ResourceKind,
  type ResourceState,
} from './domain/resource.ts';
export {
  type ContainerStepName,
  type Phase,
  STEPS,
  type StepName,
  VM_STEPS,
  type VmStepName,
} from './domain/step.ts';
export type {
  LinuxVmOptions,
  LinuxVmRequest,
  UtilityVmOptions,
  UtilityVmRequest,
  VmTraits,
  WindowsVmOptions,
  WindowsVmRequest,
} from './domain/utilityVm.ts';
export {
  type CreateVmRequest,
  type PodVmAsked,
  type ShimOptions,
  VM_DEFAULTS,
  type VmDefaults,
} from './domain/vmRequest.ts';
export type { CheckedRequest } from './engine/checking.ts';
export type { CreateOptions, CreateVmOptions, Provisioner, ProvisionerOptions } from './engine/contract.ts';
export type { CancelOutcome, Created, Creating } from './engine/creating.ts';
export {
  HeldUnknown,
  ProvisionConflict,
  ProvisionFault,
  type ReleaseHandle,
  type ReleaseReport,
  ResidueUnknown,
  RunEnded,
  RunInProgress,
  RunUnknown,
  VmInUse,
} from './engine/faults.ts';
export { type HostActorsOptions, hostActors, vmHostActors } from './engine/hostActors.ts';
export type { Inspect, InspectFunction, InspectObserver } from './engine/inspect.ts';
export type { HeldRun, LeftoverWork, Residue } from './engine/leftovers.ts';
export type {
  ConsoleSize,
  ContainerLife,
  ContainerProcess,
  DeleteOptions,
  ExecRequest,
  ProcessExit,
  ProcessState,
  ResourceUpdate,
  ShutdownOptions,
  StartOptions,
  Stdio,
} from './engine/life/contract.ts';
export { LifeFault, LifeRefusal } from './engine/life/refusal.ts';
export type { Container, Provision, Provisioned } from './engine/provision.ts';
export type {
  GivenBack,
  RecoveredRun,
  RecoverOptions,
  Recovery,
  RecoveryAction,
  RecoveryOutcome,
} from './engine/recovering.ts';
export type { StopOptions, UtilityVm, VmProvision, VmProvisioned } from './engine/vmProvision.ts';
export { realClock } from './hcs/clock.ts';
export { HostError, type HostReport } from './hcs/hostError.ts';
export type { Intent } from './hcs/intent.ts';
export type { FfiName } from './hcs/native/ffi/seam.ts';
export { type WindowsHostOptions, windowsHost } from './hcs/native/windowsHost.ts';
export type { HostPort } from './hcs/port.ts';
export type { Processes } from './hcs/processIdentity.ts';
export { createProvisioner, type InspectedOptions, type InspectedProvisioner } from './inspector/createProvisioner.ts';
export { InspectorFailed } from './inspector/failed.ts';
export type { Inspector, InspectorOptions } from './inspector/server/inspector.ts';
export { startInspector } from './inspector/startInspector.ts';
export { fileLedgerStore } from './journal/fileStore.ts';
export { RunFileUnreadable } from './journal/runFile.ts';
export {
  type ContainerRunSummary,
  isContainerRun,
  isOpen,
  isVmRun,
  type RunSummary,
  type StoredRuns,
  type VmRunSummary,
} from './journal/runSummary.ts';
export {
  type AskedOfRun,
  type LedgerRecord,
  type LedgerStore,
  memoryLedgerStore,
  type RunHeader,
  type RunLine,
  type RunNote,
  type RunRecord,
} from './journal/store.ts';
export type { ToldLine } from './journal/tellingStore.ts';
export { JournalUnwritable } from './journal/unwritable.ts';
export { fileVmStore, memoryVmStore, type VmStore } from './journal/vmStore.ts';
export type { ProvisionState, StepState } from './observe/provisionState.ts';
export type { Watchable } from './observe/recorder.ts';
export type { Waiting } from './observe/waiting.ts';
export { redactSpec } from './oci/redact.ts';
export type { OciSpec } from './oci/spec.ts';
