import type { Allocations } from '../../domain/allocations.ts';
import type { HostFacts } from '../../domain/host.ts';
import type { Settings } from '../../domain/request.ts';
import type { CreateContainerContext, PreparedInput } from './contract.ts';

/** @throws {RangeError} before `initializing` is done, which no state after it can see. */
export function initialized(context: CreateContainerContext): { settings: Settings; facts: HostFacts } {
  const { settings, facts } = context;
  if (settings === null || facts === null) throw new RangeError('the run is not initialized');
  return { settings, facts };
}

export function allocatingInput(context: CreateContainerContext): PreparedInput & { allocations: Allocations } {
  return { ...preparedInput(context), allocations: context.allocations };
}

export function preparedInput(context: CreateContainerContext): PreparedInput {
  return { provisionId: context.provisionId, settings: initialized(context).settings, spec: context.spec };
}
