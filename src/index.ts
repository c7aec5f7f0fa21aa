export { redactDocument } from './documents/redact.ts';
export type { Clock } from './domain/clock.ts';
export { DEFAULT_DEADLINES, DEFAULT_PATIENCE, type Deadlines, type Patience } from './domain/deadlines.ts';
export type { HostEvent, MachineEvent, ProvisionEvent } from './domain/events.ts';
export type { CodeClass, Fault, HostFailure } from './domain/fault.ts';
export type { Finding } from './domain/finding.ts';
export type { HostFacts } from './domain/host.ts';
export {
  type ContainerId,
  type EndpointId,
  type NamespaceId,
  type ProvisionId,
  provisionId,
  type ResourceId,
} from './domain/ids.ts';
export type { Lifetime } from './domain/lifetime.ts';
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
export { type Phase, STEPS, type StepName } from './domain/step.ts';
export {
  ProvisionConflict,
  ProvisionFault,
  type ReleaseHandle,
  type ReleaseReport,
  RunInProgress,
  RunUnknown,
} from './engine/faults.ts';
export { type HostActorsOptions, hostActors } from './engine/hostActors.ts';
export type { Inspect, InspectedTransition } from './engine/inspect.ts';
export type { CancelOutcome, Container, Provision, Provisioned } from './engine/provision.ts';
export {
  type CreateOptions,
  createProvisioner,
  type Provisioner,
  type ProvisionerOptions,
} from './engine/provisioner.ts';
export type { Waiting } from './engine/waiting.ts';
export type { HostPort } from './hcs/port.ts';
export { fileLedgerStore, RunFileUnreadable } from './journal/fileStore.ts';
export { isOpen, type RunSummary, type StoredRuns } from './journal/runSummary.ts';
export { type LedgerRecord, type LedgerStore, memoryLedgerStore, type RunRecord } from './journal/store.ts';
export { fileVmStore, memoryVmStore, type VmStore } from './journal/vmStore.ts';
export type { ProvisionState, StepState } from './observe/provisionState.ts';
export type { Watchable } from './observe/recorder.ts';
export { redactSpec } from './oci/redact.ts';
export type { OciSpec } from './oci/spec.ts';
