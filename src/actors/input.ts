import type { PreparedInput } from '../machines/createContainer/contract.ts';
import type { OciSpec } from '../oci/spec.ts';

/** The spec that `validating` has parsed and the machine has carried since, opaque to it. */
export function specOf(input: Pick<PreparedInput, 'spec'>): OciSpec {
  return input.spec as OciSpec;
}

/** The last of the layer folders; validation has seen to it that there is one. */
export function scratchFolderOf(input: Pick<PreparedInput, 'spec'>): string {
  const folder = specOf(input).windows?.layerFolders?.at(-1);
  if (folder === undefined) throw new RangeError('the spec has no layer folders');
  return folder;
}
