import { processorSettings } from '../oci/resources.ts';
import type { DocumentInput } from './input.ts';

export interface Processor {
  readonly count: number;
  readonly limit: number;
  readonly weight: number;
}

/** A count above what the host has becomes what it has; limit and weight go as they are. */
export function processorOf({ spec, facts }: DocumentInput): Processor {
  const { count, limit, weight } = processorSettings(spec);
  return { count: Math.min(count, facts.processorCount), limit, weight };
}
