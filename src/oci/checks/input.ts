import type { HostEvidence, HostFacts } from '../../domain/host.ts';
import type { CreateRequest, Settings } from '../../domain/request.ts';
import type { OciSpec } from '../spec.ts';

/** All that a check may look at. */
export interface ValidationInput {
  readonly request: CreateRequest;
  readonly spec: OciSpec;
  readonly settings: Settings;
  readonly facts: HostFacts;
  readonly evidence: HostEvidence;
}
