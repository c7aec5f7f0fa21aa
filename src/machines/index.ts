/// <reference types="node" preserve="true" />
export type {
  ContainerEvent,
  ContainerInput,
  ContainerOutput,
  ContainerRef,
  ContainerTag,
  LifePatience,
  SystemFoundAgain,
} from './container/contract.ts';
export { container } from './container/machine.ts';
export type {
  Allocated,
  CreateContainerEvent,
  CreateContainerInput,
  CreateContainerOutput,
  CreateContainerTag,
  PreparedInput,
  Validated,
} from './createContainer/contract.ts';
export { createContainer } from './createContainer/machine.ts';
export type {
  ProcessEvent,
  ProcessInput,
  ProcessOutcome,
  ProcessRef,
  ReopenedProcess,
} from './process/contract.ts';
export { process } from './process/machine.ts';
export { releaseResource } from './releaseResource.ts';
export { releaseResources } from './releaseResources.ts';
export type {
  RunContext,
  RunEvent,
  RunInput,
  RunOutput,
  RunTag,
  StepInput,
  TakenUp,
  TurnEvent,
  TurnInput,
} from './run/contract.ts';
export type {
  UtilityVmEvent,
  UtilityVmInput,
  UtilityVmOutput,
  ValidatedInput,
  ValidatedVm,
  VmGround,
} from './utilityVm/contract.ts';
export { utilityVm } from './utilityVm/machine.ts';
