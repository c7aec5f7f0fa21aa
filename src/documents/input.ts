import type { Allocations } from '../domain/allocations.ts';
import type { HostFacts } from '../domain/host.ts';
import type { Settings } from '../domain/request.ts';
import type { OciSpec } from '../oci/spec.ts';

/** All that a document is made of. */
export interface DocumentInput {
  readonly spec: OciSpec;
  readonly settings: Settings;
  readonly facts: HostFacts;
  readonly allocations: Allocations;
}
