export type {
  Allocated,
  CreateContainerEvent,
  CreateContainerInput,
  CreateContainerOutput,
  CreateContainerTag,
  PreparedInput,
  StepInput,
  TakenUp,
  Validated,
} from './createContainer/contract.ts';
export { createContainer } from './createContainer/machine.ts';
export { releaseResource } from './releaseResource.ts';
export { releaseResources } from './releaseResources.ts';
