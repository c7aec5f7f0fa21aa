import type { UtilityVmContext, ValidatedInput, VmGround } from './contract.ts';

/** @throws {RangeError} before `initializing` is done, which no state after it can see. */
export function groundOf({ ground }: UtilityVmContext): VmGround {
  if (ground === null) throw new RangeError('the run is not initialized');
  return ground;
}

/** @throws {RangeError} before `validating` is done, which no state after it can see. */
export function validatedInput(context: UtilityVmContext): ValidatedInput {
  const { provisionId, validated } = context;
  if (validated === null) throw new RangeError('the request is not validated');
  return { provisionId, ground: groundOf(context), validated };
}
